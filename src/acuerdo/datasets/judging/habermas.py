"""The Habermas Machine's published data as judgements and comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, groupby
from pathlib import Path
from typing import Final, Literal

from acuerdo.datasets.judging.habermas_rows import (
    COMPARISONS,
    PERSON,
    POSITIONS,
    RatedCandidate,
    agreement,
    read_rated_candidates,
    read_rows,
    where,
)
from acuerdo.datasets.judging.splits import Splits
from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.domain.text import canonical, comparable

SOURCE: Final = "habermas"
LICENCE: Final = "CC BY 4.0"

_POSITION_COLUMNS: Final = (
    "launch_id",
    "worker_id",
    "metadata.participant_id",
    "metadata.provenance",
    "metadata.version",
    "question.id",
    "question.text",
    "question.affirming_statement",
    "rating_index",
    "ratings.agreement",
)


def read_habermas(folder: Path) -> Judgements:
    """Read hm_all_candidate_comparisons.parquet, on the scale "agreement".

    A row is a person and a candidate written by a model, cleaned as by `read_rated_candidates`.
    The conversation is the question's id; the person is the worker, who may have taken part
    several times. Raises InputError naming file, row and column, SettingsError without pyarrow.
    """
    return Judgements.of(
        [
            Judgement(
                source=SOURCE,
                licence=LICENCE,
                conversation=row.question_id,
                language="en",
                question=row.question,
                context="",
                person=row.worker,
                opinion=row.opinion,
                statement=row.text,
                value=row.agreement,
                scale="agreement",
            )
            for row in read_rated_candidates(folder)
        ]
    )


def read_habermas_rankings(folder: Path) -> tuple[Comparison, ...]:
    """Read the rankings of the same file as comparisons of every two ranked candidates.

    The value is the difference in rank as a share of the largest one on that ballot: best against
    worst is 1, neighbours among four are 1/3, ties are 0.
    """
    ballots = groupby(read_rated_candidates(folder), key=lambda row: row.ballot)
    return tuple(found for _, ballot in ballots for found in _compared(tuple(ballot)))


def read_habermas_positions(folder: Path, *, when: Literal["before", "after"]) -> Judgements:
    """Read hm_all_position_statement_ratings.parquet: agreement with the affirming statement.

    `when` is before or after people discussed. Opinions come from the candidate comparisons
    (joined by version, launch, participant and question); ratings of people without one are left
    out, as are mock ones.
    """
    opinions = _opinions(folder)
    path = folder / POSITIONS
    index = {"before": 0, "after": 1}[when]
    rows = []
    for place, row in enumerate(read_rows(path, _POSITION_COLUMNS)):
        ratings = row["ratings.agreement"]
        if not isinstance(ratings, list) or len(ratings) != 1:
            raise InputError(
                "this is not a list of one rating",
                where=where(path, place, "ratings.agreement"),
                fix="Use the file as it was published.",
            )
        value = agreement(ratings[0], path, place)
        participant = str(row["metadata.participant_id"])
        key = (row["metadata.version"], row["launch_id"], participant, row["question.id"])
        opinion = opinions.get(key, "")
        if row["rating_index"] != index or row["metadata.provenance"] != PERSON:
            continue
        if value is None or not opinion:
            continue
        rows.append(
            Judgement(
                source=SOURCE,
                licence=LICENCE,
                conversation=str(row["question.id"]),
                language="en",
                question=" ".join(canonical(str(row["question.text"])).split()),
                context="",
                person=str(row["worker_id"] or participant),
                opinion=opinion,
                statement=canonical(str(row["question.affirming_statement"])),
                value=value,
                scale="agreement",
            )
        )
    return Judgements.of(rows)


def read_habermas_splits(folder: Path) -> Splits:
    """Return the authors' split of every question: train, validation, iid_test, ood_test."""
    path = folder / COMPARISONS
    rows = read_rows(path, ("question.id", "question.split"))
    found = {
        comparable(str(row["question.id"])): str(row["question.split"]).lower() for row in rows
    }
    return Splits(str(path), {SOURCE: found})


def _compared(ballot: tuple[RatedCandidate, ...]) -> Iterator[Comparison]:
    ranked = [(row, row.rank) for row in ballot if row.rank is not None]
    ranks = [rank for _, rank in ranked]
    span = max(ranks, default=0) - min(ranks, default=0)
    for (first, better), (second, worse) in combinations(ranked, 2):
        yield Comparison(
            source=SOURCE,
            licence=LICENCE,
            conversation=first.question_id,
            language="en",
            question=first.question,
            context="",
            person=first.worker,
            opinion=first.opinion,
            first=first.text,
            second=second.text,
            value=(worse - better) / span if span else 0.0,
        )


def _opinions(folder: Path) -> dict[tuple[object, ...], str]:
    columns = (
        "metadata.version",
        "launch_id",
        "metadata.participant_id",
        "question.id",
        "own_opinion.metadata.provenance",
        "own_opinion.text",
    )
    return {
        (
            row["metadata.version"],
            row["launch_id"],
            str(row["metadata.participant_id"]),
            row["question.id"],
        ): canonical(str(row["own_opinion.text"] or ""))
        for row in read_rows(folder / COMPARISONS, columns)
        if row["own_opinion.metadata.provenance"] == PERSON
    }

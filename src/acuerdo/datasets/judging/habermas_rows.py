"""The Habermas Machine's candidate comparisons, cleaned as their authors cleaned them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from acuerdo.datasets.judging.parquet import read_arrow
from acuerdo.domain.errors import InputError
from acuerdo.domain.text import canonical

COMPARISONS: Final = "hm_all_candidate_comparisons.parquet"
POSITIONS: Final = "hm_all_position_statement_ratings.parquet"

AGREEMENT: Final = {
    "STRONGLY_DISAGREE": 1.0,
    "DISAGREE": 2.0,
    "SOMEWHAT_DISAGREE": 3.0,
    "NEUTRAL": 4.0,
    "SOMEWHAT_AGREE": 5.0,
    "AGREE": 6.0,
    "STRONGLY_AGREE": 7.0,
}
MOCK: Final = "MOCK"
MOCK_RANK: Final = -1
PERSON: Final = "HUMAN_CITIZEN"
_MODEL: Final = "MODEL_MEDIATOR"
_EVALUATION: Final = "EVAL"

_PARALLEL: Final = ("candidates.metadata.id", "candidates.text", "candidates.metadata.provenance")
_COLUMNS: Final = (
    "round_id",
    "launch_id",
    "worker_id",
    "monotonic_timestamp",
    "metadata.participant_id",
    "metadata.version",
    "question.id",
    "question.text",
    "question.split",
    "own_opinion.text",
    "own_opinion.metadata.provenance",
    *_PARALLEL,
    "rankings.candidate_ids",
    "rankings.numerical_ranks",
    "ratings.agreement",
)


@dataclass(frozen=True, slots=True)
class RatedCandidate:
    """One person's rating (1-7) and rank (0 is best) of one candidate; a row after unnesting.

    `ballot` is the row of the file: candidates with the same one were ranked together.
    `participant` is new each time a worker takes part, `worker` is not.
    """

    ballot: int
    version: str
    launch: str
    worker: str
    participant: str
    time: float
    question_id: str
    question: str
    split: str
    opinion: str
    text: str
    agreement: float
    rank: int | None


def read_rated_candidates(folder: Path) -> tuple[RatedCandidate, ...]:
    """Read and clean the candidate comparisons, in the order that the authors published.

    Lists of one row must have one length; unnest; keep human opinions, then candidates written by
    models; drop mock ratings, then mock rankings; make ratings numbers; in evaluation cohorts drop
    groups with somebody who took part before. Raises InputError naming file, row and column.
    """
    path = folder / COMPARISONS
    rows = read_rows(path, _COLUMNS)
    unnested = [found for place, row in enumerate(rows) for found in _unnested(row, place, path)]
    return tuple(_without_repeat_workers(unnested))


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file; raises InputError if a column is missing."""
    content = read_arrow(path)
    missing = [name for name in columns if name not in content.column_names]
    if missing:
        raise InputError(
            f"there is no column {missing[0]!r}",
            where=str(path),
            fix="Use the file as it was published.",
        )
    rows: list[dict[str, Any]] = content.select(list(columns)).to_pylist()
    return rows


def where(path: Path, place: int, column: str) -> str:
    """Return how messages name a cell; the first row is row 1."""
    return f"{path}, row {place + 1}, column {column!r}"


def agreement(name: object, path: Path, place: int) -> float | None:
    """Return a rating by its name as 1-7, None for a mock or a missing one."""
    if name is None or name == MOCK:
        return None
    if name not in AGREEMENT:
        raise InputError(
            f"{str(name)[:40]!r} is not a level of agreement",
            where=where(path, place, "ratings.agreement"),
            fix=f"Levels are {', '.join(AGREEMENT)} and {MOCK}.",
        )
    return AGREEMENT[str(name)]


def _unnested(row: dict[str, Any], place: int, path: Path) -> Iterator[RatedCandidate]:
    names, texts, authors = (_listed(row, column, place, path) for column in _PARALLEL)
    ratings = _listed(row, "ratings.agreement", place, path)
    ranks = _ranks(row, names, place, path)
    for column, found in ((_PARALLEL[1], texts), (_PARALLEL[2], authors)):
        _check_length(found, names, where(path, place, column))
    if not ratings:
        return
    _check_length(ratings, names, where(path, place, "ratings.agreement"))
    opinion = canonical(str(row["own_opinion.text"] or ""))
    if row["own_opinion.metadata.provenance"] != PERSON or not opinion:
        return
    for text, author, rating, rank in zip(texts, authors, ratings, ranks, strict=True):
        value = agreement(rating, path, place)
        if author != _MODEL or value is None or rank == MOCK_RANK or not text:
            continue
        participant = str(row["metadata.participant_id"])
        yield RatedCandidate(
            ballot=place,
            version=str(row["metadata.version"] or ""),
            launch=str(row["launch_id"]),
            worker=str(row["worker_id"] or participant),
            participant=participant,
            time=float(row["monotonic_timestamp"] or 0),
            question_id=str(row["question.id"]),
            question=" ".join(canonical(str(row["question.text"])).split()),
            split=str(row["question.split"] or "").lower(),
            opinion=opinion,
            text=canonical(str(text)),
            agreement=value,
            rank=rank,
        )


def _ranks(row: dict[str, Any], names: Sequence[Any], place: int, path: Path) -> list[int | None]:
    """Return each candidate's rank, by its id where the ranking names ids; None if unranked."""
    ranks = _listed(row, "rankings.numerical_ranks", place, path)
    if not ranks:
        return [None] * len(names)
    ranked = _listed(row, "rankings.candidate_ids", place, path) or names
    _check_length(ranks, ranked, where(path, place, "rankings.numerical_ranks"))
    by_name = dict(zip(ranked, ranks, strict=True))
    if set(by_name) - set(names):
        raise InputError(
            "a candidate was ranked that is not among the candidates",
            where=where(path, place, "rankings.candidate_ids"),
            fix="Use the file as it was published.",
        )
    return [None if by_name.get(name) is None else int(by_name[name]) for name in names]


def _listed(row: dict[str, Any], column: str, place: int, path: Path) -> list[Any]:
    cell = row[column]
    if cell is None:
        return []
    if not isinstance(cell, list):
        raise InputError("this is not a list", where=where(path, place, column))
    return cell


def _check_length(found: Sequence[Any], names: Sequence[Any], place: str) -> None:
    if len(found) != len(names):
        raise InputError(
            f"there are {len(found)} values for {len(names)} candidates",
            where=place,
            fix="Use the file as it was published.",
        )


def _without_repeat_workers(rows: Sequence[RatedCandidate]) -> Iterator[RatedCandidate]:
    """Leave out evaluation groups in which somebody takes part who did so before.

    Of a worker's participations in one cohort the one with most data counts, of equals the first;
    the whole groups of the others are dropped, because the others in them met an experienced one.
    """
    dropped: set[tuple[str, str]] = set()
    cohorts = {row.version for row in rows if row.version.startswith(_EVALUATION)}
    for version in cohorts:
        dropped |= {
            (version, launch) for launch in _repeated([r for r in rows if r.version == version])
        }
    yield from (row for row in rows if (row.version, row.launch) not in dropped)


def _repeated(rows: Iterable[RatedCandidate]) -> set[str]:
    sizes: Counter[tuple[str, str]] = Counter()
    starts: dict[tuple[str, str], float] = {}
    launches: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        key = (row.worker, row.participant)
        sizes[key] += 1
        starts[key] = min(starts.get(key, row.time), row.time)
        launches[row.participant].add(row.launch)
    kept: dict[str, str] = {}
    repeated: set[str] = set()
    for worker, participant in sorted(sizes, key=lambda key: (-sizes[key], starts[key], key)):
        if kept.setdefault(worker, participant) != participant:
            repeated |= launches[participant]
    return repeated

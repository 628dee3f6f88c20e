"""DeliberationBank: people rate, and compare, machine-written summaries of many opinions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeVar

from acuerdo.datasets.judging.csv_columns import CsvColumns, read_columns
from acuerdo.datasets.judging.files import read_text
from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.domain.text import canonical

_Found = TypeVar("_Found")

Aspect = Literal["perspective", "informative", "neutral", "policy"]

SOURCE: Final = "deliberationbank"
LICENCE: Final = "Apache-2.0"

_RATINGS: Final = {str(value): float(value) for value in range(1, 6)}
_COMPARED: Final = {str(value): value for value in range(-2, 3)}


def read_deliberationbank(folder: Path, *, aspect: Aspect = "perspective") -> Judgements:
    """Read ratings of summaries, on the scale "five"; the whole is the question.

    `aspect` is what was rated: "perspective" (my view is represented), "informative", "neutral" or
    "policy" (I would approve it for policy makers). The opinion is what the person wrote before.
    Raises InputError naming file, row and column.
    """
    opinions, summaries = _opinions(folder), _summaries(folder)
    table = _read(folder / "ratings.csv")
    rows = []
    cells = zip(
        table.column("session"), table.column("summary_id"), table.column(aspect), strict=True
    )
    for record, (session, summary, rating) in enumerate(cells):
        person, question, opinion = _found(opinions, session, table, record, "session")
        _, text = _found(summaries, summary, table, record, "summary_id")
        rows.append(
            Judgement(
                source=SOURCE,
                licence=LICENCE,
                conversation=question,
                language="en",
                question=question,
                context="",
                person=person,
                opinion=opinion,
                statement=text,
                value=_found(_RATINGS, rating, table, record, aspect),
                scale="five",
            )
        )
    return Judgements.of(rows)


def read_deliberationbank_comparisons(
    folder: Path, *, aspect: Aspect = "perspective"
) -> tuple[Comparison, ...]:
    """Read which of two summaries people preferred.

    The file writes -2 (a is much better) to 2 (b is); here a is first, and -2 becomes 1, -1
    becomes 0.5. In the phase "full" people could only choose (-1 or 1), so 0.5 says nothing about
    strength there.
    """
    opinions, summaries = _opinions(folder), _summaries(folder)
    table = _read(folder / "comparisons.csv")
    found = []
    columns = ("session", "a_id", "b_id", aspect)
    cells = zip(*(table.column(name) for name in columns), strict=True)
    for record, (session, a, b, preferred) in enumerate(cells):
        person, question, opinion = _found(opinions, session, table, record, "session")
        found.append(
            Comparison(
                source=SOURCE,
                licence=LICENCE,
                conversation=question,
                language="en",
                question=question,
                context="",
                person=person,
                opinion=opinion,
                first=_found(summaries, a, table, record, "a_id")[1],
                second=_found(summaries, b, table, record, "b_id")[1],
                value=-_found(_COMPARED, preferred, table, record, aspect) / 2 + 0.0,
            )
        )
    return tuple(found)


def _opinions(folder: Path) -> dict[str, tuple[str, str, str]]:
    """Return person, question and opinion by session."""
    table = _read(folder / "opinions.csv")
    columns = [table.column(name) for name in ("participant_id", "question", "opinion")]
    texts = zip(*columns, strict=True)
    return {
        session: (person, canonical(question), canonical(opinion))
        for session, (person, question, opinion) in zip(table.column("session"), texts, strict=True)
    }


def _summaries(folder: Path) -> dict[str, tuple[str, str]]:
    """Return question and text by summary."""
    table = _read(folder / "summaries.csv")
    texts = zip(table.column("question"), map(canonical, table.column("text")), strict=True)
    return dict(zip(table.column("summary_id"), texts, strict=True))


def _found(
    known: Mapping[str, _Found], name: str, table: CsvColumns, record: int, column: str
) -> _Found:
    if name not in known:
        raise InputError(
            f"{name[:60]!r} is not one of the {len(known):,} possible values",
            where=table.where(record, column),
            fix="Use the files as they were published together; ratings go from 1 to 5, "
            "comparisons from -2 to 2.",
        )
    return known[name]


def _read(path: Path) -> CsvColumns:
    return read_columns(read_text(path), str(path))

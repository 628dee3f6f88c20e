"""Whether the numbers on ballots are ranks or ratings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from acuerdo.datasets.ballots.assembly import Row, Scale, shorten
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN

_NUMBER = re.compile(r"[0-9]{1,9}([.][0-9]{1,15})?")
RANKS_ASSUMED = "numbers read as ranks, 1 is best (--scale ratings if higher is better)"
RATINGS_ASSUMED = "numbers read as ratings, 7 is best (--scale ranks if 1 is best)"


def read_value(text: str, where: str) -> float:
    """Return a rank or rating of at least 1, or raise InputError."""
    if not _NUMBER.fullmatch(text) or float(text) < LIKERT_MIN:
        raise InputError(
            f"{shorten(text)!r} is neither a rank nor a rating",
            where=where,
            fix="Write a rank (1 is best) or a rating (1 to 7), or leave the cell empty.",
        )
    return float(text)


def decide_scale(
    rows: Sequence[Row], asked: Scale | None, *, counted: bool = False
) -> tuple[Scale, tuple[str, ...]]:
    """Return the scale, and what was assumed if nobody asked for one.

    Without being asked: ranks if every ballot looks like a ranking (whole numbers that begin at 1
    and leave no unexplained gap: 1 2 3, or 1 1 3) or if ballots are counted in a `#` column, as
    rankings are; otherwise ratings.
    """
    decided = asked or ("ranks" if counted or all(map(_is_ranking, rows)) else "ratings")
    if decided == "ranks":
        _check_ranks(rows)
        assumed = RANKS_ASSUMED
    else:
        _check_ratings(rows, asked)
        assumed = RATINGS_ASSUMED
    return decided, () if asked else (assumed,)


def _is_ranking(row: Row) -> bool:
    placed = sorted(row.values.values())
    return all(value.is_integer() and value <= place for place, value in enumerate(placed, start=1))


def _check_ranks(rows: Sequence[Row]) -> None:
    for row in rows:
        for value in row.values.values():
            if not value.is_integer():
                raise InputError(
                    f"the rank {value:g} is not a whole number",
                    where=row.where,
                    fix="Ranks are 1, 2, 3, ...; for ratings use --scale ratings.",
                )


def _check_ratings(rows: Sequence[Row], asked: Scale | None) -> None:
    for row in rows:
        for value in row.values.values():
            if value > LIKERT_MAX:
                unless = "" if asked else "If these are ranks, use --scale ranks. "
                raise InputError(
                    f"the rating {value:g} is above {LIKERT_MAX}",
                    where=row.where,
                    fix=f"{unless}Ratings are on {LIKERT_MIN}-{LIKERT_MAX}: rescale them.",
                )

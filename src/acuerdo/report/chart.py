"""The chart of agreement per person: where each mark stands on the scale, in per cent."""

from __future__ import annotations

import math
from dataclasses import dataclass

from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN, LIKERT_NEUTRAL
from acuerdo.domain.rounds import PersonView, RoundResult
from acuerdo.domain.text import canonical
from acuerdo.report import sentences
from acuerdo.report.reading import people_in_order
from acuerdo.report.words import figure, level


@dataclass(frozen=True, slots=True)
class Mark:
    """Positions on the scale in per cent of its width: 0 is 1, 100 is 7."""

    value: float
    low: float
    high: float
    bar: float
    bar_width: float


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the chart; `mark` is None where nobody can say how much they agree."""

    name: str
    value: str
    level: str
    spread: str
    known: bool
    tone: str
    absent: bool
    abstains: bool
    worst_off: bool
    mark: Mark | None


def person_rows(result: RoundResult) -> list[PersonRow]:
    """Return the rows of the chart, from most to least agreement."""
    return [_row(view, result) for view in people_in_order(result)]


def position(value: float) -> float:
    """Return where a value on 1-7 stands, in per cent; values beyond the ends are held there.

    >>> position(4), position(9)
    (50.0, 100.0)
    """
    share = (value - LIKERT_MIN) / (LIKERT_MAX - LIKERT_MIN)
    return round(100 * min(1.0, max(0.0, share)), 2)


def _row(view: PersonView, result: RoundResult) -> PersonRow:
    return PersonRow(
        name=canonical(view.person),
        value=figure(view.agreement, view.known),
        level=level(view.agreement),
        spread=sentences.spread(view.spread),
        known=view.known,
        tone=_tone(view.agreement),
        absent=not result.round.opinion_of(view.person),
        abstains=view.abstains,
        worst_off=view.person == result.worst_off,
        mark=None if math.isnan(view.agreement) else _mark(view.agreement, view.spread),
    )


def _tone(value: float) -> str:
    shown = round(value, 1)
    if shown == LIKERT_NEUTRAL:
        return "neutral"
    return "disagrees" if shown < LIKERT_NEUTRAL else "agrees"


def _mark(value: float, spread: float) -> Mark:
    spread = 0.0 if math.isnan(spread) else spread
    here, neutral = position(value), position(LIKERT_NEUTRAL)
    return Mark(
        value=here,
        low=position(value - spread),
        high=position(value + spread),
        bar=min(here, neutral),
        bar_width=round(abs(here - neutral), 2),
    )

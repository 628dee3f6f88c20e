"""People's and machines' texts as the page shows them, and which of them are withheld."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Difference, RoundResult
from acuerdo.domain.text import canonical
from acuerdo.report.reading import best_column, is_statement, statement_columns
from acuerdo.report.record import who_wrote
from acuerdo.report.words import figure


@dataclass(frozen=True, slots=True)
class Text:
    """A statement; `text` is "" where it is withheld because it is somebody's own opinion."""

    number: int
    text: str
    who: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Stance:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Divide:
    """A statement on which two people stand `gap` points apart."""

    text: Text
    gap: str
    agrees: Stance
    disagrees: Stance


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The sentence of one person that the statement takes up least."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person wrote; "" where they wrote nothing."""

    number: int
    name: str
    opinion: str
    critique: str


class Texts:
    """Shows the texts of one result, other people's own opinions only where that is wanted."""

    def __init__(self, result: RoundResult, *, include_opinions: bool) -> None:
        self._result = result
        self._include_opinions = include_opinions

    def statement(self, column: int) -> Text:
        candidate = self._result.candidates[column]
        proposed = self._result.outcome == "agreement" and column == self._result.winner
        own = candidate.provenance.origin in ("opinion", "longest")
        hidden = own and not proposed and not self._include_opinions
        return Text(
            number=column + 1,
            text="" if hidden else canonical(candidate.text),
            who=who_wrote(candidate),
            chosen=column == self._result.winner,
        )

    def statements(self, columns: Sequence[int] | None = None) -> list[Text]:
        """Return the statements of some columns, of all by default; never "no statement"."""
        chosen = statement_columns(self._result) if columns is None else columns
        return [self.statement(column) for column in chosen]

    def best(self) -> Text | None:
        column = best_column(self._result)
        return None if column is None else self.statement(column)

    def runner_up(self) -> Text | None:
        """Return the text that came second, None if it was "no statement" or there is none."""
        column = self._result.runner_up
        if column is None or column == best_column(self._result):
            return None
        return self.statement(column) if is_statement(self._result, column) else None

    def divides(self) -> list[Divide]:
        return [self._divide(found) for found in self._result.differences]

    def left_out(self) -> list[LeftOut]:
        """Return what is taken up least of each person.

        The person who agrees least comes first, then those whose sentence is furthest from it.
        """
        if not self._include_opinions:
            return []
        views = [view for view in self._result.people if view.least_covered]
        views.sort(key=lambda view: math.inf if math.isnan(view.coverage) else view.coverage)
        views.sort(key=lambda view: view.person != self._result.worst_off)
        return [LeftOut(canonical(v.person), canonical(v.least_covered)) for v in views]

    def voices(self) -> list[Voice]:
        """Return everybody; what they wrote stays out where opinions are not included."""
        return [self._voice(number, p) for number, p in enumerate(self._result.round.people, 1)]

    def _voice(self, number: int, person: PersonId) -> Voice:
        if not self._include_opinions:
            return Voice(number, canonical(person), "", "")
        asked = self._result.round
        opinion, critique = asked.opinion_of(person), asked.critique_of(person)
        return Voice(number, canonical(person), canonical(opinion), canonical(critique))

    def _divide(self, found: Difference) -> Divide:
        return Divide(
            text=self.statement(found.candidate),
            gap=figure(found.gap),
            agrees=self._stance(found.agrees, found.candidate),
            disagrees=self._stance(found.disagrees, found.candidate),
        )

    def _stance(self, person: PersonId, column: int) -> Stance:
        agreement = self._result.agreement
        row = agreement.people.index(person)
        value, known = agreement.expected[row, column], agreement.known[row, column]
        return Stance(canonical(person), figure(float(value), bool(known)))

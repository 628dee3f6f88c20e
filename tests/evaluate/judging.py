"""Small tables of judgements, and scorers that say what they are told, for this room's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from acuerdo.domain.judgements import Judgement, Judgements, Scale
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.evaluate.resampling import Statistic, Weights
from acuerdo.evaluate.truth import Truth
from acuerdo.ports import Progress, Watch, stop_if_asked


def make_judgement(
    person: str,
    statement: str,
    value: float,
    *,
    scale: Scale = "vote",
    question: str = "Cars?",
    conversation: str = "town",
    language: str = "en",
    opinion: str | None = None,
) -> Judgement:
    return Judgement(
        source="invented",
        licence="CC0",
        conversation=conversation,
        language=language,
        question=question,
        context="",
        person=person,
        opinion=f"{person} thinks so" if opinion is None else opinion,
        statement=statement,
        value=value,
        scale=scale,
    )


def make_table(*rows: Judgement) -> Judgements:
    return Judgements.of(rows)


def invented_table(
    people: int = 30,
    statements: int = 12,
    conversations: int = 2,
    share: float = 1.0,
    seed: int = 0,
) -> Judgements:
    """Return votes in which people agree mostly with their own side's statements."""
    rng = np.random.default_rng(seed)
    rows = []
    for talk in range(conversations):
        sides = rng.integers(2, size=people)
        stances = rng.integers(2, size=statements)
        for person in range(people):
            for statement in range(statements):
                if rng.random() > share:
                    continue
                likes = (sides[person] == stances[statement]) != (rng.random() < 0.2)
                rows.append(
                    make_judgement(
                        f"p{talk}.{person}",
                        f"statement {talk} {statement} of side {stances[statement]}",
                        1.0 if likes else -1.0,
                        question=f"Question {talk}?",
                        conversation=f"talk{talk}",
                        language=("en", "de")[talk % 2],
                        opinion=f"person {talk} {person} is on side {sides[person]}",
                    )
                )
    return Judgements.of(rows)


def make_forecast(expected: Sequence[float], spread: Sequence[float] | float = 1.0) -> Forecast:
    values = np.array(expected, dtype=np.float64)
    return Forecast(values, np.where(np.isnan(values), np.nan, spread))


def value_of(statistic: Statistic, truth: Truth) -> float:
    """Return a statistic with everybody counting once."""
    return float(statistic.of(once(truth))[0])


def once(truth: Truth) -> Weights:
    talks = int(truth.person_conversation.max(initial=-1)) + 1
    return Weights(np.ones((1, truth.people)), np.ones((1, talks)))


class ToldScorer:
    """Expects what a function of question, opinion and statement says; counts what it was asked."""

    def __init__(
        self, tell: Callable[[str, str, str], float], name: str = "told", spread: float = 1.0
    ) -> None:
        self._tell = tell
        self._name = name
        self._spread = spread
        self.asked = 0

    @property
    def name(self) -> str:
        return self._name

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        stop_if_asked(watch)
        self.asked += 1
        expected = [
            self._tell(sheet.question, sheet.opinions[person], sheet.statements[statement])
            for person, statement in zip(sheet.person, sheet.statement, strict=True)
        ]
        watch.report(Progress("predict", sheet.size, sheet.size))
        return make_forecast(expected, self._spread)


def same_side(question: str, opinion: str, statement: str) -> float:
    """Expect agreement on `invented_table` where the sides are the same."""
    return 5.5 if opinion[-1] == statement[-1] else 2.5


def longer(question: str, opinion: str, statement: str) -> float:
    """Blind to the person."""
    return min(7.0, 1 + len(statement) / 20 + int(statement.split()[2]) / 10)

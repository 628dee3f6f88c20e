"""A model's judgement: its probability of yes, None where it gives none."""

from __future__ import annotations

import pytest

from acuerdo.domain.completions import Completion, Fault
from acuerdo.domain.questions import DebateQuestion
from acuerdo.llm import ScriptedModel
from acuerdo.ports import Progress, Unwatched
from acuerdo.questions.screening import ScreenParts, judged_by_model, screen


def yes(probability: float) -> Completion:
    return Completion("yes", "stop", probabilities=(probability, 1 - probability))


def test_the_probability_of_yes_comes_back() -> None:
    model = ScriptedModel([yes(0.25), Fault("timeout", "late"), Completion("yes", "stop")])
    assert judged_by_model(["A?", "B?", "C?"], model, Unwatched()) == [0.25, None, None]
    assert model.seen[0].choices == ("yes", "no")
    assert "A?" in model.seen[0].messages[-1].content


def test_unusable_probabilities_are_none() -> None:
    model = ScriptedModel([Completion("", "stop", probabilities=(0.0, 0.0)), yes(float("nan"))])
    assert judged_by_model(["A?", "B?"], model, Unwatched()) == [None, None]


def test_progress_is_told() -> None:
    class Seeing(Unwatched):
        def __init__(self) -> None:
            self.seen: list[Progress] = []

        def report(self, progress: Progress) -> None:
            self.seen.append(progress)

    watch = Seeing()
    judged_by_model(["A?", "B?"], ScriptedModel([yes(0.5)]), watch)
    assert [(p.done, p.total) for p in watch.seen] == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("sure", "weight", "verdict"),
    [(0.99, 0.7, "review"), (0.6, 0.7, "allow"), (0.99, 0.0, "allow"), (0.99, 1.0, "block")],
)
def test_its_weight_decides_how_far_it_counts(sure: float, weight: float, verdict: str) -> None:
    model = ScriptedModel([yes(sure)])
    parts = ScreenParts(None, model, weight)
    [decision] = screen([DebateQuestion("q", "Should trams be free?")], parts, Unwatched())
    assert decision.verdict == verdict
    assert bool(model.seen) == (weight > 0)

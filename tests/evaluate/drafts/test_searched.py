"""An arm whose model writes under a search that a predictor leads."""

from __future__ import annotations

from typing import Any

import pytest

from acuerdo.choose import rule_named
from acuerdo.domain.completions import Completion, Fault, FaultKind, Request
from acuerdo.domain.errors import ModelError
from acuerdo.evaluate import ModelArm, SearchWriter
from acuerdo.evaluate.drafts.records import Task
from acuerdo.llm import ScriptedModel
from acuerdo.llm.scripted import Scripted
from acuerdo.ports import Unwatched
from acuerdo.predict import LengthScorer, ScoredPredictor
from tests.evaluate.drafts.drafting import GOOD, make_material

LEADER = ("trained", "0f")


def searcher(script: Scripted = GOOD[0], **overrides: Any) -> SearchWriter:
    """Return a writer; overrides are fields of `SearchWriter`."""

    def by_seed(request: Request) -> Scripted:
        return GOOD[request.seed % len(GOOD)] if script == GOOD[0] else script

    made: dict[str, Any] = {
        "model": ScriptedModel(by_seed, "tuned-model"),
        "predictor": ScoredPredictor(LengthScorer()),
        "rule": rule_named("leximin"),
        "template": "plain",
        "led_by": LEADER,
    }
    return SearchWriter(**(made | overrides))


def task(candidates: int = 6, seed: int = 5) -> Task:
    return Task(make_material(), candidates, seed)


def test_it_brings_the_one_statement_the_predictor_expects_most_of() -> None:
    ticks: list[None] = []
    (draft,) = searcher().write(task(), Unwatched(), lambda: ticks.append(None))
    assert draft.text == max(GOOD, key=len)
    assert sorted(draft.order) == [0, 1, 2]
    assert (draft.origin, draft.template, draft.fault) == ("model", "plain", "")
    assert len(ticks) == 6


def test_the_same_task_brings_the_same() -> None:
    first, again = (searcher().write(task(), Unwatched(), lambda: None) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("kind", ["too_long", "unsupported"])
def test_what_would_always_fail_is_a_draft_that_is_not_there(kind: FaultKind) -> None:
    writer = searcher(Fault(kind, "cannot do that"))
    (draft,) = writer.write(task(), Unwatched(), lambda: None)
    assert draft.blank
    assert "cannot do that" in draft.fault


def test_what_may_succeed_later_stops_the_run() -> None:
    with pytest.raises(ModelError, match="no answer"):
        searcher(Fault("timeout", "no answer")).write(task(), Unwatched(), lambda: None)


def test_nothing_that_can_stand_is_a_draft_that_is_not_there() -> None:
    writer = searcher(Completion("I am only a language model.", "stop"))
    (draft,) = writer.write(task(), Unwatched(), lambda: None)
    assert draft.blank
    assert draft.fault


def test_everything_that_decides_what_is_written_is_in_its_identity() -> None:
    others: list[dict[str, object]] = [
        {},
        {"model": ScriptedModel(GOOD, "other-model")},
        {"template": "direct"},
        {"temperature": 0.5},
        {"orders": 2},
        {"rule": rule_named("utilitarian")},
        {"led_by": ("out/other", "0f")},
        {"led_by": ("trained", "1e")},
    ]
    told = {task().key(searcher(**changes).identity) for changes in others}
    assert len(told) == len(others)


def test_a_table_says_who_led() -> None:
    about = ModelArm("searched", searcher(led_by=("out/one", "0f"))).about
    assert "search by out/one, leximin" in about

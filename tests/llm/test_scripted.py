"""The fake answers by list or function, and remembers what it was asked."""

from __future__ import annotations

import pytest

from acuerdo.domain.completions import Completion, Fault
from acuerdo.llm import ScriptedModel
from tests.llm.asking import ask, make_request, only


def test_a_list_is_used_over_and_over_across_calls() -> None:
    model = ScriptedModel(["a", Fault("timeout", "late"), "c"])
    texts = [
        getattr(reply, "text", None)
        for _ in range(2)
        for reply in ask(model, *[make_request()] * 2)
    ]
    assert texts == ["a", None, "c", "a"]


def test_a_function_sees_the_request() -> None:
    model = ScriptedModel(lambda request: f"seed {request.seed}")
    assert only(model, make_request(seed=9)) == Completion("seed 9", "stop", only(model).usage)


def test_every_request_is_recorded() -> None:
    model = ScriptedModel(["a"])
    requests = [make_request(seed=1), make_request(seed=2)]
    ask(model, *requests)
    assert model.seen == tuple(requests)


def test_words_count_as_tokens() -> None:
    usage = only(ScriptedModel(["one two three"]), make_request("four words are here")).usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.requests) == (4, 3, 1)


def test_a_choice_is_certain_and_another_word_is_unsupported() -> None:
    request = make_request(choices=("1", "2"))
    chosen = only(ScriptedModel(["2"]), request)
    assert isinstance(chosen, Completion)
    assert chosen.probabilities == (0.0, 1.0)
    other = only(ScriptedModel(["maybe"]), request)
    assert isinstance(other, Fault)
    assert other.kind == "unsupported"


def test_an_empty_script_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ScriptedModel([])

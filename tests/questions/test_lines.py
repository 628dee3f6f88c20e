"""Questions as lines: what is written comes back, and what cannot be one is named."""

from __future__ import annotations

import json

import pytest

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion, Origin
from acuerdo.questions.lines import question_id, question_line, question_of

FULL = DebateQuestion(
    id="q1",
    text="¿Deberían «ser gratis» los tranvías?",
    language="es",
    affirming="Deberían.",
    negating="No deberían.",
    area="local life",
    leans="change",
    topic=3,
    outlier=True,
    split="train",
    origin=Origin(by="model", model="m", prompt_hash="p", seed=7, shown=("s001", "s002")),
)


@pytest.mark.parametrize("question", [FULL, DebateQuestion("a", "Is it?")])
def test_a_line_gives_the_same_question_back(question: DebateQuestion) -> None:
    line = question_line(question)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert question_of(json.loads(line), "line 1") == question


def test_a_line_is_plain_json_with_readable_letters() -> None:
    assert "«ser gratis»" in question_line(FULL).decode()
    assert json.loads(question_line(DebateQuestion("a", "Is it?")))["origin"] == {}


def test_what_cannot_be_a_question_is_named_with_its_line() -> None:
    with pytest.raises(InputError, match=r"line 4.*leans"):
        question_of({"id": "a", "text": "Is it?", "leans": "left"}, "line 4")


def test_an_id_depends_on_the_words_alone() -> None:
    assert question_id("Is tax fair?") == question_id("Is tax fair?") != question_id("Is it fair?")
    assert question_id("Is tax fair?").startswith("q")

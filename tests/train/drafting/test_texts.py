"""Examples as tokens: what drafting would send, and what should follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from acuerdo.domain.material import Material
from acuerdo.prompts import render_draft
from acuerdo.train.drafting.texts import ExampleWriter
from tests.train.drafting import small

pytestmark = pytest.mark.training

MATERIAL = Material("g", "Open at night?", ("late work", "some want quiet"), "We think open.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="module")
def writer(folder: Path) -> ExampleWriter:
    return ExampleWriter(AutoTokenizer.from_pretrained(folder), folder, "plain")


def test_prompt_and_answer_are_the_chat_that_drafting_has(writer: ExampleWriter) -> None:
    messages = render_draft(MATERIAL.round(), ["2", "1"], "plain")
    assert writer.chat_template == "chatml"
    prompt = writer.prompt(messages)
    assert prompt.endswith("<|im_end|>\n<|im_start|>assistant\n")
    assert prompt.index("some want quiet") < prompt.index("late work")
    assert writer.answer(messages, "We think open.") == "We think open.<|im_end|>"


def test_an_example_ends_with_the_mark_that_ends_a_turn(writer: ExampleWriter) -> None:
    example = writer.example(MATERIAL, [1, 0])
    assert example.group == "g"
    assert example.statement[-1] == 2
    assert 2 not in example.statement[:-1]
    assert writer.text(example.statement).startswith("We think")


def test_people_cannot_end_a_turn(writer: ExampleWriter) -> None:
    sly = Material("g", "Open?", ("late<|im_end|>", "quiet"), "We<|im_end|> think.")
    prompt = writer.example(sly, [0, 1])
    plain = writer.example(MATERIAL, [0, 1])
    assert prompt.prompt.count(2) == plain.prompt.count(2)
    assert prompt.statement.count(2) == 1


@pytest.mark.parametrize(
    ("name", "end"),
    [("llama3", "<|eot_id|>"), ("gemma", "<end_of_turn>"), ("phi3", "<|end|>")],
)
def test_other_models_end_as_they_do(folder: Path, name: str, end: str) -> None:
    writer = ExampleWriter(AutoTokenizer.from_pretrained(folder), folder, "plain", name)
    messages = render_draft(MATERIAL.round(), ["1", "2"], "plain")
    assert writer.answer(messages, "We agree.") == f"We agree.{end}"


def test_a_model_without_turns_ends_with_its_own_mark(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    writer = ExampleWriter(tokenizer, folder, "plain", "plain")
    messages = render_draft(MATERIAL.round(), ["1", "2"], "plain")
    assert writer.answer(messages, "We agree.") == "We agree.<|im_end|>"

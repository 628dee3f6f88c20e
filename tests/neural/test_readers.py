"""Rows of tokens: what gives way when a row is too long, and that no cut goes uncounted."""

from __future__ import annotations

from pathlib import Path

import pytest
from transformers import AutoTokenizer

from acuerdo.neural import PairReader, PromptReader, collated
from tests.train import tiny

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> AutoTokenizer:
    folder = tmp_path_factory.mktemp("tokenizer")
    tiny.tokenizer(folder)
    return AutoTokenizer.from_pretrained(folder, local_files_only=True)


def test_a_row_is_what_the_tokenizer_makes_of_a_pair(tokenizer: AutoTokenizer) -> None:
    reader = PairReader(tokenizer, 64)
    question, opinion, statement = reader.tokens(["ban cars", "they are loud", "keep buses"])
    row = reader.row(question, opinion, statement)
    whole = tokenizer("ban cars they are loud", "keep buses", return_token_type_ids=True)
    assert row.ids == whole["input_ids"]
    assert row.types == whole["token_type_ids"]


def test_the_opinion_gives_way_first(tokenizer: AutoTokenizer) -> None:
    row = PairReader(tokenizer, 35).row([5] * 6, [6] * 40, [7] * 10)
    assert row.ids == [2, *[5] * 6, *[6] * 16, 3, *[7] * 10, 3]
    assert (row.cut_opinion, row.cut_question, row.cut_statement) == (24, 0, 0)


def test_a_statement_is_cut_last_and_counted(tokenizer: AutoTokenizer) -> None:
    row = PairReader(tokenizer, 35).row([5] * 6, [6] * 40, [7] * 50)
    assert len(row.ids) == 35
    assert row.ids.count(6) == 4, "an opinion keeps an eighth"
    assert row.ids.count(7) == 28
    assert (row.cut_opinion, row.cut_question, row.cut_statement) == (36, 6, 22)


def test_prompt_and_ending_make_the_row(tokenizer: AutoTokenizer) -> None:
    reader = PromptReader(tokenizer, 64)
    texts = ["ban cars", "they are loud " * 20, "keep buses"]
    question, opinion, statement = reader.tokens(texts)
    row = reader.row(question, opinion, statement)
    prompt, ending = reader.prompt(question, opinion), reader.ending(statement)
    assert row.ids == prompt.ids + ending.ids
    assert len(prompt.ids) <= 32
    assert row.cut_opinion == prompt.cut_opinion > 0
    assert reader.ending([7] * 100).cut_statement > 0
    assert len(reader.ending([7] * 100).ids) == 32


def test_batches_are_padded_on_the_right_to_a_bucket(tokenizer: AutoTokenizer) -> None:
    reader = PairReader(tokenizer, 64)
    rows = [reader.row([5], [6], [7]), reader.row([5], [6] * 30, [7] * 3)]
    batch = collated(rows, [1, 3], padding=0)
    assert batch.ids.shape == (2, 64)
    assert batch.mask.sum(dim=1).tolist() == [6, 37]
    assert batch.ids[0, 6:].sum() == 0
    assert batch.length.tolist() == pytest.approx([0.0, 1.0986], abs=1e-4)


def test_max_tokens_hold_whatever_comes(tokenizer: AutoTokenizer, tmp_path: Path) -> None:
    reader, prompts = PairReader(tokenizer, 32), PromptReader(tokenizer, 48)
    for sizes in [(0, 0, 0), (90, 0, 0), (0, 90, 0), (0, 0, 90), (90, 90, 90), (5, 90, 25)]:
        parts = [[7] * size for size in sizes]
        assert len(reader.row(*parts).ids) <= 32
        assert len(prompts.row(*parts).ids) <= 48

"""Packing: every example once, whole, in a row of the one length."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.train.drafting.rows import IGNORED, Example, filled, packed_rows

FILLER = 0


def example(number: int, prompt: int, statement: int) -> Example:
    base = 1000 * number
    tokens = tuple(range(base + 1, base + 1 + prompt + statement))
    return Example(f"g{number}", tokens[:prompt], tokens[prompt:])


sizes = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 20)), min_size=1, max_size=30)


@given(sizes, st.integers(0, 5))
def test_each_example_stands_whole_in_one_row_of_the_one_length(
    pairs: list[tuple[int, int]], seed: int
) -> None:
    examples = [example(k + 1, prompt, statement) for k, (prompt, statement) in enumerate(pairs)]
    rows = packed_rows(examples, 48, FILLER, np.random.default_rng(seed))
    found = []
    for row in rows:
        assert len(row.input_ids) == len(row.labels) == sum(row.seq_lengths) == 48
        at = 0
        for length in row.seq_lengths:
            ids, labels = row.input_ids[at : at + length], row.labels[at : at + length]
            at += length
            if ids[0] == FILLER:
                assert set(labels) == {IGNORED}
                continue
            found.append(tuple(ids))
            learned = sum(label != IGNORED for label in labels)
            assert labels == [IGNORED] * (length - learned) + ids[length - learned :]
        assert row.tokens == sum(token != FILLER for token in row.input_ids)
    assert sorted(found) == sorted(e.prompt + e.statement for e in examples if len(e) <= 48)


def test_the_loss_is_on_the_statement_only() -> None:
    row = filled([example(1, 2, 3)], 7, FILLER)
    assert row.input_ids == [1001, 1002, 1003, 1004, 1005, 0, 0]
    assert row.labels == [IGNORED, IGNORED, 1003, 1004, 1005, IGNORED, IGNORED]
    assert row.seq_lengths == [5, 2]
    assert row.tokens == 5


def test_the_fullest_row_that_has_room_is_filled() -> None:
    examples = [example(k, size - 1, 1) for k, size in enumerate((60, 50, 45, 35), 1)]
    rows = packed_rows(examples, 100, FILLER, np.random.default_rng(0))
    # 45 goes beside 50 and leaves 5; 35 goes beside 60 and leaves 5.
    assert sorted(sorted(row.seq_lengths) for row in rows) == [[5, 35, 60], [5, 45, 50]]


@pytest.mark.parametrize("seed", [0, 1])
def test_rows_depend_on_the_generator_alone(seed: int) -> None:
    examples = [example(k, 5 + k % 7, 3) for k in range(1, 40)]
    one, same = (packed_rows(examples, 48, FILLER, np.random.default_rng(seed)) for _ in range(2))
    other = packed_rows(examples, 48, FILLER, np.random.default_rng(seed + 7))
    assert one == same
    assert one != other

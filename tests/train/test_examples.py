"""Examples, batches and targets: people count alike, and the order depends on seed and epoch."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.neural import Row, Tokens
from acuerdo.train.data import Source
from acuerdo.train.examples import Examples, examples_of
from acuerdo.train.learner import people_in, targets_of
from acuerdo.train.planning import epoch_batches, halves, sampled

pytestmark = pytest.mark.training


class Letters:
    """Reads a text as its letters."""

    max_tokens = 1000

    def tokens(self, texts: list[str]) -> list[Tokens]:
        return [[ord(letter) for letter in text] for text in texts]

    def row(self, question: Tokens, opinion: Tokens, statement: Tokens) -> Row:
        ids = question + opinion + statement
        return Row(ids, [0] * len(ids))


def judged(person: str, value: float, scale: str = "five", **other: str) -> Judgement:
    texts = {"question": "q", "opinion": f"says {person}", "statement": f"s{value}", **other}
    return Judgement(
        source="s",
        licence="CC0",
        conversation="c",
        language="en",
        context="",
        person=person,
        value=value,
        scale=scale,
        **texts,
    )


def made(*rows: Judgement, **options: object) -> Examples:
    return examples_of([Source(Judgements.of(rows), **options)], Letters(), "here")


def test_people_count_alike_whatever_they_rated() -> None:
    """Ann: 4 ratings on one question. Bea: 1 on each of two. Both count 1."""
    ann = [judged("ann", value) for value in (1, 2, 4, 5)]
    bea = [judged("bea", 3), judged("bea", 4, question="other")]
    examples = made(*ann, *bea)
    targets = targets_of(examples, np.arange(6))
    assert targets.graded.tolist() == pytest.approx([0.25] * 4 + [0.5, 0.5])
    assert people_in(examples, [np.arange(6)]) == pytest.approx(2.0)
    pairs = set(zip(*targets.pairs.tolist(), strict=True))
    assert pairs == {(1, 0), (2, 0), (3, 0), (2, 1), (3, 1), (3, 2)}
    assert float(targets.pair_weight.sum()) == pytest.approx(1.0)


def test_rankings_leave_out_the_last_and_keep_ties_together() -> None:
    rows = [judged("ann", 2), judged("ann", 5), judged("ann", 5, statement="t"), judged("ann", 1)]
    targets = targets_of(made(*rows), np.arange(4))
    among = {
        choice: set(targets.member[targets.among == place].tolist())
        for place, choice in enumerate(targets.choice.tolist())
    }
    assert among == {0: {0, 3}, 1: {0, 1, 2, 3}, 2: {0, 1, 2, 3}}
    assert float(targets.choice_weight.sum()) == pytest.approx(1.0)


def test_scales_of_one_source_have_thresholds_of_their_own() -> None:
    examples = made(judged("a", 5), judged("b", 1, "vote"), judged("c", 2.5, "agreement"))
    assert examples.sources == ("s (five)", "s (vote)", "s (agreement)")
    assert examples.steps == (5, 3, 7)
    assert examples.source.tolist() == [0, 1, 2]
    assert examples.shares[0].tolist() == [0, 0, 0, 0, 1, 0, 0]
    assert examples.shares[1].tolist() == [0, 0, 1, 0, 0, 0, 0]
    assert examples.shares[2].tolist() == [0, 0.5, 0.5, 0, 0, 0, 0]
    assert np.isnan(examples.vote).tolist() == [True, False, True]


def test_sources_known_from_before_keep_their_numbers() -> None:
    table = Judgements.of([judged("a", 1, "binary")])
    later = examples_of([Source(table)], Letters(), "here", ["other (five)", "s (binary)"])
    assert later.sources == ("other (five)", "s (binary)")
    assert later.source.tolist() == [1]


def test_a_choice_teaches_its_own_pair_only() -> None:
    rows = [judged("a", value, "agreement", statement=f"{k}") for k, value in enumerate((7, 1) * 2)]
    examples = made(*rows, choice=np.array([0, 0, 1, 1]), objectives=("pairs",))
    targets = targets_of(examples, np.arange(4))
    assert set(zip(*targets.pairs.tolist(), strict=True)) == {(0, 1), (2, 3)}
    assert targets.graded.tolist() == [0.0] * 4
    assert targets.pair_weight.tolist() == pytest.approx([0.5, 0.5])


def test_people_without_an_opinion_are_left_out_and_nothing_is_an_error() -> None:
    examples = made(judged("a", 1), judged("b", 2, opinion="  "), judged("c", 3, statement=" "))
    assert len(examples) == 1
    with pytest.raises(InputError, match="nothing to learn from in here"):
        made(judged("b", 2, opinion=""))


@pytest.fixture(scope="module")
def many() -> Examples:
    random = np.random.default_rng(0)
    rows = [
        judged(f"p{person}", float(random.integers(1, 6)), statement="x" * int(random.integers(90)))
        for person in range(60)
        for _ in range(int(random.integers(1, 30)))
    ]
    return made(*(row for row in rows if row.statement))


def test_an_epoch_reads_each_persons_share_once(many: Examples) -> None:
    batches = epoch_batches(many, batch=16, per_person=8, seed=0, epoch=0)
    read = np.concatenate(batches)
    assert len(np.unique(read)) == len(read)
    assert max(map(len, batches)) <= 16
    drawn = np.bincount(many.unit[read])
    np.testing.assert_array_equal(drawn, np.minimum(np.bincount(many.unit), 8))
    assert sum(len(np.unique(many.unit[rows])) for rows in batches) == len(drawn)


def test_order_is_a_function_of_seed_and_epoch(many: Examples) -> None:
    def order(seed: int, epoch: int) -> list[int]:
        batches = epoch_batches(many, batch=16, per_person=8, seed=seed, epoch=epoch)
        return np.concatenate(batches).tolist()

    assert order(0, 1) == order(0, 1)
    assert order(0, 1) != order(0, 0)
    assert order(0, 1) != order(1, 1)


def test_halves_cut_between_people(many: Examples) -> None:
    (rows, *_) = epoch_batches(many, batch=64, per_person=8, seed=0, epoch=0)
    parts = halves(many, rows, 4)
    assert len(parts) > 1
    np.testing.assert_array_equal(np.concatenate(parts), rows)
    units = [set(many.unit[part].tolist()) for part in parts]
    assert sum(map(len, units)) == len(set.union(*units))
    one = dataclasses.replace(many, unit=np.zeros_like(many.unit))
    assert len(halves(one, rows, 4)) == 1


def test_a_sample_is_of_whole_people(many: Examples) -> None:
    rows = sampled(many, 100, seed=0)
    assert 70 <= len(rows) <= 130
    whole = np.bincount(many.unit)
    for unit, count in zip(*np.unique(many.unit[rows], return_counts=True), strict=True):
        assert count == whole[unit]
    assert len(sampled(many, 10**6, seed=0)) == len(many)

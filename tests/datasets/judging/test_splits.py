"""Wholes stay together, and what is named gets the split it is named for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from acuerdo.datasets import assigned, read_splits, split_of, without_people_of
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.judgements import Judgements
from tests.datasets.judging.tables import judgement

SPLITS = '{"note": "free", "town": {"street": 3, "What now?": "test"}, "other": {"street": "A"}}'
SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}


def test_rows_get_the_split_of_their_conversation(tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    path.write_text(SPLITS)
    splits = read_splits(path)
    table = Judgements.of(
        [
            judgement(),
            judgement(conversation="what  now"),
            judgement(source="other"),
            judgement(person="Ben"),
        ]
    )
    assert assigned(table, splits) == ("fold3", "test", "A", "fold3")
    assert splits.of("town", "WHAT NOW") == "test"
    assert splits.of("town", "elsewhere") == ""


def test_a_conversation_in_no_split_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    path.write_text(SPLITS)
    with pytest.raises(InputError, match="'elsewhere' of 'town' is in no split"):
        assigned(Judgements.of([judgement(conversation="elsewhere")]), read_splits(path))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "not an object of sources"),
        ("{", "not JSON"),
        ('{"town": 3}', "not an object of splits"),
        ('{"town": {"street": true}}', "name or the number of a fold"),
        ('{"town": {"street": ""}}', "name or the number of a fold"),
        ('{"town": {"street": null}}', "name or the number of a fold"),
    ],
)
def test_bad_files_of_splits_are_refused(text: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    path.write_text(text)
    with pytest.raises(InputError, match=what) as caught:
        read_splits(path)
    assert caught.value.where.startswith(str(path))


def many(conversations: int, questions: int = 1) -> Judgements:
    return Judgements.of(
        [
            judgement(conversation=f"c{c}", question=f"q{q}", person=f"p{p}")
            for p in range(3)
            for c in range(conversations)
            for q in range(questions)
        ]
    )


def test_conversations_are_never_divided_and_shares_are_met() -> None:
    table = many(100, questions=2)
    found = split_of(table, SHARES, seed=1)
    by_conversation = {
        row.conversation: split for row, split in zip(table.rows(), found, strict=True)
    }
    assert Counter(by_conversation.values()) == {"train": 80, "validation": 10, "test": 10}
    for row, split in zip(table.rows(), found, strict=True):
        assert by_conversation[row.conversation] == split


def test_questions_are_kept_together_where_there_is_one_conversation() -> None:
    table = many(1, questions=10)
    found = split_of(table, SHARES, seed=1)
    by_question = {row.question: split for row, split in zip(table.rows(), found, strict=True)}
    assert Counter(by_question.values()) == {"train": 8, "validation": 1, "test": 1}
    assert all(
        by_question[row.question] == split for row, split in zip(table.rows(), found, strict=True)
    )


def test_the_order_of_rows_does_not_matter_but_the_seed_does() -> None:
    table = many(20)
    order = np.random.default_rng(0).permutation(len(table))
    found = np.array(split_of(table, SHARES, seed=1))
    assert tuple(found[order]) == split_of(table.take(order), SHARES, seed=1)
    assert tuple(found) != split_of(table, SHARES, seed=2)


@pytest.mark.parametrize("shares", [{}, {"a": 0.5}, {"a": 1.5, "b": -0.5}, {"a": 1.0, "b": 0.0}])
def test_shares_add_up_to_one(shares: dict[str, float]) -> None:
    with pytest.raises(SettingsError, match="add up to 1"):
        split_of(many(5), shares, seed=1)


def test_too_few_wholes_are_refused() -> None:
    with pytest.raises(InputError, match="2 conversations or questions cannot be divided into 3"):
        split_of(many(2), SHARES, seed=1)


def test_people_of_the_test_are_not_trained_on() -> None:
    train = Judgements.of([judgement(), judgement(person="Ben"), judgement(source="other")])
    test = Judgements.of([judgement(conversation="elsewhere")])
    left = without_people_of(train, test)
    assert [(row.source, row.person) for row in left.rows()] == [("town", "Ben"), ("other", "Ana")]

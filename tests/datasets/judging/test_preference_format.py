"""Preferences as TRL and OpenRLHF read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acuerdo.datasets import (
    Preference,
    preferences_from_comparisons,
    preferences_from_judgements,
    write_preferences,
)
from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.domain.judgements import Judgements
from tests.datasets.judging.tables import JUDGEMENT, judgement

PROMPT = "What should become of Mill Street?\n\nMy opinion: Plant trees."


def comparison(value: float) -> Comparison:
    return Comparison(
        source="town",
        licence="CC0",
        conversation="street",
        language="en",
        question=JUDGEMENT.question,
        context="It is loud.",
        person="Ana",
        opinion=JUDGEMENT.opinion,
        first="Trees.",
        second="Cars.",
        value=value,
    )


def test_every_pair_of_different_ratings_of_one_person_is_a_preference() -> None:
    table = Judgements.of(
        [
            judgement(statement="A", value=6.0),
            judgement(statement="B", value=2.5),
            judgement(statement="C", value=2.5),
            judgement(statement="D", value=1.0, person="Ben"),
            judgement(statement="E", value=7.0, question="Another?"),
        ]
    )
    assert list(preferences_from_judgements(table, seed=1)) == [
        Preference(PROMPT, "A", "B", 3.5),
        Preference(PROMPT, "A", "C", 3.5),
    ]


def test_margins_of_other_scales_are_on_1_to_7() -> None:
    table = Judgements.of(
        [
            judgement(statement="A", value=1.0, scale="vote"),
            judgement(statement="B", value=-1.0, scale="vote"),
        ]
    )
    assert [found.margin for found in preferences_from_judgements(table, seed=1)] == [4.0]


def test_a_person_gives_at_most_so_many_pairs_drawn_by_the_seed() -> None:
    table = Judgements.of([judgement(statement=f"S{k}", value=1 + 6 * k / 29) for k in range(30)])
    first = list(preferences_from_judgements(table, seed=1, pairs_per_person=7))
    assert len(first) == len(set(first)) == 7
    assert first == list(preferences_from_judgements(table, seed=1, pairs_per_person=7))
    assert first != list(preferences_from_judgements(table, seed=2, pairs_per_person=7))
    with pytest.raises(SettingsError):
        list(preferences_from_judgements(table, seed=1, pairs_per_person=0))


def test_comparisons_keep_their_direction() -> None:
    found = list(preferences_from_comparisons(map(comparison, (1.0, -0.5, 0.0))))
    assert [(one.chosen, one.rejected, one.margin) for one in found] == [
        ("Trees.", "Cars.", 3.0),
        ("Cars.", "Trees.", 1.5),
    ]
    assert "It is loud." in found[0].prompt


def test_a_comparison_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 to 1"):
        comparison(1.5)


@pytest.mark.parametrize("margin", [True, False])
def test_one_object_a_line_with_the_keys_that_trainers_read(margin: bool, tmp_path: Path) -> None:
    path = tmp_path / "preferences.jsonl"
    preferences = [Preference("?", "sí\nno", "cars", 1.5), Preference("?", "a", "b", 0.5)]
    assert write_preferences(preferences, path, margin=margin) == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = {"prompt": "?", "chosen": "sí\nno", "rejected": "cars"}
    assert json.loads(lines[0]) == (expected | {"margin": 1.5} if margin else expected)
    assert "sí" in lines[0]
    assert len(lines) == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="could not be written"):
        write_preferences([], tmp_path / "file" / "preferences.jsonl")

"""No question stands on two sides, however it is put; filters say what they took."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acuerdo.datasets import MaterialSource, gather, read_material
from acuerdo.datasets.material.questions import clusters, meaning, same_questions
from acuerdo.datasets.material.splitting import separated, settled
from acuerdo.domain.errors import InputError, SettingsError
from tests.datasets.material.groups import STATEMENT, group, material, written

FAST = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)

WORDS = ("trees", "lakes", "books", "roads", "ban", "tax", "fund", "paint")


def source(path: Path, **keys: Any) -> MaterialSource:
    return MaterialSource(reader="statements", path=str(path), **keys)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("We should abolish zoos", "Should zoos be abolished?", True),
        (
            "Social media brings more harm than good",
            "Does social media bring more harm than good?",
            True,
        ),
        ("Should we ban cosmetic surgery?", "Should we ban cosmetic surgery for minors?", True),
        ("Should we ban cars?", "Should we not ban cars?", False),
        ("Should we adopt atheism?", "Should we adopt libertarianism?", False),
        ("Do zoos bring more harm than good?", "Do tests bring more harm than good?", False),
    ],
)
def test_questions_are_the_same_by_the_words_that_matter(one: str, other: str, same: bool) -> None:
    assert bool(list(same_questions([one, other]))) == same


@FAST
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join), max_size=12)
)
def test_no_pair_of_the_same_questions_is_missed(questions: list[str]) -> None:
    cluster = clusters(questions)
    for one in questions:
        for other in questions:
            mine, theirs = meaning(one), meaning(other)
            if len(mine & theirs) >= 0.7 * len(mine | theirs):
                assert cluster[one] == cluster[other]


@FAST
@given(
    st.lists(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
        min_size=6,
        max_size=12,
    ),
    st.integers(0, 5),
)
def test_dealt_questions_stand_on_one_side_only(questions: list[str], seed: int) -> None:
    materials = [
        material(group=str(place), question=question, split="")
        for place, question in enumerate(questions)
    ]
    cluster = clusters(questions)
    if len(set(cluster.values())) < 2:
        return
    found = settled(materials, shares={"train": 0.5, "test": 0.5}, seed=seed)
    sides: dict[str, set[str]] = {}
    for one in found:
        sides.setdefault(cluster[one.question], set()).add(one.split)
    assert all(len(side) == 1 for side in sides.values())
    assert {one.split for one in found} == {"train", "test"}
    backwards = settled(materials[::-1], shares={"train": 0.5, "test": 0.5}, seed=seed)
    assert backwards[::-1] == found


def test_training_gives_way_to_what_is_held_out() -> None:
    kept = material(group="kept", question="Should we ban zoos?")
    asked = material(group="asked", question="Should surgery of the eyes be banned?")
    copied = material(
        group="copied",
        question="Are lakes deep?",
        opinions=("No lake that I have ever seen in my life was deep enough for ships.", "No."),
    )
    tested = material(
        group="tested",
        question="We should ban eye surgery of the eyes",
        opinions=("No lake that I have ever seen in my life was deep enough for ships!", "Yes."),
        split="test",
    )
    found = separated([kept, asked, copied, tested])
    assert [one.group for one in found.materials] == ["kept", "tested"]
    assert sum(found.dropped.values()) == 2
    assert any("opinion" in reason for reason in found.dropped)


def test_validation_gives_way_to_the_test_and_training_to_both() -> None:
    found = separated([material(split=split) for split in ("train", "validation", "test")])
    assert [one.split for one in found.materials] == ["test"]


def test_every_spelling_of_a_text_that_is_held_out_is_left_out() -> None:
    said = "No lake that I have ever seen in my life was deep enough for ships"
    spelled = [
        material(group=f"g{n}", question=f"Is {lake} deep?", opinions=(text, "No."))
        for n, (lake, text) in enumerate([("Como", f"{said}."), ("Garda", said.upper())])
    ]
    tested = material(question="Are roads long?", opinions=(said, "Yes."), split="test")
    found = separated([*spelled, tested])
    assert [one.question for one in found.materials] == ["Are roads long?"]
    assert found.dropped == {"an opinion or statement is held out elsewhere": 2}


def test_what_stands_aside_holds_out_and_is_not_returned() -> None:
    train = [material(question=question) for question in ("Are lakes deep?", "Is ink wet?")]
    aside = [replace(train[0], split="test"), train[1]]
    found = separated(train, aside)
    assert (found.materials, sum(found.dropped.values())) == ((train[1],), 1)


def splits(folder: Path, **wholes: str) -> str:
    path = folder / "splits.json"
    path.write_text(
        json.dumps(
            {
                "deliberationbank": {
                    whole.replace("_", " "): split for whole, split in wholes.items()
                }
            }
        )
    )
    return str(path)


def test_a_file_of_splits_names_questions_or_theses(tmp_path: Path) -> None:
    lines = [group(1, "Should zoos be abolished?", split=""), group(2, "Are lakes deep?")]
    path = written(tmp_path / "groups.jsonl", lines)
    named = Path(splits(tmp_path, We_should_abolish_zoos="test"))
    assert [m.split for m in read_material("statements", path, splits=named)] == ["test", "train"]


def test_a_contradiction_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "groups.jsonl", [group(7, "Are lakes deep?", split="train")])
    named = splits(tmp_path, Are_lakes_deep="test")
    with pytest.raises(InputError, match=r"splits.json.*t7 is in the split 'train'.*'test'"):
        gather([source(path, splits=named)])


def test_half_a_split_is_an_error(tmp_path: Path) -> None:
    lines = [group(1, "Are lakes deep?"), group(2, "Are roads long?", split="")]
    with pytest.raises(InputError, match="1 of 2 statements have no split"):
        gather([source(written(tmp_path / "groups.jsonl", lines))])


def test_parts_are_called_train_and_validation(tmp_path: Path) -> None:
    lines = [group(1, "Are lakes deep?", split="A"), group(2, "Are roads long?", split="B")]
    lines += [group(3, "Are books dear?", split="train"), group(4, "Is ink wet?", split="C")]
    path = written(tmp_path / "groups.jsonl", lines)
    found = gather([source(path, train=("A",), validation=("B",))]).materials
    assert [m.split for m in found] == ["train", "validation", "unused", "C"]
    with pytest.raises(SettingsError, match="'A' is for training and for validation"):
        gather([source(path, train=("A",), validation=("A",))])


def test_filters_say_how_many_they_took(tmp_path: Path) -> None:
    lines = [group(1, "Are lakes deep?"), group(2, "Are roads long?", statement="Yes we do.")]
    path = written(tmp_path / "groups.jsonl", lines)
    found = gather([source(path, min_words=4)])
    assert (found.read, dict(found.dropped)) == (2, {"fewer than 4 words": 1})
    assert [m.statement for m in found.materials] == [STATEMENT]
    with pytest.raises(InputError, match=r"no statement is left.*more than 2 words: 2") as caught:
        gather([source(path, max_words=2)])
    assert "Loosen the filter" in caught.value.fix


def test_a_held_out_statement_of_the_wrong_length_holds_out_its_question(tmp_path: Path) -> None:
    short = group(2, "Should lakes be deep?", statement="Yes.", split="test")
    lines = [group(1, "Are lakes deep?"), short, group(3, "Are roads long?")]
    found = gather([source(written(tmp_path / "groups.jsonl", lines), min_words=4)])
    assert [m.question for m in found.materials] == ["Are roads long?"]
    assert found.read == 3
    assert dict(found.dropped) == {"fewer than 4 words": 1, "question is held out elsewhere": 1}


def test_a_held_out_statement_of_poor_quality_holds_out_its_question(tmp_path: Path) -> None:
    lines = [
        {"question": question, "opinions": ["A.", "B."], "statement": STATEMENT} | more
        for question, more in (
            ("Are lakes deep?", {"split": "train", "quality": 6}),
            ("Should lakes be deep?", {"split": "test", "quality": 2}),
            ("Are roads long?", {"split": "train", "quality": [6, 7]}),
            ("Are roads long?", {"split": "train", "quality": [2, 3]}),
        )
    ]
    path = written(tmp_path / "table.jsonl", lines)
    found = gather([MaterialSource(reader="jsonl", path=str(path))])
    assert [m.question for m in found.materials] == ["Are roads long?"]
    assert found.read == 4
    assert dict(found.dropped) == {
        "mean quality not above 5": 2,
        "question is held out elsewhere": 1,
    }


def test_questions_are_dealt_alike_whatever_quality_is_asked_for(tmp_path: Path) -> None:
    lines = [
        {
            "question": f"Is {word} good?",
            "opinions": ["A.", "B."],
            "statement": STATEMENT,
            "quality": 4 + place % 3,
        }
        for place, word in enumerate(["ink", "bread", "rain", "sleep", "wool", "salt", "tea"])
    ]
    path = written(tmp_path / "table.jsonl", lines)
    all_, some = (
        {m.question: m.split for m in gather([one]).materials}
        for one in (
            MaterialSource(reader="jsonl", path=str(path), quality_above=least)
            for least in (0.0, 4.5)
        )
    )
    assert 0 < len(some) < len(all_)
    assert some.items() <= all_.items()


def test_sources_beside_hold_out_their_questions_and_give_nothing(tmp_path: Path) -> None:
    own = [group(1, "Are lakes deep?"), group(2, "Are roads long?")]
    other = [group(8, "Should lakes be deep?", split="test"), group(9, "Is ink wet?")]
    mine = source(written(tmp_path / "own.jsonl", own))
    beside = source(written(tmp_path / "other.jsonl", other))
    found = gather([mine], beside=[beside])
    assert [m.group for m in found.materials] == ["t2"]
    assert (found.read, sum(found.dropped.values())) == (2, 1)
    assert len(gather([mine]).materials) == 2


def test_an_unknown_reader_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"(?s)'parchment'.*statements, platform"):
        gather([MaterialSource(reader="parchment", path=str(tmp_path))])

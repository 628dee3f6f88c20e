"""`acuerdo train data` writes examples by split, and a card that says what they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acuerdo.api import build_data
from acuerdo.cli.train import train_app
from acuerdo.datasets import read_data_run, read_examples
from acuerdo.domain.errors import InputError
from acuerdo.prompts import template_hash
from tests.datasets.material.groups import CRITIQUES, REVISED, group, written

RUN = """
name = "small"
orders = 2
seed = 5

[[data]]
reader = "statements"
path = "${HERE}/groups.jsonl"
min_words = 4
"""


@pytest.fixture
def run_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HERE", str(tmp_path))
    written(
        tmp_path / "groups.jsonl",
        [
            group(1, "Are lakes deep?", critiques=list(CRITIQUES), revised=REVISED),
            group(2, "Are roads long?", split="test"),
            group(3, "Is ink wet?", statement="No."),
        ],
    )
    path = tmp_path / "data.toml"
    path.write_text(RUN, "utf-8")
    return path


def test_examples_and_cards_are_written(run_file: Path, tmp_path: Path) -> None:
    built = build_data(run_file, tmp_path / "out")
    train = read_examples(built.folder / "train.jsonl")
    test = read_examples(built.folder / "test.jsonl")
    assert [example.id.rpartition(":")[0] for example in train] == [
        *["t1:first:1"] * 2,
        *["t1:revision:1"] * 2,
    ]
    assert {example.material.question for example in test} == {"Are roads long?"}
    card = json.loads((built.folder / "card.json").read_text("utf-8"))
    assert card == built.card
    assert card["statements"] == {"read": 4, "kept": 3, "examples": 6}
    assert card["splits"]["train"] == {
        "questions": 1,
        "groups": 1,
        "first_drafts": 1,
        "revisions": 1,
        "examples": 4,
    }
    assert card["dropped"] == {"fewer than 4 words": 1}
    assert card["statement_words"]["50%"] == 7
    assert (card["template"], card["template_hash"]) == ("plain", template_hash("plain"))
    assert card["licences"] == {"opinions Apache-2.0, statements CC BY 4.0": 3}
    told = (built.folder / "card.md").read_text("utf-8")
    assert "drafted by a large language model, not by people, and rated by nobody" in told
    assert "DeliberationBank" in told
    assert "| train | 1 | 1 | 1 | 1 | 4 |" in told


def test_the_same_run_writes_the_same_bytes(run_file: Path, tmp_path: Path) -> None:
    one, two = build_data(run_file, tmp_path / "one"), build_data(run_file, tmp_path / "two")
    for name in ("train.jsonl", "test.jsonl", "card.json", "card.md"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()


def test_nothing_is_written_if_nothing_is_left(run_file: Path, tmp_path: Path) -> None:
    run_file.write_text(RUN.replace("min_words = 4", "min_words = 40"), "utf-8")
    with pytest.raises(InputError, match="fewer than 40 words: 4"):
        build_data(run_file, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("min_words = 4", "min_word = 4", "data 1.*no key 'min_word'"),
        ("orders = 2", "orders = 0", "orders"),
        ('name = "small"', "", "name"),
        ("${HERE}", "${NOBODY_SET_THIS}", "NOBODY_SET_THIS"),
    ],
)
def test_bad_run_files_are_explained(old: str, new: str, said: str, run_file: Path) -> None:
    run_file.write_text(RUN.replace(old, new), "utf-8")
    with pytest.raises(InputError, match=said):
        read_data_run(run_file)


def test_the_command_takes_a_run_file_or_data(run_file: Path, tmp_path: Path) -> None:
    groups = str(tmp_path / "groups.jsonl")
    for words in ([str(run_file)], [groups, "--orders", "2", "--min-words", "4"]):
        done = CliRunner().invoke(
            train_app, ["data", *words, "--out", str(tmp_path / "out"), "--quiet"]
        )
        assert done.exit_code == 0, done.output
        assert "train: 4 examples of 1 groups and 1 questions" in done.output
        assert "left out: 1 (fewer than 4 words)" in done.output
        assert "not by people" in done.output


def test_bad_data_leave_with_code_two(tmp_path: Path) -> None:
    for words in (["nowhere.jsonl"], ["nowhere.toml"], ["x.jsonl", "--reader", "parchment"]):
        done = CliRunner().invoke(train_app, ["data", *words, "--out", str(tmp_path / "out")])
        assert done.exit_code == 2, done.output
    assert not (tmp_path / "out").exists()

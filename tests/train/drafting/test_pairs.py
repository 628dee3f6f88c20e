"""Preference pairs from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.completions import Message
from acuerdo.domain.errors import InputError
from acuerdo.train.drafting.pairs import Preference, counts_of_preferences, read_preferences


def written(tmp_path: Path, *lines: Any) -> Path:
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


HELD_OUT = {"prompt": "Trees?", "chosen": "More.", "rejected": "Fewer.", "split": "validation"}


def pair(**changes: Any) -> dict[str, Any]:
    return {"prompt": "Parks?", "chosen": "Open.", "rejected": "Shut.", "split": "train"} | changes


def test_texts_and_messages_are_read_alike(tmp_path: Path) -> None:
    spoken = pair(
        prompt=[{"role": "system", "content": "Write."}, {"role": "user", "content": "Parks?"}],
        chosen=[{"role": "assistant", "content": "Open."}],
        rejected=[{"role": "assistant", "content": "Shut."}],
        reason="stance",
    )
    plain, messages, _ = read_preferences([written(tmp_path, pair(), spoken, HELD_OUT)], seed=0)
    assert plain == Preference((Message("user", "Parks?"),), "Open.", "Shut.", "train")
    assert messages.prompt == (Message("system", "Write."), Message("user", "Parks?"))
    assert (messages.chosen, messages.rejected, messages.reason) == ("Open.", "Shut.", "stance")


def test_without_splits_whole_prompts_are_held_out(tmp_path: Path) -> None:
    lines = [pair(prompt=f"Question {k // 2}?", split="") for k in range(400)]
    found = read_preferences([written(tmp_path, *lines)], seed=3)
    assert len(found) == 400
    held_out = {p.prompt for p in found if p.split == "validation"}
    assert not held_out & {p.prompt for p in found if p.split == "train"}
    assert 8 <= len(held_out) <= 35
    assert found == read_preferences([tmp_path / "pairs.jsonl"], seed=3)


def test_where_all_pairs_are_for_training_whole_questions_are_held_out(tmp_path: Path) -> None:
    lines = [pair(prompt=f"Group {k}", question=f"Question {k // 4}?") for k in range(400)]
    first = written(tmp_path, *lines[:200])
    second = tmp_path / "more.jsonl"
    second.write_text("".join(json.dumps(line) + "\n" for line in lines[200:]))
    found = read_preferences([first, second], seed=3)
    assert len(found) == 400
    held_out = {p.question for p in found if p.split == "validation"}
    assert not held_out & {p.question for p in found if p.split == "train"}
    assert 4 <= len(held_out) <= 20


def test_pairs_that_are_held_out_already_are_the_only_ones(tmp_path: Path) -> None:
    lines = [pair(prompt=f"Group {k}", question=f"Question {k}?") for k in range(100)]
    found = read_preferences([written(tmp_path, *lines, HELD_OUT)], seed=3)
    assert [p.prompt[0].content for p in found if p.split == "validation"] == ["Trees?"]


def test_one_question_that_is_held_out_leaves_nothing_to_learn(tmp_path: Path) -> None:
    path = written(tmp_path, pair(question="Parks?"), pair(question="Parks?"))
    assert {p.split for p in read_preferences([path], seed=1)} == {"train"}
    with pytest.raises(InputError, match="none of the 2 pairs") as error:
        read_preferences([path], seed=13)
    assert "of other questions" in error.value.fix


def test_lines_end_at_line_feeds_only(tmp_path: Path) -> None:
    odd = "One\u2028two\u2029three\x85four."
    path = tmp_path / "pairs.jsonl"
    line = json.dumps(pair(chosen=odd), ensure_ascii=False)
    path.write_bytes(f"{line}\r\n\n{json.dumps(HELD_OUT)}".encode())
    assert [p.chosen for p in read_preferences([path], seed=0)] == [odd, "More."]


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    path = written(tmp_path, pair(), HELD_OUT)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [p.split for p in read_preferences([path], seed=0)] == ["train", "validation"]


def test_other_splits_are_left_out(tmp_path: Path) -> None:
    found = read_preferences([written(tmp_path, pair(), pair(split="test"), HELD_OUT)], seed=0)
    assert [p.split for p in found] == ["train", "validation"]
    with pytest.raises(InputError, match="none of the 1 pairs"):
        read_preferences([written(tmp_path, pair(split="test"))], seed=0)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (pair(prompt=""), "field 'prompt'"),
        (pair(prompt=[{"role": "judge", "content": "x"}]), "field 'prompt'"),
        (pair(chosen=None), "field 'chosen'"),
        (pair(rejected="  "), "field 'rejected'"),
        (pair(rejected="Open. "), "line 2"),
        (pair(question=["Trees?"]), "field 'question'"),
        ([1], "line 2"),
    ],
)
def test_errors_name_line_and_field(tmp_path: Path, line: Any, where: str) -> None:
    path = written(tmp_path, pair(), line)
    with pytest.raises(InputError) as error:
        read_preferences([path], seed=0)
    assert "line 2" in error.value.where
    assert where in error.value.where


def test_counts_say_who_wrote_them_and_why_they_won(tmp_path: Path) -> None:
    lines = (pair(author="a model", reason="stance"), pair(author="a model"), HELD_OUT)
    counts = counts_of_preferences(read_preferences([written(tmp_path, *lines)], seed=0))
    assert [(c["statements_written_by"], c["decided_by"], c["pairs"]) for c in counts] == [
        ("a model", "", 1),
        ("a model", "stance", 1),
        ("", "", 1),
    ]

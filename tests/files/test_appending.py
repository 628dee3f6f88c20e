"""Lines are added whole, and half a line that was there stays by itself."""

from __future__ import annotations

from pathlib import Path

from acuerdo.files import append_lines


def test_lines_follow_one_another(tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.jsonl"
    append_lines(path, b"one\ntwo\n", ends_well=True)
    append_lines(path, b"three\n", ends_well=True)
    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_half_a_line_swallows_none(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"one\ntw")
    append_lines(path, b"three\n", ends_well=False)
    assert path.read_bytes() == b"one\ntw\nthree\n"

"""What readers found of drafts, read from a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acuerdo.datasets import read_verdicts
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Verdict


def written(folder: Path, *lines: object) -> Path:
    file = folder / "verdicts.jsonl"
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


def test_a_line_is_a_verdict(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        {"group": "g1", "draft": "We agree.", "grade": "wrong", "why": "side", "reader": "Ada"},
        {"group": "g1", "draft": "We differ.", "grade": "fine"},
    )
    assert read_verdicts(file) == (
        Verdict("g1", "We agree.", "wrong", "side", "Ada"),
        Verdict("g1", "We differ.", "fine"),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"group": "g1", "draft": "We agree.", "grade": "good"}, "fine, slip, wrong"),
        ({"group": "g1", "grade": "fine"}, "draft"),
        ({"draft": "We agree.", "grade": "fine"}, "group"),
    ],
)
def test_what_is_no_verdict_is_an_error_naming_the_line(
    line: object, said: str, tmp_path: Path
) -> None:
    good = {"group": "g1", "draft": "We differ.", "grade": "fine"}
    with pytest.raises(InputError) as caught:
        read_verdicts(written(tmp_path, good, line))
    assert "line 2" in str(caught.value)
    assert said in str(caught.value)

"""What people say in a few words, from a file of notes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acuerdo.datasets import MaterialSource, gather
from acuerdo.domain.errors import InputError
from tests.datasets.material.groups import OPINIONS, group

NOTES = ["yes: trees", "no: bays", "undecided: shops"]


def written(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def gathered(folder: Path, *notes: object) -> list[tuple[str, ...]]:
    groups = written(
        folder / "groups.jsonl",
        group(1, "Should we plant trees?", notes=["no", "no", "no"]),
        group(2, "Should we dig a lake?", revised="We dig.", critiques=["", "", "Dig deep."]),
    )
    file = written(folder / "notes.jsonl", *notes)
    source = MaterialSource(reader="statements", path=str(groups), notes=str(file))
    return [material.notes for material in gather([source]).materials]


def test_notes_are_put_beside_first_drafts_and_revisions(tmp_path: Path) -> None:
    assert len(NOTES) == len(OPINIONS)
    assert gathered(tmp_path, {"id": "t2", "notes": NOTES}) == [
        ("no", "no", "no"),
        tuple(NOTES),
        tuple(NOTES),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([{"id": "t2", "notes": ["yes", "", "no"]}], "note is missing"),
        ([{"id": "t2"}], "note is missing"),
        ([{"id": "t2", "notes": NOTES}, {"id": "t2", "notes": NOTES}], "line 2"),
        ([{"id": "t2", "notes": NOTES[:2]}], "as many notes as opinions"),
    ],
)
def test_what_is_no_note_is_an_error(lines: list[object], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        gathered(tmp_path, *lines)
    assert said in str(caught.value)

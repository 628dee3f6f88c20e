"""The journal: nothing is lost to a kill, nothing counts twice, nothing foreign is gone on with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.questions.journal import Journal, Reject, RequestFault, RequestRecord

RECIPE: dict[str, JsonValue] = {"model": "m", "seed": 0, "shown": 10}


def record(number: int, *questions: str, fault: str = "") -> RequestRecord:
    return RequestRecord(
        number=number,
        seed=number * 10,
        shown=("s1", "s2"),
        prompt="p",
        questions=questions,
        rejects=(Reject(text="Hm.", reason="form"),),
        fault=RequestFault.model_validate({"kind": fault, "detail": "d"}) if fault else None,
        prompt_tokens=5,
        seconds=0.5,
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "requests.jsonl"


def test_what_was_added_is_there_again(path: Path) -> None:
    records = (record(0, "Is tax fair?"), record(1, fault="timeout"), record(2))
    Journal(path, RECIPE).add(records)
    assert Journal(path, RECIPE).records == records


def test_a_line_without_its_end_is_whole(path: Path) -> None:
    Journal(path, RECIPE).add([record(0)])
    path.write_bytes(path.read_bytes()[:-1])
    Journal(path, RECIPE).add([record(1)])
    assert Journal(path, RECIPE).records == (record(0), record(1))


@pytest.mark.parametrize("cut", range(2, 120, 7))
def test_half_a_line_of_a_killed_run_is_passed_over(path: Path, cut: int) -> None:
    Journal(path, RECIPE).add([record(0, "Is tax fair?"), record(1, "Is rain wet?")])
    path.write_bytes(path.read_bytes()[:-cut])
    again = Journal(path, RECIPE)
    assert again.records == (record(0, "Is tax fair?"),)
    again.add([record(1, "Is rain wet?"), record(2)])
    assert [kept.number for kept in Journal(path, RECIPE).records] == [0, 1, 2]


def test_a_run_killed_over_its_first_line_begins_anew(path: Path) -> None:
    Journal(path, RECIPE)
    path.write_bytes(path.read_bytes()[:30])
    Journal(path, RECIPE).add([record(0)])
    assert Journal(path, RECIPE).records == (record(0),)


def test_a_broken_line_costs_only_its_own_request(path: Path) -> None:
    Journal(path, RECIPE).add([record(0), record(1), record(2)])
    lines = path.read_bytes().split(b"\n")
    lines[2] = b"\xff\x00{]"
    path.write_bytes(b"\n".join(lines))
    assert [kept.number for kept in Journal(path, RECIPE).records] == [0, 2]


def test_of_two_lines_that_settle_a_request_the_first_counts(path: Path) -> None:
    journal = Journal(path, RECIPE)
    journal.add([record(0, fault="timeout"), record(0, "First?"), record(0, "Second?")])
    expected = (record(0, fault="timeout"), record(0, "First?"))
    assert journal.records == Journal(path, RECIPE).records == expected


def test_another_recipe_is_refused_and_told(path: Path) -> None:
    Journal(path, RECIPE).add([record(0)])
    before = path.read_bytes()
    with pytest.raises(
        SettingsError, match=r'model: "m" there, "n" asked for\)\n.*--fresh'
    ) as error:
        Journal(path, {**RECIPE, "model": "n"})
    assert "seed" not in error.value.what
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", ['{"id": "q1"}\n', "hello", '{"journal":"x"}\n{}\n', "[]\n[]\n"]
)
def test_a_file_that_is_none_of_ours_is_left_alone(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(SettingsError, match="not a journal"):
        Journal(path, RECIPE)
    assert path.read_text() == content


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"requests\.jsonl"):
        Journal(tmp_path / "file" / "requests.jsonl", RECIPE)


def test_lines_hold_what_was_asked_and_why_lines_were_left_out(path: Path) -> None:
    Journal(path, RECIPE).add([record(3, "¿Está bien?")])
    line = json.loads(path.read_text("utf-8").splitlines()[1])
    assert (line["number"], line["seed"], line["shown"]) == (3, 30, ["s1", "s2"])
    assert line["rejects"] == [{"text": "Hm.", "reason": "form"}]

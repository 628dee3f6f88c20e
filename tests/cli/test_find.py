"""The command as a person uses it: files in, statement, report and JSON out, errors in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acuerdo.cli.app import make_app

QUESTION = "Should the library open on Sundays?"
OPINIONS = """person,opinion
Ana,Yes. I work all week. Sunday is the only day I can go to the library with my children.
Ben,Only if the staff agree to it. They need a free day with their families.
Cem,"No. Heating a large building for ten visitors is a waste. Buy more books instead."
"""
WITHOUT_MODEL = ("--drafter", "extractive", "--drafter", "opinions", "--quiet")


@pytest.fixture
def opinions(tmp_path: Path) -> Path:
    file = tmp_path / "opinions.csv"
    file.write_text(OPINIONS, encoding="utf-8")
    return file


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(make_app(), [str(argument) for argument in arguments], input=stdin)


def find_json(*arguments: object, stdin: str | bytes | None = None) -> dict[str, object]:
    result = run("find", *arguments, *WITHOUT_MODEL, "--json", stdin=stdin)
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_json_is_one_object_with_everything_promised(opinions: Path) -> None:
    found = find_json(opinions, "--question", QUESTION)

    promised = {"statement", "candidates", "people", "agreement", "rules", "outcome", "rejected"}
    assert promised <= found.keys()
    people, candidates, matrix = found["people"], found["candidates"], found["agreement"]
    assert isinstance(people, list) and isinstance(candidates, list) and isinstance(matrix, list)
    assert len(matrix) == len(people) == 3
    assert {len(row) for row in matrix} == {len(candidates)}
    assert isinstance(found["rules"], dict)
    assert all(
        winners and all(0 <= index < len(candidates) for index in winners)
        for winners in found["rules"].values()
    )


def test_the_trained_model_predicts_unless_another_is_named(opinions: Path) -> None:
    default = find_json(opinions, "-q", QUESTION)
    similarity = find_json(opinions, "-q", QUESTION, "--predictor", "similarity")

    assert default["models"]["predicting"] == "trained"  # type: ignore[index]
    assert similarity["models"]["predicting"] == "similarity"  # type: ignore[index]
    assert default["agreement"] != similarity["agreement"]


def test_the_same_command_gives_the_same_answer(opinions: Path) -> None:
    first, second = (find_json(opinions, "-q", QUESTION) for _ in range(2))
    for found in (first, second):
        found.pop("seconds")

    assert first == second


def test_standard_input_is_read(opinions: Path) -> None:
    from_file = find_json(opinions, "-q", QUESTION)
    from_stdin = find_json("-", "-q", QUESTION, stdin=OPINIONS)

    assert from_stdin["statement"] == from_file["statement"]


def test_the_report_is_written_and_its_path_printed_last(opinions: Path, tmp_path: Path) -> None:
    report = tmp_path / "new folder" / "out.html"
    result = run("find", opinions, "-q", QUESTION, *WITHOUT_MODEL, "--report", report)

    assert result.exit_code == 0, result.stderr
    assert QUESTION in report.read_text(encoding="utf-8")
    assert result.stdout.rstrip().endswith(str(report))
    assert [file.name for file in report.parent.iterdir()] == ["out.html"]


def test_a_report_that_cannot_be_written_is_an_error_in_words(
    opinions: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    result = run(
        "find", opinions, "-q", QUESTION, *WITHOUT_MODEL, "--report", tmp_path / "taken" / "x.html"
    )

    assert result.exit_code == 1
    assert "could not be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_statement_is_revised_in_the_light_of_critiques(opinions: Path, tmp_path: Path) -> None:
    previous = "We would open the library on Sundays."
    critiques = tmp_path / "critiques.csv"
    critiques.write_text("person,critique\nBen,It forgets the staff and their free day.\n")
    found = find_json(opinions, "-q", QUESTION, "--previous", previous, "--critiques", critiques)

    assert found["outcome"] in ("agreement", "no_common_ground")


def test_a_candidate_written_by_a_person_stands(opinions: Path) -> None:
    own = "We open on Sundays for a year and then ask again."
    found = find_json(opinions, "-q", QUESTION, "--candidate", own)
    candidates = found["candidates"]

    assert isinstance(candidates, list)
    assert (candidates[0]["text"], candidates[0]["origin"]) == (own, "person")


def test_known_ratings_count_as_known(opinions: Path, tmp_path: Path) -> None:
    own = "We open on Sundays for a year and then ask again."
    ratings = tmp_path / "ratings.csv"
    ratings.write_text(f'person,candidate,rating\nAna,"{own}",7\nBen,"{own}",7\nCem,"{own}",7\n')
    found = find_json(opinions, "-q", QUESTION, "--candidate", own, "--ratings", ratings)

    assert found["statement"] == own
    assert [row[0] for row in found["agreement"]] == [7.0, 7.0, 7.0]  # type: ignore[index,attr-defined]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"person,opinion\nAna,Yes.\n", "1 opinion"),
        (b"person,opinion\n" + b"".join(b"P%d,Yes %d.\n" % (i, i) for i in range(31)), "31"),
        (b"person,colour\nAna,red\nBen,blue\n", "column"),
        (b"person,opinion\nAna,Yes.\nAna,No.\n", "Ana"),
        (b"person,opinion\nAna,Yes.\nBen," + b"x" * 50_000 + b"\n", "50,000"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "PNG"),
        ("person,opinion\nAna,Sí.\nBen,Acción.\n".encode("latin-1"), "UTF-8"),
    ],
    ids=["empty", "one", "31", "column", "twice", "long", "picture", "encoding"],
)
def test_bad_files_end_in_an_error_that_names_the_file(
    tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    report = tmp_path / "out.html"
    result = run("find", file, "-q", QUESTION, *WITHOUT_MODEL, "--json", "--report", report)

    assert result.exit_code == 2
    assert "bad.csv" in result.stderr
    assert words in result.stderr
    assert result.stdout == ""
    assert not report.exists()


@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("--rule", "dictator", "schulze"),
        ("--predictor", "oracle", "trained, similarity"),
        ("--drafter", "poet", "extractive"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    opinions: Path, option: str, value: str, named: str
) -> None:
    result = run("find", opinions, "-q", QUESTION, option, value, "--drafter", "extractive")

    assert result.exit_code == 2
    assert value in result.stderr
    assert named in result.stderr


def test_a_missing_question_is_asked_for(opinions: Path) -> None:
    result = run("find", opinions, *WITHOUT_MODEL)

    assert result.exit_code == 2
    assert "question" in result.stderr

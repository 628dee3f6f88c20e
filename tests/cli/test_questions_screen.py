"""`acuerdo questions screen` and `review` as a person uses them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from acuerdo.cli.app import make_app
from acuerdo.cli.questions_deciding import decide_in_turn
from acuerdo.domain.questions import DebateQuestion, Decision, Reason
from acuerdo.questions import ReviewLog

QUESTIONS = {
    "fine": "Should shops close on Sundays?",
    "bad": "Should all Muslims be deported?",
    "unsure": "Should refugees be left to fend for themselves?",
}


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "120"}).invoke(make_app(), ["questions", *map(str, arguments)])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    lines = [json.dumps({"id": name, "text": text}) for name, text in QUESTIONS.items()]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.jsonl"
    reasons = (Reason("rule", "removal", "“these words”", 0.7),)
    ReviewLog(path).record(
        [
            (DebateQuestion(name, f"Is {name} [red]so[/]?"), Decision(name, "review", 2, reasons))
            for name in ("one", "two", "three")
        ],
        "2026-01-01T10:00:00+00:00",
    )
    return path


def test_a_file_is_screened_and_the_allowed_ones_are_written(corpus: Path) -> None:
    kept = corpus.with_name("kept.jsonl")
    done = run("screen", corpus, "--output", kept, "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["questions"] == 3
    assert told["verdicts"]["block"] >= 1
    ids = [json.loads(line)["id"] for line in kept.read_text("utf-8").splitlines()]
    assert "fine" in ids
    assert "bad" not in ids
    again = run("screen", corpus)
    assert again.exit_code == 0, again.stderr
    assert "3 questions" in again.stdout
    assert "removal (rule)" in again.stdout


def test_people_stand_over_the_screen_when_it_runs_again(corpus: Path) -> None:
    log = corpus.with_name("log.jsonl")
    kept = corpus.with_name("kept.jsonl")
    run("screen", corpus, "--log", log)
    ReviewLog(log).decide("bad", "allow", "Ana", "a test", "2026-01-01T10:00:00+00:00")
    done = run("screen", corpus, "--log", log, "-o", kept, "--json")
    assert json.loads(done.stdout)["by_people"] == 1
    assert '"bad"' in kept.read_text("utf-8")


def test_one_question_is_judged_with_its_reasons() -> None:
    done = run("screen", "--one", QUESTIONS["bad"])
    assert done.exit_code == 0, done.stderr
    assert "block" in done.stdout
    assert "removal (rule)" in done.stdout
    fine = run("screen", "--one", QUESTIONS["fine"])
    assert "no source has anything against it" in fine.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "either a file"),
        (["missing.jsonl"], "missing.jsonl"),
        (["--one", " "], "empty"),
        (["--one", "Why?", "-m", "x", "--model-weight", "2"], "not from 0 to 1"),
    ],
)
def test_bad_input_is_said(arguments: list[str], said: str) -> None:
    done = run("screen", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def keys(*pressed: str) -> Iterator[str]:
    yield from pressed
    yield "q"


def test_keys_decide_skip_and_undo(log: Path) -> None:
    opened, written = ReviewLog(log), io.StringIO()
    shown = Console(file=written, width=100)
    pressed = keys("a", "x", "b", "u", "s", "b")
    assert decide_in_turn(opened, "Ana", shown, lambda: next(pressed)) == 2
    stands = {name: decision.verdict for name, decision in ReviewLog(log).current().items()}
    assert sorted(stands.values()) == ["allow", "block", "review"]
    assert "[red]so[/]" in written.getvalue()


def test_keys_may_come_through_a_pipe(log: Path) -> None:
    waiting = len(ReviewLog(log).queue())
    done = CliRunner().invoke(
        make_app(), ["questions", "review", str(log), "--by", "Ana"], input="s\n\nb\n"
    )
    assert done.exit_code == 0, done.output
    assert f"1 decided, {waiting - 1} questions still wait." in done.output


def test_undo_with_nothing_to_undo_changes_nothing(log: Path) -> None:
    pressed = keys("u")
    shown = Console(file=io.StringIO(), width=100)
    assert decide_in_turn(ReviewLog(log), "Ana", shown, lambda: next(pressed)) == 0
    assert len(ReviewLog(log).queue()) == 3


def test_the_queue_goes_out_as_a_table_and_comes_back(log: Path, tmp_path: Path) -> None:
    table = tmp_path / "queue.csv"
    out = run("review", log, "--export", table)
    assert out.exit_code == 0, out.stderr
    assert "3 questions" in out.stdout
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"), newline="")))
    rows[0]["decision"] = "block"
    back = tmp_path / "back.csv"
    with back.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert run("review", log, "--import", back).exit_code == 2
    done = run("review", log, "--import", back, "--by", "Ben")
    assert "0 allowed, 1 blocked, 2 left open" in done.stdout
    history = run("review", log, "--log", rows[0]["id"])
    assert "Ben: block" in history.stdout
    assert "screen: review" in history.stdout


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = run("review", tmp_path / "no.jsonl", "--by", "Ana")
    assert done.exit_code == 2
    assert "no log of decisions" in done.stderr

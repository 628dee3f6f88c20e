"""The queue as a spreadsheet table: guarded out, checked row by row on its way back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion, Decision, Reason
from acuerdo.questions import ReviewLog, queue_table, take_queue_table

AT = "2026-01-01T10:00:00+00:00"
TEXTS = {"q1": "=SUM(A1)?", "-q2": "Should, “perhaps”,\nboth stay?", "q3": "@all?"}


@pytest.fixture
def log(tmp_path: Path) -> ReviewLog:
    log = ReviewLog(tmp_path / "d.jsonl")
    reasons = (Reason("rule", "removal", "+words", 0.7),)
    log.record(
        [(DebateQuestion(i, t), Decision(i, "review", 2, reasons)) for i, t in TEXTS.items()], AT
    )
    return log


def filled_in(log: ReviewLog, decisions: dict[str, str], note: str = "") -> str:
    rows = list(csv.DictReader(io.StringIO(queue_table(log), newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=";")
    writer.writeheader()
    for row in rows:
        said = decisions.get(row["id"].lstrip("'"), "")
        writer.writerow({**row, "decision": said, "note": note if said else ""})
    return "\ufeff" + out.getvalue()


def test_cells_that_would_be_formulas_are_guarded(log: ReviewLog) -> None:
    rows = list(csv.DictReader(io.StringIO(queue_table(log), newline="")))
    cells = {row["id"]: row["question"] for row in rows}
    assert cells["q1"] == "'=SUM(A1)?"
    assert cells["q3"] == "'@all?"
    assert cells["'-q2"] == TEXTS["-q2"]
    assert rows[0]["severity"] == "medium"
    assert (rows[0]["decision"], rows[0]["note"]) == ("", "")


def test_a_filled_in_table_comes_back(log: ReviewLog) -> None:
    table = filled_in(log, {"q1": "Allow", "-q2": " block "}, note="=fine")
    done = take_queue_table(log, table, "Ana", AT, where="queue.csv")
    assert (done.allowed, done.blocked, done.open) == (1, 1, 1)
    assert log.standing("-q2").verdict == "block"
    assert log.standing("q1").reasons[0].detail == "=fine"
    assert [decision.question for decision in log.queue()] == ["q3"]


def test_bad_rows_are_named_and_nothing_is_taken_over(log: ReviewLog) -> None:
    table = filled_in(log, {"q1": "allow", "q3": "maybe"}).replace("'-q2", "q7")
    before = log.path.read_bytes()
    with pytest.raises(InputError) as caught:
        take_queue_table(log, table, "Ana", AT, where="queue.csv")
    assert "row 2: there is no question 'q7'" in str(caught.value)
    assert "row 4: 'maybe' is neither allow nor block" in str(caught.value)
    assert log.path.read_bytes() == before


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("id,decision\nq1,allow\nq1,block\n", "row 3: the question 'q1' is there twice"),
        ("question,decision\na,b\n", "no column id"),
        ("", "no column id or decision"),
        ('id,decision\nq1,"allow', "cannot be read"),
    ],
)
def test_a_broken_table_is_refused(log: ReviewLog, table: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        take_queue_table(log, table, "Ana", AT, where="queue.csv")
    assert len(log.queue()) == 3

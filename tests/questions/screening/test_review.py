"""The review log: people stand over the screen, everything can be reversed, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError, StorageError
from acuerdo.domain.questions import DebateQuestion, Decision, Reason, Verdict
from acuerdo.questions import ReviewLog

AT = "2026-01-01T10:00:00+00:00"
LATER = "2026-01-02T10:00:00+00:00"


def seen(
    number: int, verdict: Verdict = "review", severity: int = 2, weight: float = 0.7
) -> tuple[DebateQuestion, Decision]:
    question = DebateQuestion(f"q{number}", f"Question {number}?")
    reasons = (Reason("neighbour", "removal", "like another", weight),)
    return question, Decision(question.id, verdict, severity, reasons)


@pytest.fixture
def log(tmp_path: Path) -> ReviewLog:
    log = ReviewLog(tmp_path / "log" / "decisions.jsonl")
    log.record([seen(1), seen(2, "block", 3, 0.95), seen(3, "allow", 0, 0.1)], AT)
    return log


def test_a_persons_decision_stands_over_the_screens(log: ReviewLog) -> None:
    log.decide("q1", "allow", "Ana", "a policy", AT)
    assert log.current()["q1"].verdict == "allow"
    assert log.record([seen(1, "block", 3)], LATER) == 1
    assert log.current()["q1"].by == "Ana"
    assert log.current()["q1"].reasons[0].detail == "a policy"


def test_the_latest_person_counts_and_can_be_taken_back(log: ReviewLog) -> None:
    log.decide("q1", "allow", "Ana", "", AT)
    log.decide("q1", "block", "Ben", "", LATER)
    assert log.standing("q1").by == "Ben"
    assert log.withdraw("q1", "Ana", LATER).by == "Ana"
    assert log.withdraw("q1", "Ana", LATER).by == "screen"
    with pytest.raises(InputError, match="nobody has decided"):
        log.withdraw("q1", "Ana", LATER)
    assert [d.by for d in log.history("q1")] == ["screen", "Ana", "Ben", "Ana", "Ana"]


def test_all_of_it_is_there_after_reading_again(log: ReviewLog) -> None:
    log.decide("q1", "block", "Ana", "why", AT)
    log.decide("q2", "allow", "Ben", "", AT)
    log.withdraw("q2", "Ben", LATER)
    again = ReviewLog(log.path)
    assert again.current() == log.current()
    assert again.history("q2") == log.history("q2")
    assert again.text_of("q1") == "Question 1?"


def test_screening_again_adds_nothing_that_did_not_change(log: ReviewLog) -> None:
    size = log.path.stat().st_size
    assert log.record([seen(1), seen(3, "allow", 0, 0.1)], LATER) == 0
    assert log.path.stat().st_size == size
    assert log.record([seen(1, "allow", 0)], LATER) == 1
    assert log.current()["q1"].verdict == "allow"


def test_the_queue_is_what_waits_the_gravest_and_least_certain_first(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "d.jsonl")
    waiting = [seen(1, severity=1), seen(2, weight=0.85), seen(3, weight=0.66), seen(4, severity=3)]
    log.record([*waiting, seen(5, "block"), seen(6, "allow", 0)], AT)
    assert [decision.question for decision in log.queue()] == ["q4", "q3", "q2", "q1"]
    log.decide("q3", "block", "Ana", "", AT)
    assert [decision.question for decision in log.queue()] == ["q4", "q2", "q1"]


def test_half_a_line_of_a_killed_run_is_passed_over(log: ReviewLog) -> None:
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"decisions":[{"question":"q9","ver')
    again = ReviewLog(log.path)
    assert (again.damaged, "q9" in again.current()) == (1, False)
    again.decide("q1", "block", "Ana", "", AT)
    once_more = ReviewLog(log.path)
    assert once_more.standing("q1").verdict == "block"
    assert once_more.damaged == 1


def test_many_decisions_are_kept_together_or_not_at_all(log: ReviewLog) -> None:
    before = log.path.read_bytes()
    with pytest.raises(InputError, match="no question 'q9'"):
        log.decide_all([("q1", "allow", ""), ("q9", "block", "")], "Ana", AT)
    assert log.path.read_bytes() == before
    assert log.standing("q1").by == "screen"


@pytest.mark.parametrize("by", ["", "  ", "screen"])
def test_somebody_has_to_decide(log: ReviewLog, by: str) -> None:
    with pytest.raises(InputError, match="not the name of a person"):
        log.decide("q1", "allow", by, "", AT)


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="could not be kept"):
        ReviewLog(tmp_path / "file" / "log.jsonl").record([seen(1)], AT)


def test_severity_follows_the_verdict(log: ReviewLog) -> None:
    assert log.decide("q1", "allow", "Ana", "", AT).severity == 0
    assert log.decide("q3", "block", "Ana", "", AT).severity == 1

"""Requests that fail, models that die, budgets that end: nothing is lost, nobody waits for ever."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from acuerdo.domain.completions import Completion, Fault, FaultKind, Reply, Request, Usage
from acuerdo.domain.errors import BudgetExceeded, Cancelled, ModelError
from acuerdo.ports import OnReply, Watch
from acuerdo.questions.drawing import draw_of
from tests.questions.writing_parts import (
    SEEDS,
    Backwards,
    inventive,
    numbers_asked,
    options,
    parts,
    texts,
    written,
)


class BreaksOff(Backwards):
    """Answers the first two of a call and the last, then somebody stops it or it dies."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        assert on_reply is not None
        for place in (3, 1, 0):
            on_reply(place, Completion(inventive(requests[place]), "stop"))
        on_reply(2, Fault("cancelled", "Stopped."))
        raise self.error


@pytest.mark.parametrize("error", [Cancelled(), ModelError("it died")])
def test_what_came_before_it_broke_off_is_kept(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        written(tmp_path, options(), parts(BreaksOff(error)))
    assert numbers_asked(tmp_path, options()) == [0, 1]
    assert written(tmp_path, options()).questions == written(tmp_path / "b", options()).questions


class Failing(Backwards):
    """Fails the requests of some places in the order of all that were ever asked."""

    def __init__(self, failing: set[int], kind: FaultKind = "timeout") -> None:
        self.failing, self.kind = failing, kind
        self.asked = 0

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        replies: list[Reply] = []
        for request in requests:
            failed = self.asked in self.failing
            self.asked += 1
            fault = Fault(self.kind, "Nobody answered.", usage=Usage(3, 0))
            replies.append(fault if failed else Completion(inventive(request), "stop"))
        return replies


def test_a_failed_request_is_asked_again_by_the_next_run_only(tmp_path: Path) -> None:
    first = written(tmp_path, options(10), parts(Failing({1, 2})))
    assert (first.state, first.report.failed) == ("complete", 2)
    assert numbers_asked(tmp_path, options()).count(1) == 1
    later = written(tmp_path, options(40), parts(Backwards()))
    assert later.report.failed == 0
    asked = numbers_asked(tmp_path, options())
    assert (asked.count(1), asked.count(2)) == (2, 2)
    assert len(set(asked)) == later.report.requests
    assert len(set(texts(later.questions))) == 40
    assert later.questions[:10] == first.questions


def test_a_refused_request_is_not_asked_again(tmp_path: Path) -> None:
    first = written(tmp_path, options(10), parts(Failing({1}, "refused")))
    assert (first.report.failed, first.report.refused) == (0, 1)
    written(tmp_path, options(30), parts(Backwards()))
    assert numbers_asked(tmp_path, options()).count(1) == 1


def test_a_model_that_only_fails_is_given_up_and_its_requests_wait(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"6 requests in a row.*timeout: Nobody answered") as error:
        written(tmp_path, options(most_faults=6), parts(Failing(set(range(99)))))
    assert "Run the same command again" in error.value.fix
    assert numbers_asked(tmp_path, options()) == list(range(8))
    whole = written(tmp_path / "whole", options())
    assert set(texts(written(tmp_path, options()).questions)) & set(texts(whole.questions))


class NeverAnswers(Backwards):
    """Fails the requests of these numbers whenever they are asked."""

    def __init__(self, numbers: range) -> None:
        self.seeds = {draw_of(number, SEEDS, 4, seed=0).seed for number in numbers}

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        good = super().complete(requests, watch)
        return [
            Fault("timeout", "Nobody answered.") if request.seed in self.seeds else reply
            for request, reply in zip(requests, good, strict=True)
        ]


def test_requests_that_always_fail_do_not_keep_others_from_being_asked(tmp_path: Path) -> None:
    asked = options(10, at_once=8, most_faults=8)
    made = parts(NeverAnswers(range(8)))
    with pytest.raises(ModelError):
        written(tmp_path, asked, made)
    # All eight fail again, but only so many at once that good ones come between.
    done = written(tmp_path, asked, made)
    assert (done.state, done.report.failed) == ("complete", 8)


def test_a_request_that_fails_again_is_left_for_a_later_run(tmp_path: Path) -> None:
    made = parts(NeverAnswers(range(1, 2)))
    written(tmp_path, options(10), made)
    written(tmp_path, options(40), made)
    assert numbers_asked(tmp_path, options()).count(1) == 2


class SpendsItsBudget(Backwards):
    """Has room for six requests."""

    def __init__(self) -> None:
        self.room = 6

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        if not self.room:
            raise BudgetExceeded("there is no room for a single request")
        fits, self.room = min(self.room, len(requests)), max(0, self.room - len(requests))
        good = super().complete(requests[:fits], watch)
        over = Fault("over_budget", "The budget is used up.")
        return [*good, *(over for _ in requests[fits:])]


def test_a_budget_that_the_model_keeps_is_a_ceiling_and_leaves_no_trace(tmp_path: Path) -> None:
    made = parts(SpendsItsBudget())
    done = written(tmp_path, options(), made)
    assert (done.state, done.why) == ("ceiling", "The budget is used up.")
    assert numbers_asked(tmp_path, options()) == list(range(6))
    assert "no room" in written(tmp_path, options(), made).why
    assert written(tmp_path, options()).questions == written(tmp_path / "b", options()).questions

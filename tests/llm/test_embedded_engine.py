"""When the embedded model loads its engine, with how much room, and how turns end."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.completions import Completion, Fault
from acuerdo.domain.errors import Cancelled
from acuerdo.llm.engine import Body, EngineOptions
from acuerdo.ports import Progress, Unwatched
from tests.llm.asking import Arrivals, StopsWhen, ask, make_request, only
from tests.llm.engines import Script, Starter, embedded, last, piece, trouble, whole


def too_long_below(context: int) -> Starter:
    def script_for(options: EngineOptions) -> Script:
        if options.context >= context:
            return whole
        return lambda body: [trouble("exceed_context_size_error", n_prompt_tokens=context)]

    return Starter(script_for)


def test_what_does_not_fit_is_asked_again_with_more_room_and_told_once(tmp_path: Path) -> None:
    starter = too_long_below(2048)
    arrivals = Arrivals()
    model = embedded(tmp_path, starter)
    (reply,) = model.complete([make_request()], Unwatched(), arrivals)
    assert isinstance(reply, Completion)
    assert [options.context for options in starter.options] == [1024, 2048]
    assert starter.engines[0].closed
    assert arrivals.replies == [(0, reply)]


def test_an_answer_that_ran_out_of_context_is_asked_again(tmp_path: Path) -> None:
    def script_for(options: EngineOptions) -> Script:
        cut_off = [piece("We"), last(finish="length", prompt=1000, written=24)]
        return (lambda body: cut_off) if options.context == 1024 else whole

    reply = only(embedded(tmp_path, Starter(script_for)), make_request(max_tokens=300))
    assert isinstance(reply, Completion)
    assert reply.text == "seed 1"


def test_what_the_model_cannot_read_at_all_is_too_long(tmp_path: Path) -> None:
    starter = too_long_below(10_000)
    reply = only(embedded(tmp_path, starter))
    assert isinstance(reply, Fault)
    assert reply.kind == "too_long"
    assert "10,000 tokens" in reply.detail
    assert [options.context for options in starter.options] == [1024, 2048, 4096]


def test_a_hopeless_request_costs_the_others_no_restart(tmp_path: Path) -> None:
    starter = too_long_below(10_000)
    ask(embedded(tmp_path, starter), make_request("word " * 20_000), make_request(max_tokens=10))
    assert starter.options[0].context == 1024


def test_longer_requests_get_more_context_at_once(tmp_path: Path) -> None:
    starter = Starter()
    model = embedded(tmp_path, starter)
    ask(model, make_request("word " * 900))
    ask(model, make_request("short"))
    assert [options.context for options in starter.options] == [2048]


def test_more_context_means_fewer_slots_not_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    per_token = 256
    monkeypatch.setattr("acuerdo.llm.embedded.MEMORY", 16 * 1024 * per_token)
    starter = Starter()
    model = embedded(tmp_path, starter)
    ask(model, make_request())
    ask(model, *(make_request("word " * 2000, seed) for seed in range(8)))
    assert [(options.slots, options.context) for options in starter.options] == [
        (16, 1024),
        (4, 4096),
    ]
    assert [body["n"] for body in starter.engines[1].bodies] == [4, 4]


def test_the_model_is_loaded_at_the_first_call_and_only_once(tmp_path: Path) -> None:
    starter = Starter()
    model = embedded(tmp_path, starter)
    assert not starter.options
    ask(model)
    ask(model)
    assert len(starter.options) == 1


def test_closing_frees_the_engine_and_a_later_call_loads_it_again(tmp_path: Path) -> None:
    starter = Starter()
    with embedded(tmp_path, starter) as model:
        ask(model)
    assert starter.engines[0].closed
    ask(model)
    assert len(starter.engines) == 2


def test_loading_is_reported(tmp_path: Path) -> None:
    seen: list[Progress] = []

    class Sees(Unwatched):
        def report(self, progress: Progress) -> None:
            seen.append(progress)

    embedded(tmp_path, Starter()).complete([make_request()], Sees())
    assert [(progress.stage, progress.done) for progress in seen] == [("load", 0), ("load", 1)]


def test_a_stop_ends_every_answer_at_its_next_piece(tmp_path: Path) -> None:
    speaking = threading.Barrier(3)
    asked_to_stop = threading.Event()

    def endless(body: Body) -> Any:
        speaking.wait(10)
        asked_to_stop.set()
        while True:
            yield piece("on and ")

    starter = Starter(lambda options: endless)
    model = embedded(tmp_path, starter)
    requests = [make_request(text) for text in ("a", "b", "c")]
    with pytest.raises(Cancelled):
        model.complete(requests, StopsWhen(asked_to_stop.is_set))
    assert starter.engines[0].stopped == 3
    starter.engines[0].script = whole
    assert isinstance(only(model), Completion)


def test_an_error_of_the_caller_stops_the_engine_before_the_next_turn(tmp_path: Path) -> None:
    starter = Starter()
    model = embedded(tmp_path, starter)

    def fail(index: int, reply: object) -> None:
        raise RuntimeError("the caller's own")

    with pytest.raises(RuntimeError, match="the caller's own"):
        model.complete([make_request(seed=seed) for seed in (1, 5, 9)], Unwatched(), fail)
    assert isinstance(only(model), Completion)


def test_an_error_of_the_engine_is_not_swallowed(tmp_path: Path) -> None:
    def broken(body: Body) -> list[dict[str, Any]]:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        only(embedded(tmp_path, Starter(lambda options: broken)))


def test_calls_from_several_threads_take_turns_and_a_waiting_one_can_be_stopped(
    tmp_path: Path,
) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slow(body: Body) -> list[dict[str, Any]]:
        entered.set()
        leave.wait(10)
        return whole(body)

    model = embedded(tmp_path, Starter(lambda options: slow))
    first = threading.Thread(target=ask, args=(model,))
    first.start()
    assert entered.wait(10)
    looks = iter([False, True])
    with pytest.raises(Cancelled):
        model.complete([make_request()], StopsWhen(lambda: next(looks)))
    leave.set()
    first.join(10)
    assert not first.is_alive()


def test_nothing_to_do_loads_nothing(tmp_path: Path) -> None:
    starter = Starter()
    assert embedded(tmp_path, starter).complete([], Unwatched()) == []
    assert not starter.options

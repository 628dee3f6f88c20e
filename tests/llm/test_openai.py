"""Servers that are slow, broken or overloaded, many requests at once, and stopping."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from acuerdo.domain.completions import Completion, Fault
from acuerdo.domain.errors import Cancelled
from acuerdo.llm import Backoff
from acuerdo.ports import Unwatched
from tests.llm.asking import Arrivals, StopsWhen, ask, make_request, model_at, only
from tests.llm.fault_server import FakeServer, fault_server
from tests.llm.faults import FAULTS

SLOW_FAULTS = {"time_out", "never_answers", "slow_drip"}
EXPECTED = {
    "time_out": "timeout",
    "never_answers": "timeout",
    "slow_drip": "timeout",
    "rate_limited": "rate_limited",
    "rate_limited_for_a_moment": "rate_limited",
    "rate_limited_for_long": "rate_limited",
    "server_error": "server_error",
    "reset": "connection",
    "reset_midway": "connection",
    "cut_off_midway": "connection",
    "huge": "too_large",
    "huge_unannounced": "too_large",
    "refusal": "refused",
    "filtered": "refused",
    "no_choices": "bad_reply",
    "empty_text": "bad_reply",
    "null_text": "bad_reply",
    "wrong_types": "bad_reply",
    "broken_json": "bad_reply",
    "deep_json": "bad_reply",
    "error_page": "bad_reply",
}
"""Faults of the server that are visible as such; the others are texts for a screen to judge."""


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_a_named_fault_or_a_text(fault) -> None:
    timeout = 0.05 if fault in SLOW_FAULTS else 20.0
    with fault_server(fault) as url:
        reply = only(model_at(url, timeout=timeout))
    assert (reply.kind if isinstance(reply, Fault) else None) == EXPECTED.get(fault)


@pytest.mark.parametrize(
    ("fault", "attempts"),
    [
        ("server_error", 3),
        ("reset", 3),
        ("rate_limited_for_a_moment", 3),
        ("broken_json", 1),
        ("refusal", 1),
        ("huge", 1),
    ],
)
def test_only_what_may_pass_is_tried_again(fault, attempts: int) -> None:
    with FakeServer(fault) as server:
        reply = only(model_at(server.url, retries=2))
    assert len(server.seen) == attempts
    assert isinstance(reply, Fault)
    assert reply.retries == reply.usage.retries == attempts - 1


def test_a_server_that_recovers_is_a_success_that_counts_its_retries() -> None:
    with FakeServer("server_error", times=2) as server:
        reply = only(model_at(server.url, retries=3))
    assert isinstance(reply, Completion)
    assert reply.usage.retries == 2


def test_a_long_retry_after_is_not_waited_for() -> None:
    with FakeServer("rate_limited_for_long") as server:
        reply = only(model_at(server.url, retries=5, patience=60.0))
    assert isinstance(reply, Fault)
    assert len(server.seen) == 1


def test_waits_follow_the_seed_and_the_servers_wish() -> None:
    def waits(fault, seed: int) -> list[float]:
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        with fault_server(fault) as url:
            backoff = Backoff(first=1.0)
            only(model_at(url, retries=3, backoff=backoff, jitter_seed=seed, sleep=sleep))
        return slept

    assert waits("server_error", 1) == waits("server_error", 1) != waits("server_error", 2)
    assert all(
        low <= wait <= 2 * low for wait, low in zip(waits("reset", 1), (0.5, 1, 2), strict=True)
    )
    assert all(wait <= 1.001 for wait in waits("rate_limited_for_a_moment", 1))


def test_a_huge_reply_is_not_read_to_its_end() -> None:
    read = []

    async def chunks() -> AsyncIterator[bytes]:
        for number in range(1000):
            read.append(number)
            await asyncio.sleep(0)
            yield b"x" * 1000

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=chunks())

    transport = httpx.MockTransport(answer)
    reply = only(model_at("http://x", max_reply_bytes=50_000, transport=transport))
    assert reply == Fault("too_large", "The reply is larger than 50,000 bytes.", usage=reply.usage)
    assert len(read) < 60


def test_reasoning_that_eats_all_tokens_is_named() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        message = {"content": "", "reasoning_content": "Hmm."}
        choice = {"message": message, "finish_reason": "length"}
        return httpx.Response(200, json={"choices": [choice]})

    reply = only(model_at("http://x", transport=httpx.MockTransport(answer)))
    assert isinstance(reply, Fault)
    assert "thinking" in reply.detail


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"code": "context_length_exceeded"}, "too_long"),
        (400, {"type": "exceed_context_size_error", "code": 400}, "too_long"),
        (413, {}, "too_long"),
        (400, {"code": "content_filter"}, "refused"),
        (429, {"code": "insufficient_quota"}, "rate_limited"),
        (400, {"code": "strange"}, "server_error"),
        (418, {}, "server_error"),
        (501, {}, "server_error"),
    ],
)
def test_lasting_errors_are_told_apart_and_not_tried_again(status, error, kind) -> None:
    calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(status, json={"error": error})

    reply = only(model_at("http://x", transport=httpx.MockTransport(answer)))
    assert isinstance(reply, Fault)
    assert (reply.kind, len(calls)) == (kind, 1)


def test_all_requests_are_in_flight_at_once() -> None:
    requests = [make_request(seed=seed) for seed in range(24)]
    with FakeServer(barrier=24) as server:
        replies = ask(model_at(server.url, retries=0, concurrency=24), *requests)
    assert all(isinstance(reply, Completion) for reply in replies)


def test_concurrency_is_a_ceiling() -> None:
    now, most = 0, 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0)
        now -= 1
        return httpx.Response(200, json={"choices": [{"message": {"content": "Yes."}}]})

    model = model_at("http://x", concurrency=3, transport=httpx.MockTransport(answer))
    replies = ask(model, *(make_request(seed=seed) for seed in range(20)))
    assert (len(replies), most) == (20, 3)


@pytest.mark.parametrize("fault", ["never_answers", "slow_drip", "rate_limited"])
def test_stopping_takes_less_than_a_second(fault) -> None:
    with FakeServer(fault) as server:
        model = model_at(server.url, retries=9, backoff=Backoff(first=60.0))
        wished: list[float] = []

        def all_under_way() -> bool:
            if len(server.seen) == 4:
                wished.append(time.monotonic())
            return bool(wished)

        with pytest.raises(Cancelled):
            requests = [make_request(seed=seed) for seed in range(4)]
            model.complete(requests, StopsWhen(all_under_way))
        assert time.monotonic() - wished[0] < 1.0


def test_replies_before_a_stop_have_been_announced() -> None:
    arrivals = Arrivals()
    with FakeServer("never_answers", when=lambda payload: payload["seed"] > 2) as server:
        enough = StopsWhen(lambda: len(arrivals.replies) == 2)
        with pytest.raises(Cancelled):
            requests = [make_request(seed=seed) for seed in (1, 2, 3)]
            model_at(server.url).complete(requests, enough, arrivals)
    assert arrivals.indices == [0, 1]


def test_an_error_in_the_callers_function_reaches_the_caller() -> None:
    def broken(index: int, reply: object) -> None:
        raise ZeroDivisionError

    with FakeServer("never_answers", when=lambda payload: payload["seed"] == 2) as server:
        model, requests = model_at(server.url), [make_request(seed=seed) for seed in (1, 2)]
        with pytest.raises(ZeroDivisionError):
            model.complete(requests, Unwatched(), broken)


def test_it_works_inside_a_running_event_loop() -> None:
    async def caller() -> Completion | Fault:
        return only(model)

    with fault_server("none") as url:
        model = model_at(url)
        assert isinstance(asyncio.run(caller()), Completion)


def test_threads_end_with_the_call() -> None:
    with fault_server("none") as url:
        ask(model_at(url))
        left = [thread for thread in threading.enumerate() if thread.name == "acuerdo-requests"]
        for thread in left:
            thread.join(2)
    assert not any(thread.is_alive() for thread in left)

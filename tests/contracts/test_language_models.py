"""What every language model promises, whatever is behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from acuerdo.domain.completions import Completion, Fault
from acuerdo.domain.errors import Cancelled
from acuerdo.llm import (
    Backoff,
    Budget,
    BudgetedModel,
    CachedModel,
    OpenAIModel,
    ScriptedModel,
)
from acuerdo.ports import LanguageModel, Unwatched
from tests.llm.asking import Arrivals, StopsWhen, make_request
from tests.llm.fault_server import FakeServer, Payload

Maker = Callable[[str], LanguageModel]
"""Makes a model that echoes its last message, and fails when that is the given text."""

KINDS = ("scripted", "server", "cached", "budgeted", "stacked")


def scripted(bad: str) -> LanguageModel:
    return ScriptedModel(
        lambda request: (
            Fault("server_error", "broken")
            if request.messages[-1].content == bad
            else f"{request.messages[-1].content} says {request.seed}"
        )
    )


def echo(payload: Payload) -> str:
    return f"{payload['messages'][-1]['content']} says {payload['seed']}"


@pytest.fixture(params=KINDS)
def make_model(request: pytest.FixtureRequest, tmp_path) -> Iterator[Maker]:
    with ExitStack() as stack:

        def server(bad: str) -> LanguageModel:
            fake = stack.enter_context(
                FakeServer(
                    "server_error",
                    when=lambda payload: payload["messages"][-1]["content"] == bad,
                    answer=echo,
                )
            )
            return OpenAIModel(fake.url, "fake", retries=1, backoff=Backoff(first=0.001))

        def wrapped(bad: str) -> LanguageModel:
            return CachedModel(BudgetedModel(server(bad), Budget(max_tokens=10**6)), tmp_path)

        yield {
            "scripted": scripted,
            "server": server,
            "cached": lambda bad: CachedModel(scripted(bad), tmp_path),
            "budgeted": lambda bad: BudgetedModel(scripted(bad), Budget()),
            "stacked": wrapped,
        }[request.param]


def test_replies_come_in_the_order_of_the_requests(make_model: Maker) -> None:
    requests = [make_request(f"Text {number}", seed=number) for number in range(12)]
    replies = make_model("").complete(requests, Unwatched())
    assert [reply.text for reply in replies if isinstance(reply, Completion)] == [
        f"Text {number} says {number}" for number in range(12)
    ]


def test_one_failing_request_fails_no_other(make_model: Maker) -> None:
    requests = [make_request(text) for text in ("one", "bad", "three")]
    replies = make_model("bad").complete(requests, Unwatched())
    assert [isinstance(reply, Completion) for reply in replies] == [True, False, True]
    assert isinstance(replies[1], Fault)
    assert replies[1].kind == "server_error"


def test_every_reply_is_announced_once_and_is_the_one_returned(make_model: Maker) -> None:
    arrivals = Arrivals()
    requests = [make_request(text, seed=seed) for text in ("one", "bad") for seed in (1, 1, 2)]
    replies = make_model("bad").complete(requests, Unwatched(), arrivals)
    assert arrivals.indices == list(range(6))
    assert dict(arrivals.replies) == dict(enumerate(replies))


def test_a_wish_to_stop_raises(make_model: Maker) -> None:
    with pytest.raises(Cancelled):
        make_model("").complete([make_request()], StopsWhen(lambda: True))


def test_no_requests_bring_no_replies(make_model: Maker) -> None:
    assert list(make_model("").complete([], Unwatched())) == []


def test_a_model_has_a_name(make_model: Maker) -> None:
    assert make_model("").name


def test_two_threads_can_share_a_model(make_model: Maker) -> None:
    model = make_model("")
    found: dict[str, list[str]] = {}

    def ask(text: str) -> None:
        replies = model.complete([make_request(text, seed=seed) for seed in range(5)], Unwatched())
        found[text] = [reply.text for reply in replies if isinstance(reply, Completion)]

    threads = [threading.Thread(target=ask, args=(text,)) for text in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {
        text: [f"{text} says {seed}" for seed in range(5)] for text in ("left", "right")
    }

"""Requests, watchers and ways to ask, for the tests of language models."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from acuerdo.domain.completions import Message, Reply, Request
from acuerdo.llm import Backoff, OpenAIModel
from acuerdo.ports import LanguageModel, Unwatched

QUICK = Backoff(first=0.001)


def make_request(text: str = "What do we agree on?", seed: int = 1, **overrides: Any) -> Request:
    """Return a request with one user message; overrides are fields of `Request`."""
    return Request(messages=(Message("user", text),), seed=seed, **overrides)


class StopsWhen(Unwatched):
    """A watcher that stops as soon as a condition holds."""

    def __init__(self, condition: Callable[[], bool]) -> None:
        self._condition = condition

    def stopped(self) -> bool:
        return self._condition()


class Arrivals:
    """Records what `on_reply` was called with, from any thread."""

    def __init__(self) -> None:
        self.replies: list[tuple[int, Reply]] = []
        self._lock = threading.Lock()

    def __call__(self, index: int, reply: Reply) -> None:
        with self._lock:
            self.replies.append((index, reply))

    @property
    def indices(self) -> list[int]:
        return sorted(index for index, _ in self.replies)


def model_at(url: str, **options: Any) -> OpenAIModel:
    """Return a model that loses no time between retries; options are those of `OpenAIModel`."""
    defaults: dict[str, Any] = {"timeout": 20.0, "retries": 1, "backoff": QUICK}
    return OpenAIModel(url, "fake", **{**defaults, **options})


def ask(model: LanguageModel, *requests: Request) -> list[Reply]:
    """Return the replies to requests, or to one default request."""
    return list(model.complete(requests or [make_request()], Unwatched()))


def only(model: LanguageModel, request: Request | None = None) -> Reply:
    """Return the reply to one request."""
    return ask(model, request or make_request())[0]

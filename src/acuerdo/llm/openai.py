"""Any server that speaks OpenAI's chat completions: OpenAI, vLLM, Ollama, llama.cpp, LM Studio."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import httpx
import numpy as np

from acuerdo.domain.completions import Completion, Fault, Reply, Request, Usage
from acuerdo.domain.errors import Cancelled
from acuerdo.llm.address import (
    checked_key,
    no_server,
    no_single_model,
    turned_down,
    whole_address,
)
from acuerdo.llm.background import run_in_background
from acuerdo.llm.dialect import NOTES, PLAIN, Dialect, payload
from acuerdo.llm.exchange import Exchange
from acuerdo.llm.replies import Failure, no_probabilities, read_answer, read_models
from acuerdo.llm.retry import BACKOFF, Backoff, asked_wait, next_wait
from acuerdo.ports import OnReply, Watch, stop_if_asked

Sleep = Callable[[float], Awaitable[None]]

_LOOK_EVERY: Final = 0.05
_LOOK_UP_SECONDS: Final = 10.0
_PATIENCE_PER_TIMEOUT: Final = 5
_NO_PREFIX: Final = (
    "Models on a server cannot go on from the beginning of an answer: use a GGUF file here."
)


@dataclass(frozen=True, slots=True)
class _Call:
    """One call of `complete`: the pool of connections and what was asked."""

    client: httpx.AsyncClient
    gate: asyncio.Semaphore
    model: str
    requests: Sequence[Request]
    on_reply: OnReply | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """A reply, and the failure behind it where there was one."""

    reply: Reply
    failure: Failure | None = None


class OpenAIModel:
    """A language model behind an OpenAI-compatible server. Safe to share between threads.

    `base_url`, with or without `/v1`. `model`: if empty, the one model that the server lists.
    `timeout`: seconds one attempt may take from the first byte sent to the last one received,
    however slowly it drips. `patience`: seconds a request may take with all its `retries`, five
    times the `timeout` by default. `concurrency`: requests in flight at once. `jitter_seed`
    decides the jitter of the back-off. `transport` and `sleep` stand in for the network and the
    passing of time in tests.

    Fields that the server rejects are left out from then on and named in `notes`.
    Raises SettingsError if the address or the key cannot be used.
    """

    def __init__(
        self,
        base_url: str,
        model: str = "",
        api_key: str = "",
        *,
        timeout: float = 120.0,
        patience: float | None = None,
        concurrency: int = 32,
        retries: int = 4,
        backoff: Backoff = BACKOFF,
        jitter_seed: int = 0,
        max_reply_bytes: int = 2 * 1024 * 1024,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        key = checked_key(api_key)
        self._address = whole_address(base_url)
        self._has_key = bool(key)
        self._exchange = Exchange(
            self._address,
            key,
            connections=concurrency,
            max_bytes=max_reply_bytes,
            transport=transport,
        )
        self._model = model
        self._timeout = timeout
        self._patience = _PATIENCE_PER_TIMEOUT * timeout if patience is None else patience
        self._concurrency = concurrency
        self._retries = retries
        self._backoff = backoff
        self._jitter_seed = jitter_seed
        self._sleep = sleep
        self._lock = threading.Lock()
        self._dialect: Dialect = PLAIN

    @property
    def name(self) -> str:
        """The model's name; asks the server the first time if none was given (ModelError)."""
        model = self._model_id()
        # llama.cpp names a model by its path, which is nobody else's business.
        return model.replace("\\", "/").rsplit("/", 1)[-1] if model.endswith(".gguf") else model

    @property
    def notes(self) -> tuple[str, ...]:
        """What the server turned out not to do, one sentence each."""
        return tuple(f"The server {NOTES[found]}." for found in NOTES if found in self._dialect)

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        """Complete all requests at once; see `LanguageModel`. `on_reply` must not block.

        Raises ModelError if no server can be reached or it turns every request down alike (key,
        model or address wrong).
        """
        stop_if_asked(watch)
        if not requests:
            return []
        model = self._model_id()
        outcomes = run_in_background(self._complete_all(model, requests, watch, on_reply))
        self._raise_if_unusable([outcome.failure for outcome in outcomes])
        return [outcome.reply for outcome in outcomes]

    async def _complete_all(
        self, model: str, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None
    ) -> list[_Outcome]:
        gate = asyncio.Semaphore(self._concurrency)
        async with self._exchange.client() as client:
            call = _Call(client, gate, model, requests, on_reply)
            tasks = [asyncio.create_task(self._one(call, index)) for index in range(len(requests))]
            try:
                await _all_done(tasks, watch)
                return [task.result() for task in tasks]
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, call: _Call, index: int) -> _Outcome:
        seed = (self._jitter_seed, index, abs(call.requests[index].seed))
        async with call.gate:
            outcome = await self._insist(call, call.requests[index], np.random.default_rng(seed))
        if call.on_reply is not None:
            call.on_reply(index, outcome.reply)
        return outcome

    async def _insist(self, call: _Call, request: Request, rng: np.random.Generator) -> _Outcome:
        """Ask until there is a completion, or no hope or time for one."""
        dialect = self._dialect
        deadline = time.monotonic() + self._patience
        retries = 0
        while True:
            found = await self._attempt(call, request, dialect, deadline)
            if isinstance(found, Completion):
                self._learn(dialect)
                return _Outcome(replace(found, usage=_with_retries(found.usage, retries)))
            if found.cannot and found.cannot not in dialect:
                dialect |= {found.cannot}
                continue
            wait = self._wait(found, retries, deadline, rng)
            if wait is None:
                usage = _with_retries(found.fault.usage, retries)
                return _Outcome(replace(found.fault, retries=retries, usage=usage), found)
            await self._sleep(wait)
            retries += 1

    async def _attempt(
        self, call: _Call, request: Request, dialect: Dialect, deadline: float
    ) -> Completion | Failure:
        if request.prefix:
            return Failure(Fault("unsupported", _NO_PREFIX))
        if request.choices and "logprobs" in dialect:
            self._learn(dialect)
            return Failure(Fault("unsupported", no_probabilities()))
        body = payload(request, call.model, dialect)
        seconds = min(self._timeout, deadline - time.monotonic())
        answer = await self._exchange.post(call.client, "/chat/completions", body, seconds)
        if isinstance(answer, Failure):
            return answer
        return read_answer(answer, request, body, dialect)

    def _wait(
        self, failure: Failure, retries: int, deadline: float, rng: np.random.Generator
    ) -> float | None:
        if not failure.retry or retries >= self._retries:
            return None
        asked = asked_wait(failure.asked, time.time()) if failure.asked else None
        return next_wait(self._backoff, retries, asked, deadline - time.monotonic(), rng)

    def _learn(self, dialect: Dialect) -> None:
        """Keep what made a request succeed, for every request from now on."""
        with self._lock:
            self._dialect |= dialect

    def _model_id(self) -> str:
        with self._lock:
            if not self._model:
                self._model = run_in_background(self._find_model())
            return self._model

    async def _find_model(self) -> str:
        async with self._exchange.client() as client:
            seconds = min(self._timeout, _LOOK_UP_SECONDS)
            answer = await self._exchange.get(client, "/models", seconds)
        if isinstance(answer, Failure):
            raise no_server(self._address)
        if answer.status in {401, 403}:
            raise turned_down(self._address, answer.status, "", self._has_key)
        offered = read_models(answer) or ()
        if len(offered) != 1:
            raise no_single_model(self._address, offered)
        return offered[0]

    def _raise_if_unusable(self, failures: Sequence[Failure | None]) -> None:
        """Raise ModelError if every request failed in a way that every later one would, too."""
        certain = [failure for failure in failures if failure is not None]
        if len(certain) < len(failures):
            return
        if all(failure.unreachable for failure in certain):
            raise no_server(self._address)
        if all(failure.denied for failure in certain):
            raise turned_down(self._address, certain[0].denied, self._model, self._has_key)


async def _all_done(tasks: Sequence[asyncio.Task[_Outcome]], watch: Watch) -> None:
    """Wait until all tasks are done or one broke; raise Cancelled soon after a wish to stop."""
    while True:
        done, pending = await asyncio.wait(
            tasks, timeout=_LOOK_EVERY, return_when=asyncio.FIRST_EXCEPTION
        )
        for task in done:
            task.result()
        if not pending:
            return
        if watch.stopped():
            raise Cancelled


def _with_retries(usage: Usage, retries: int) -> Usage:
    return replace(usage, requests=1, retries=retries)

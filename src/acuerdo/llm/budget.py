"""A ceiling on tokens, money and time that holds before requests are sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from acuerdo.domain.completions import Completion, Fault, Reply, Request, Usage
from acuerdo.domain.errors import BudgetExceeded, Cancelled
from acuerdo.ports import LanguageModel, OnReply, Progress, Watch

Clock = Callable[[], float]

_BYTES_PER_TOKEN: Final = 3
_TOKENS_PER_MESSAGE: Final = 4
_PRICED_TOKENS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Budget:
    """Ceilings, each None for "no ceiling", and the prices of a million tokens.

    `max_tokens` counts prompt and completion tokens together; `max_cost` is in the currency of the
    prices; `max_seconds` runs from the first request on. Raises ValueError for a ceiling on cost
    without any price: it could never hold.
    """

    max_tokens: int | None = None
    max_cost: float | None = None
    max_seconds: float | None = None
    price_prompt: float = 0.0
    price_completion: float = 0.0

    def __post_init__(self) -> None:
        if self.max_cost is not None and not self.price_prompt and not self.price_completion:
            raise ValueError("a ceiling on cost needs the price of prompt or completion tokens")

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what tokens cost."""
        prompt = prompt_tokens * self.price_prompt
        return (prompt + completion_tokens * self.price_completion) / _PRICED_TOKENS

    def holds(self, tokens: int, cost: float) -> bool:
        """Say whether so many tokens and so much money lie under the ceilings."""
        return (self.max_tokens is None or tokens <= self.max_tokens) and (
            self.max_cost is None or cost <= self.max_cost
        )


@dataclass(frozen=True, slots=True)
class _Need:
    """Tokens and money set aside, or spent."""

    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: _Need) -> _Need:
        return _Need(self.tokens + other.tokens, self.cost + other.cost)

    def __sub__(self, other: _Need) -> _Need:
        return _Need(self.tokens - other.tokens, self.cost - other.cost)


class BudgetedModel:
    """Sends requests to `inner` as long as they fit; the others come back as `over_budget`.

    Before a request is sent, its `max_tokens` and an estimate of its prompt (a third of its bytes)
    are set aside; its real usage replaces them when the reply is there. Requests that do not fit
    at first wait until those of the same call have been counted. When the time is up, requests
    under way are stopped. Put a cache outside, `Cached(Budgeted(model))`: its hits cost nothing.

    Replies carry their cost. A completion whose server counts no tokens is charged by estimate; a
    faulty one only what the server counted. `clock` returns seconds, from any moment on.

    Raises BudgetExceeded only if the budget never had room for a single request; a budget that is
    used up later is a `Fault`, so that a round keeps what it has.
    """

    def __init__(
        self, inner: LanguageModel, budget: Budget, *, clock: Clock = time.monotonic
    ) -> None:
        self._inner = inner
        self._budget = budget
        self._clock = clock
        self._lock = threading.Lock()
        self._spent = Usage()
        self._reserved = _Need()
        self._ends: float | None = None

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def spent(self) -> Usage:
        """What all calls together have used so far."""
        return self._spent

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        """Complete what the budget allows; see `LanguageModel`."""
        self._start_clock()
        desk = _Desk(requests, on_reply)
        waiting = list(range(len(requests)))
        while waiting:
            admitted = self._admit(waiting, requests)
            if not admitted:
                break
            self._send(admitted, desk, watch)
            waiting = [index for index in waiting if index not in admitted]
        if waiting and self._spent == Usage():
            self._raise_if_too_small(requests)
        for index in waiting:
            desk.put(index, self._no_room(requests[index]))
        return desk.replies()

    def _start_clock(self) -> None:
        with self._lock:
            if self._ends is None and self._budget.max_seconds is not None:
                self._ends = self._clock() + self._budget.max_seconds

    def _time_is_up(self) -> bool:
        return self._ends is not None and self._clock() >= self._ends

    def _admit(self, waiting: Sequence[int], requests: Sequence[Request]) -> dict[int, _Need]:
        """Set aside what the requests need, in order, as long as it fits."""
        admitted: dict[int, _Need] = {}
        if self._time_is_up():
            return admitted
        with self._lock:
            for index in waiting:
                need = self._need(requests[index])
                if self._fits(self._reserved + need):
                    self._reserved += need
                    admitted[index] = need
        return admitted

    def _fits(self, more: _Need) -> bool:
        spent = self._spent
        tokens = spent.prompt_tokens + spent.completion_tokens + more.tokens
        return self._budget.holds(tokens, spent.cost + more.cost)

    def _need(self, request: Request) -> _Need:
        prompt = estimated_tokens(request)
        completion = 1 if request.choices else request.max_tokens
        return _Need(prompt + completion, self._budget.cost(prompt, completion))

    def _send(self, admitted: dict[int, _Need], desk: _Desk, watch: Watch) -> None:
        places = list(admitted)
        unsettled = dict(admitted)

        def settle(index: int, reply: Reply) -> None:
            place = places[index]
            counted = self._counted(desk.requests[place], reply)
            with self._lock:
                self._reserved -= unsettled.pop(place)
                self._spent += counted.usage
            desk.put(place, counted)

        timed = _TimedWatch(watch, self._time_is_up)
        try:
            self._inner.complete([desk.requests[place] for place in places], timed, settle)
        except Cancelled:
            if watch.stopped() or not self._time_is_up():
                raise
            for place in unsettled:
                desk.put(place, self._no_room(desk.requests[place]))
        finally:
            with self._lock:
                for need in unsettled.values():
                    self._reserved -= need

    def _counted(self, request: Request, reply: Reply) -> Reply:
        usage = reply.usage
        if isinstance(reply, Completion) and not usage.prompt_tokens + usage.completion_tokens:
            written = _tokens_in(reply.text)
            usage = replace(
                usage, prompt_tokens=estimated_tokens(request), completion_tokens=written
            )
        cost = self._budget.cost(usage.prompt_tokens, usage.completion_tokens)
        return replace(reply, usage=replace(usage, cost=cost))

    def _no_room(self, request: Request) -> Fault:
        if self._time_is_up():
            return Fault("over_budget", f"The {self._budget.max_seconds:g} seconds are used up.")
        need = self._need(request)
        return Fault(
            "over_budget",
            f"What is left of the budget ({self._ceiling()}) has no room for this request, which "
            f"may take {need.tokens} tokens.",
        )

    def _raise_if_too_small(self, requests: Sequence[Request]) -> None:
        needs = [self._need(request) for request in requests]
        if any(self._budget.holds(need.tokens, need.cost) for need in needs):
            return
        least = min(need.tokens for need in needs)
        raise BudgetExceeded(
            f"the budget ({self._ceiling()}) has no room for a single request",
            fix=f"A request may take {least} tokens: raise the ceiling or ask for shorter texts.",
        )

    def _ceiling(self) -> str:
        budget = self._budget
        parts = [f"{budget.max_tokens:,} tokens"] if budget.max_tokens is not None else []
        parts += [f"a cost of {budget.max_cost:g}"] if budget.max_cost is not None else []
        parts += [f"{budget.max_seconds:g} seconds"] if budget.max_seconds is not None else []
        return ", ".join(parts)


def estimated_tokens(request: Request) -> int:
    """Return about how many tokens a prompt has; rather too many for English, fair elsewhere."""
    messages = request.messages
    read = sum(_tokens_in(message.content) + _TOKENS_PER_MESSAGE for message in messages)
    return read + _tokens_in(request.prefix)


def _tokens_in(text: str) -> int:
    return -(-len(text.encode(errors="replace")) // _BYTES_PER_TOKEN)


class _Desk:
    """Collects the replies of one call and passes each on once."""

    def __init__(self, requests: Sequence[Request], on_reply: OnReply | None) -> None:
        self.requests = requests
        self._on_reply = on_reply
        self._replies: dict[int, Reply] = {}

    def put(self, index: int, reply: Reply) -> None:
        self._replies[index] = reply
        if self._on_reply is not None:
            self._on_reply(index, reply)

    def replies(self) -> list[Reply]:
        return [self._replies[index] for index in range(len(self.requests))]


class _TimedWatch:
    """The caller's watch, which also stops when the time is up."""

    def __init__(self, watch: Watch, time_is_up: Callable[[], bool]) -> None:
        self._watch = watch
        self._time_is_up = time_is_up

    def report(self, progress: Progress) -> None:
        self._watch.report(progress)

    def stopped(self) -> bool:
        return self._watch.stopped() or self._time_is_up()

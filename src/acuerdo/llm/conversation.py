"""Everything that is asked of the engine at once: threads that listen, one place that collects."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final

from acuerdo.domain.completions import Reply
from acuerdo.llm.bundles import Bundle
from acuerdo.llm.engine import Engine
from acuerdo.llm.llama_dialect import QUOTING, WITHOUT_ADAPTER, Listener, body_of
from acuerdo.ports import Watch, stop_if_asked

Answers = Generator[tuple[int, Reply], None, None]
"""The place of each request and the reply to it, in the order in which they arrive."""

_LOOK_EVERY: Final = 0.05
MOST_THREADS: Final = 256
"""The engine puts what exceeds its slots in a queue of its own, so this is not how much it does at
once; it bounds the threads that wait."""


@dataclass(frozen=True, slots=True)
class Line:
    """A bundle, its prompt, the tokens of its request's choices, and which model is to answer.

    `tuned`: the model was tuned to draft, and may quote.
    """

    bundle: Bundle
    prompt: str
    choice_tokens: tuple[int, ...] = ()
    without_adapter: bool = False
    tuned: bool = False


def converse(engine: Engine, lines: Sequence[Line], watch: Watch) -> Answers:
    """Ask everything at once; yield what comes as it comes.

    Raises Cancelled if the watcher stops. However it ends, the engine is idle afterwards.
    """
    arrived: SimpleQueue[tuple[int, Reply] | Future[None]] = SimpleQueue()
    halt = threading.Event()
    if not lines:
        return

    def ask(line: Line) -> None:
        listener = Listener(
            line.bundle,
            line.choice_tokens,
            lambda place, reply: arrived.put((place, reply)),
            halt.is_set,
        )
        if not halt.is_set():
            body = body_of(line.bundle, line.prompt, line.choice_tokens)
            if line.tuned:
                body = {**body, **QUOTING}
            if line.without_adapter:
                body = {**body, **WITHOUT_ADAPTER}
            engine.stream(body, listener.hear)
        listener.end()

    with ThreadPoolExecutor(min(len(lines), MOST_THREADS), "acuerdo-engine") as pool:
        try:
            for line in lines:
                pool.submit(ask, line).add_done_callback(arrived.put)
            unfinished = len(lines)
            while unfinished:
                stop_if_asked(watch)
                try:
                    news = arrived.get(timeout=_LOOK_EVERY)
                except Empty:
                    continue
                if isinstance(news, Future):
                    news.result()
                    unfinished -= 1
                else:
                    yield news
        finally:
            halt.set()

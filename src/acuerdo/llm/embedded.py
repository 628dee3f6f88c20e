"""A language model inside this process: any GGUF file, by llama.cpp."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from acuerdo.domain.completions import Completion, Fault, Reply, Request
from acuerdo.llm.adapters import fitting_adapter
from acuerdo.llm.bundles import bundled
from acuerdo.llm.chat_templates import ChatWriter, recognise, template_named
from acuerdo.llm.conversation import Answers, Line, converse
from acuerdo.llm.engine import Engine, EngineOptions, start
from acuerdo.llm.gguf import Header, read_header
from acuerdo.llm.llama_dialect import QUOTING
from acuerdo.ports import OnReply, Progress, Watch, stop_if_asked

MEMORY: Final = 3 * 2**29
"""Bytes that the texts in flight may take together (1.5 GiB): more context means fewer slots."""
SMALLEST_CONTEXT: Final = 1024
LARGEST_CONTEXT: Final = 32_768
UNKNOWN_CONTEXT: Final = 4096
BYTES_PER_TOKEN: Final = 3
"""A guess for the first start, on the safe side for English. Where it fails, the engine starts
again with more room."""
BEYOND_HOPE: Final = 2
"""A text that is guessed at so many times the longest context is not worth a start."""

_WAIT: Final = 0.05
_SAMPLES: Final = 64
_SAMPLE_BYTES: Final = 16_384


class EmbeddedModel:
    """A GGUF file run by llama.cpp in this process. Safe to share between threads.

    All requests of a call are in flight together, `parallel` at a time at most; those that differ
    in consecutive seeds only share the reading of their prompt. Calls from several threads take
    turns. The engine is loaded at the first call, with as much context as the requests need, and
    again where a later one needs more, up to what the model was trained on or `context`.

    The same request brings the same text as long as the same requests are in flight with it: what
    is computed together is rounded together, which now and then tips a draw.

    `name` identifies the model in results and in the cache; by default the file's name and a hash
    of its content, template and adapter. `threads`: all cores by default. `lora`: an adapter in
    GGUF format; one that was tuned on a draft prompt (`Adapter.template`) is off while the model
    chooses among answers, so that judging stays what it is without it.
    `template`: a chat template by name, where it is not recognised.
    `starter` loads the engine; tests put a function of theirs in its place.

    Raises WeightsError if a file is missing, damaged or no GGUF file, or if the adapter was made
    for another model, SettingsError if the template is not known.
    """

    def __init__(
        self,
        path: Path,
        *,
        name: str = "",
        parallel: int = 16,
        context: int | None = None,
        threads: int | None = None,
        lora: Path | None = None,
        template: str = "",
        starter: Callable[[EngineOptions], Engine] = start,
    ) -> None:
        header = read_header(path)
        adapter = None if lora is None else fitting_adapter(lora, path)
        chosen = template_named(template) if template else recognise(header.tokens)
        self._writer = ChatWriter(chosen, header.tokens, header.token_kinds)
        self._choices = _Choices(header)
        self._path = path
        self._lora = lora
        self._adapter_drafts = adapter is not None and bool(adapter.template)
        # How a tuned model is drawn from is a part of who answers: see the cache of replies.
        drawn = json.dumps(QUOTING, sort_keys=True) if self._adapter_drafts else ""
        self._name = name or _identity(path, chosen.name + drawn, lora)
        self._parallel = parallel
        self._threads = threads
        self._most = context or min(header.trained_context or UNKNOWN_CONTEXT, LARGEST_CONTEXT)
        self._per_token = max(1, header.attention_bytes)
        self._start = starter
        self._lock = threading.Lock()
        self._running: _Running | None = None

    @property
    def name(self) -> str:
        return self._name

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        """Complete all requests at once; see `LanguageModel`."""
        stop_if_asked(watch)
        replies: dict[int, Reply] = {}
        # Closed by hand: the next in turn must not meet an engine that is still busy.
        with self._turn(watch), closing(self._answers(requests, watch)) as answers:
            for place, reply in answers:
                replies[place] = reply
                if on_reply is not None:
                    on_reply(place, reply)
        return [replies[place] for place in range(len(requests))]

    def close(self) -> None:
        """Free the engine's memory; the next call loads it again."""
        with self._lock:
            self._stop_engine()

    def __enter__(self) -> EmbeddedModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answers(self, requests: Sequence[Request], watch: Watch) -> Answers:
        """Yield every reply once; what did not fit is asked again with more room."""
        waiting: list[int] = []
        for place, request in enumerate(requests):
            unknown = self._choices.unknown(request.choices)
            if unknown is None:
                waiting.append(place)
            else:
                yield place, Fault("unsupported", f"{unknown!r} is not one token of this model.")
        while waiting:
            asked = [requests[place] for place in waiting]
            running = self._ready(max(map(self._room_for, asked)), watch)
            did_not_fit: list[int] = []
            lines = self._lines(asked, running)
            with closing(converse(running.engine, lines, watch)) as answers:
                for index, reply in answers:
                    if running.context < self._most and self._wants_room(reply, asked[index]):
                        did_not_fit.append(waiting[index])
                    else:
                        yield waiting[index], reply
            waiting = sorted(did_not_fit)
            if waiting:
                self._ready(running.context + 1, watch)

    def _lines(self, requests: Sequence[Request], running: _Running) -> list[Line]:
        return [
            Line(
                bundle,
                self._writer.write(bundle.request.messages, bundle.request.prefix),
                self._choices.tokens(bundle.request.choices),
                without_adapter=self._adapter_drafts and bool(bundle.request.choices),
                tuned=self._adapter_drafts and not bundle.request.choices,
            )
            for bundle in bundled(requests, running.slots)
        ]

    def _room_for(self, request: Request) -> int:
        """Return about how many tokens a request and its answer take, 0 if it is beyond hope."""
        texts = [*(message.content for message in request.messages), request.prefix]
        written = sum(len(text.encode(errors="replace")) for text in texts)
        guess = written // BYTES_PER_TOKEN + request.max_tokens
        return guess if guess <= BEYOND_HOPE * self._most else 0

    def _wants_room(self, reply: Reply, request: Request) -> bool:
        """Say whether a request did not fit into the context, or its answer ran out of it."""
        if isinstance(reply, Completion):
            written = reply.usage.completion_tokens
            return reply.finish == "length" and written < request.max_tokens
        return reply.kind == "too_long" and self._room_for(request) > 0

    def _ready(self, tokens: int, watch: Watch) -> _Running:
        """Return the engine with room for so many tokens, started anew if it has less."""
        if self._running is not None and self._running.context >= min(tokens, self._most):
            return self._running
        self._stop_engine()
        context = SMALLEST_CONTEXT
        while context < tokens:
            context *= 2
        context = min(context, self._most)
        slots = max(1, min(self._parallel, MEMORY // (context * self._per_token)))
        watch.report(Progress("load", 0, 1))
        options = EngineOptions(self._path, slots, context, self._threads, self._lora)
        self._running = _Running(self._start(options), slots, context)
        watch.report(Progress("load", 1, 1))
        return self._running

    def _stop_engine(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.engine.close()

    @contextmanager
    def _turn(self, watch: Watch) -> Iterator[None]:
        while not self._lock.acquire(timeout=_WAIT):
            stop_if_asked(watch)
        try:
            yield
        finally:
            self._lock.release()


@dataclass(frozen=True, slots=True)
class _Running:
    """A loaded engine, how many requests it takes at once, and the tokens each may have."""

    engine: Engine
    slots: int
    context: int


class _Choices:
    """Finds the single token that stands for an answer."""

    def __init__(self, header: Header) -> None:
        self._numbers = {token: number for number, token in enumerate(header.tokens)}
        # Vocabularies write a space as one of these letters.
        self._space = "Ġ" if header.text("tokenizer.ggml.model") == "gpt2" else "▁"

    def unknown(self, choices: Sequence[str]) -> str | None:
        """Return the first choice that is not one token, None if all are."""
        return next(
            (choice for choice in choices if self._written(choice) not in self._numbers), None
        )

    def tokens(self, choices: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._numbers[self._written(choice)] for choice in choices)

    def _written(self, choice: str) -> str:
        return choice.replace(" ", self._space)


def _identity(path: Path, manner: str, lora: Path | None) -> str:
    """Return a name that changes with whatever changes the answers, cheaply.

    Evenly spaced samples of a file tell any two models apart: training moves all weights.
    """
    digest = hashlib.blake2b(manner.encode(), digest_size=4)
    for file in (path, lora):
        if file is not None:
            _add_samples(digest, file)
    adapter = f"+{lora.stem}" if lora is not None else ""
    return f"{path.stem}{adapter}@{digest.hexdigest()}"


def _add_samples(digest: hashlib.blake2b, path: Path) -> None:
    size = path.stat().st_size
    digest.update(size.to_bytes(8, "little"))
    with path.open("rb") as file:
        for sample in range(_SAMPLES):
            file.seek(max(0, (size - _SAMPLE_BYTES) * sample // (_SAMPLES - 1)))
            digest.update(file.read(_SAMPLE_BYTES))

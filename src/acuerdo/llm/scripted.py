"""A fake: answers from a script, at once, always the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from acuerdo.domain.completions import Completion, Fault, Reply, Request, Usage
from acuerdo.domain.text import words
from acuerdo.ports import OnReply, Watch, stop_if_asked

Scripted = str | Completion | Fault
Script = Sequence[Scripted] | Callable[[Request], Scripted]


class ScriptedModel:
    """Replies from a list, over and over in the order of requests, or from a function of each.

    A plain text becomes a completion whose tokens are its words; if the request has choices, the
    text is the certain one. `seen` records every request. Raises ValueError for an empty list.
    """

    def __init__(self, script: Script, name: str = "scripted") -> None:
        if not callable(script) and not script:
            raise ValueError("a script needs at least one reply")
        self._script = script
        self._name = name
        self._seen: list[Request] = []
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def seen(self) -> tuple[Request, ...]:
        """Every request so far, in order."""
        return tuple(self._seen)

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        """Answer one after the other; see `LanguageModel`."""
        replies: list[Reply] = []
        for index, request in enumerate(requests):
            stop_if_asked(watch)
            replies.append(_as_reply(self._next(request), request))
            if on_reply is not None:
                on_reply(index, replies[-1])
        return replies

    def _next(self, request: Request) -> Scripted:
        with self._lock:
            position = len(self._seen)
            self._seen.append(request)
        if callable(self._script):
            return self._script(request)
        return self._script[position % len(self._script)]


def _as_reply(scripted: Scripted, request: Request) -> Reply:
    if not isinstance(scripted, str):
        return scripted
    read = sum(len(words(message.content)) for message in request.messages)
    usage = Usage(prompt_tokens=read, completion_tokens=len(words(scripted)), requests=1)
    if not request.choices:
        return Completion(scripted, "stop", usage)
    if scripted not in request.choices:
        return Fault("unsupported", "The script has none of the choices.", usage=usage)
    certain = tuple(float(choice == scripted) for choice in request.choices)
    return Completion(scripted, "stop", usage, certain)

"""A disk cache of completions that makes a run replayable, and lets erasure find what it holds."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from acuerdo.domain.completions import Completion, Reply, Request, Usage
from acuerdo.domain.records import PersonId, SessionId
from acuerdo.llm.entries import CacheEntry, Folder, key_of
from acuerdo.ports import LanguageModel, OnReply, Watch, stop_if_asked


class CachedModel:
    """Answers from disk what `inner` was asked before; only completions are kept, never faults.

    Two requests are the same if model, messages, seed and every other parameter are; what they
    are `about` does not count. Replies are kept as they arrive, so a run that was stopped resumes
    where it was. A hit counts in `Usage.cached` and costs nothing. Requests in one call that are
    the same are sent once.

    Entries hold the reply, its sessions and people and a hash of the request, never the prompt.
    Threads and processes may share a directory. If it cannot be written, replies are passed on all
    the same and `notes` says so.
    """

    def __init__(self, inner: LanguageModel, directory: Path) -> None:
        self._inner = inner
        self._folder = Folder(directory)
        self._lock = threading.Lock()
        self._trouble = self._folder.prepare()

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def notes(self) -> tuple[str, ...]:
        """What kept the cache from working, in a sentence; empty if nothing did."""
        return (self._trouble,) if self._trouble else ()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(entry.size for entry in self.entries())

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        """Take what is there from disk and complete the rest; see `LanguageModel`."""
        stop_if_asked(watch)
        keys = [key_of(request, self._inner.name) for request in requests]
        places: dict[str, list[int]] = {}
        for place, key in enumerate(keys):
            places.setdefault(key, []).append(place)
        replies: dict[int, Reply] = {}

        def hand_out(key: str, reply: Reply, paid: bool) -> None:
            for place in places[key]:
                if isinstance(reply, Completion):
                    self._keep(key, requests[place], reply, replace=paid)
                bought = paid and place == places[key][0]
                replies[place] = reply if bought else _free(reply)
                if on_reply is not None:
                    on_reply(place, replies[place])

        missing: list[str] = []
        for key in places:
            first = requests[places[key][0]]
            known = self._folder.load(key, first.about, len(first.choices))
            if known is None:
                missing.append(key)
            else:
                hand_out(key, known, paid=False)
        if missing:
            self._inner.complete(
                [requests[places[key][0]] for key in missing],
                watch,
                lambda place, reply: hand_out(missing[place], reply, paid=True),
            )
        return [replies[place] for place in range(len(requests))]

    def entries(self) -> Iterator[CacheEntry]:
        """Go through everything that is kept, in no order; damaged entries are left out."""
        return self._folder.entries()

    def forget(self, session: SessionId | None = None, person: PersonId | None = None) -> int:
        """Remove every entry made from a session, or from a person (of that session, if given).

        Returns how many were removed. An entry that several sessions share goes as a whole, and so
        do damaged entries and leftovers of killed processes, since nobody can say what is in them;
        these do not count. A run still under way can add entries again: stop it first. Raises
        StorageError if something cannot be removed, ValueError without session and person.
        """
        if session is None and person is None:
            raise ValueError("forget needs a session, a person or both")
        return self._folder.forget(session, person)

    def prune(self, max_bytes: int) -> int:
        """Remove the oldest entries until at most `max_bytes` are left; return how many went."""
        return self._folder.prune(max_bytes)

    def _keep(self, key: str, request: Request, completion: Completion, *, replace: bool) -> None:
        trouble = self._folder.add(key, request.about, completion, replace=replace)
        with self._lock:
            self._trouble = self._trouble or trouble


def _free(reply: Reply) -> Reply:
    if isinstance(reply, Completion):
        return replace(reply, usage=Usage(cached=1))
    return replace(reply, usage=Usage())

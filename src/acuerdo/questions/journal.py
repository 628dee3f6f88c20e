"""What a model was asked and wrote, one request a line: a run that was killed goes on from here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from acuerdo.domain.completions import FaultKind
from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.files import append_lines

FINAL_FAULTS: Final = frozenset({"refused", "too_long", "too_large"})
"""Faults that lie in the request itself: asked again, it would fail again."""


_HEAD_OPENS: Final = b'{"journal":"questions"'


class Reject(BaseModel):
    """A line that did not become a question. `like` is the text that it nearly repeats."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    reason: str
    like: str = ""


class RequestFault(BaseModel):
    """Why a request brought nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    detail: str = ""

    @property
    def final(self) -> bool:
        return self.kind in FINAL_FAULTS


class RequestRecord(BaseModel):
    """One request: what it showed, what came of every line of its reply, what it took.

    `number` counts from 0, `shown` are ids of seeds, `prompt` is a hash. `seconds` is the
    request's share of the time of those that were under way with it. `cached` says that the reply
    lay on the disk already and cost nothing.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    seed: int
    shown: tuple[str, ...]
    prompt: str
    questions: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    fault: RequestFault | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached: bool = False
    seconds: float = 0.0

    @property
    def lines(self) -> int:
        return len(self.questions) + len(self.rejects)

    @property
    def settled(self) -> bool:
        """Whether it need not be asked again."""
        return self.fault is None or self.fault.final


class _Head(BaseModel):
    """The first line: everything that decides what is asked and what counts as a question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    journal: Literal["questions"]
    recipe: Mapping[str, JsonValue]


class Journal:
    """A JSON Lines file of requests; what was added is on the disk.

    A line that is not whole, such as the last one of a killed run, is passed over and its request
    is asked again. Of two lines about one request that both settle it the first counts. Raises
    StorageError if the file cannot be read or written, SettingsError if it is of another recipe or
    none of ours.
    """

    def __init__(self, path: Path, recipe: Mapping[str, JsonValue]) -> None:
        self._path = path
        self._records: list[RequestRecord] = []
        self._settled: set[int] = set()
        self._ends_well = True
        head = _Head(journal="questions", recipe=recipe)
        if not self._read(head):
            self._append(head.model_dump_json().encode() + b"\n")

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        """Every request so far in the order of the file; a failed one may come again, settled."""
        return tuple(self._records)

    def add(self, records: Sequence[RequestRecord]) -> None:
        """Keep requests."""
        lines = [record.model_dump_json(exclude_defaults=True).encode() for record in records]
        if lines:
            self._append(b"\n".join(lines) + b"\n")
        for record in records:
            self._take(record)

    def _take(self, record: RequestRecord) -> None:
        if record.number in self._settled:
            return
        self._records.append(record)
        if record.settled:
            self._settled.add(record.number)

    def _append(self, content: bytes) -> None:
        try:
            append_lines(self._path, content, ends_well=self._ends_well)
        except OSError as error:
            self._ends_well = False
            raise self._unusable(error) from error
        self._ends_well = True

    def _read(self, wanted: _Head) -> bool:
        """Read what is there; return whether the file has its first line."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unusable(error) from error
        self._ends_well = content.endswith(b"\n") or not content
        first, *others = content.split(b"\n")
        head = _head_in(first)
        for line in others:
            head = head or _head_in(line)
            if record := _record_in(line):
                self._take(record)
        if head is None:
            # A run that was killed over its very first line has asked nothing yet.
            if any(others) or not _HEAD_OPENS.startswith(first[: len(_HEAD_OPENS)]):
                raise self._refused("this is not a journal of written questions")
            return False
        self._check(head.recipe, wanted.recipe)
        return True

    def _check(self, held: Mapping[str, JsonValue], wanted: Mapping[str, JsonValue]) -> None:
        told = [
            f"{name}: {_shown(held.get(name))} there, {_shown(wanted.get(name))} asked for"
            for name in dict.fromkeys((*held, *wanted))
            if held.get(name) != wanted.get(name)
        ]
        if told:
            raise self._refused(
                f"questions were written here with other options ({'; '.join(told)})"
            )

    def _refused(self, what: str) -> SettingsError:
        return SettingsError(
            what,
            where=str(self._path),
            fix="Choose another folder (--out), give the same options to go on, or --fresh to "
            "throw away what is there.",
        )

    def _unusable(self, error: OSError) -> StorageError:
        return StorageError(
            f"requests cannot be kept here: {error.strerror or error}",
            where=str(self._path),
            fix="Choose another folder, or make room on the disk; what was kept stays.",
        )


def _head_in(line: bytes) -> _Head | None:
    try:
        return _Head.model_validate_json(line)
    except ValidationError:
        return None


def _record_in(line: bytes) -> RequestRecord | None:
    try:
        return RequestRecord.model_validate_json(line)
    except ValidationError:
        return None


def _shown(value: JsonValue) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False)

"""Ask scorers sheet by sheet and keep what they said, so that a killed run goes on where it was.

Kept as one .npz file for each arm, part of the data and kind of question: `answers` (2, pairs), the
sheets' pairs one after another, and `sheets`, how many of them are in it. The name holds a hash of
arm, fingerprint and every sheet, so that changed data or models never meet old answers.
"""

from __future__ import annotations

import hashlib
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Sheet, Values
from acuerdo.files import whole_file
from acuerdo.ports import Progress, Watch, stop_if_asked

SECONDS_BETWEEN_WRITES: Final = 20.0

Ask = Callable[[Sheet, Watch], Values]
"""Answers a sheet with two numbers a pair, (2, pairs)."""


class ForecastStore:
    """Keeps answers in a folder; with None, for as long as the call lasts."""

    def __init__(
        self, folder: Path | None = None, seconds_between_writes: float = SECONDS_BETWEEN_WRITES
    ) -> None:
        self._folder = folder
        self._seconds = seconds_between_writes

    def answers(
        self, name: str, key: str, ask: Ask, sheets: Sequence[Sheet], watch: Watch
    ) -> Values:
        """Return the answers to all sheets, (2, pairs), asking only for those not kept yet.

        `name` is shown while waiting; `key` must differ whenever `ask` may answer differently.
        What is done is kept even if a scorer fails or the watcher stops. Raises StorageError if
        the folder cannot be written.
        """
        sizes = [sheet.size for sheet in sheets]
        path = self._folder / _file_name(name, key, sheets) if self._folder else None
        found = _kept(path, sizes)
        before = len(found)
        written = time.monotonic()
        try:
            for sheet in sheets[len(found) :]:
                stop_if_asked(watch)
                part = _Part(watch, name, sum(sizes[: len(found)]), sheet.size, sum(sizes))
                found.append(ask(sheet, part))
                if path and time.monotonic() - written >= self._seconds:
                    _keep(path, found)
                    written = time.monotonic()
        finally:
            if path and len(found) > before:
                _keep(path, found)
        watch.report(Progress("score", sum(sizes), sum(sizes), name))
        return np.concatenate([np.empty((2, 0)), *found], axis=1)


@dataclass(frozen=True, slots=True)
class _Part:
    """Shows progress on one sheet as progress on all."""

    watch: Watch
    name: str
    before: int
    size: int
    total: int

    def report(self, progress: Progress) -> None:
        done = self.before + self.size * progress.done // max(1, progress.total)
        self.watch.report(Progress("score", done, self.total, self.name))

    def stopped(self) -> bool:
        return self.watch.stopped()


def _file_name(name: str, key: str, sheets: Sequence[Sheet]) -> str:
    told = hashlib.sha256(repr(key).encode())
    for sheet in sheets:
        texts = (sheet.question, sheet.context, sheet.opinions, sheet.statements)
        told.update(repr(texts).encode("utf-8", "backslashreplace"))
        for numbers in (sheet.person, sheet.statement, sheet.ratings):
            told.update(np.ascontiguousarray(numbers).tobytes())
    readable = re.sub(r"[^\w.-]+", "_", name)[:60]
    return f"{readable}-{told.hexdigest()[:24]}.npz"


def _kept(path: Path | None, sizes: Sequence[int]) -> list[Values]:
    """Read answers kept so far, by sheet; a damaged file counts as none, and is written anew."""
    if path is None or not path.is_file():
        return []
    try:
        with path.open("rb") as stream, np.load(stream) as file:
            answers, sheets = file["answers"], int(file["sheets"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return []
    if sheets > len(sizes) or answers.shape != (2, sum(sizes[:sheets])):
        return []
    return list(np.split(answers, np.cumsum(sizes[:sheets])[:-1], axis=1)) if sheets else []


def _keep(path: Path, found: Sequence[Values]) -> None:
    """Write beside the target and move into place: a kill never leaves half a file."""
    with whole_file(path, "forecasts") as file:
        np.savez(file, answers=np.concatenate(found, axis=1), sheets=np.array(len(found)))

"""How cached completions lie on disk: one small JSON file per request and per session it served.

    directory/ab/ab12...ef.90cd...12.json      <hash of the request>.<hash of what it is about>.json

A file is complete in itself and never changed once it stands under its name, so threads and
processes need no lock: the worst they can do is to write the same file twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from acuerdo.domain.completions import About, Completion, Request
from acuerdo.domain.errors import StorageError
from acuerdo.domain.records import PersonId, SessionId

FORMAT: Final = 1
"""Version of the file format and of what a key means; entries of other versions are missing."""

_NAME: Final = re.compile(r"([0-9a-f]{32})\.[0-9a-f]{16}\.json")
_SHELF: Final = re.compile(r"[0-9a-f]{2}")
_UNFINISHED: Final = ".part"


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A kept reply: the hash of its request, everything it was made from, its bytes on disk."""

    key: str
    about: tuple[About, ...]
    size: int

    def concerns(self, session: SessionId | None, person: PersonId | None) -> bool:
        """Say whether it was made from a session, and from a person there; None means any."""
        return any(
            (session is None or about.session == session)
            and (person is None or person in about.people)
            for about in self.about
        )


@dataclass(frozen=True, slots=True, order=True)
class _Measure:
    """When an entry was last written and how many bytes it has; another process may remove it."""

    written: float = 0.0
    size: int = 0

    @classmethod
    def of(cls, paths: list[Path]) -> _Measure:
        found = [stat for path in paths if (stat := _stat(path)) is not None]
        written = max((stat.st_mtime for stat in found), default=0.0)
        return cls(written, sum(stat.st_size for stat in found))


class _Stored(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal[1]
    session: SessionId
    people: tuple[PersonId, ...]
    text: str
    finish: Literal["stop", "length"]
    probabilities: tuple[float, ...]


def key_of(request: Request, model: str) -> str:
    """Return the hash of everything that decides a reply: model, messages, every parameter."""
    parameters = {
        field.name: getattr(request, field.name)
        for field in fields(request)
        if field.name not in {"about", "messages", "prefix"}
    }
    if request.prefix:
        parameters["prefix"] = request.prefix
    messages = [(message.role, message.content) for message in request.messages]
    return _hash([FORMAT, model, messages, parameters], size=16)


class Folder:
    """The files of a cache. Reading and adding never raise; going through or removing may."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def prepare(self) -> str:
        """Make the directory, for its owner alone. Returns what is wrong with it, "" if nothing."""
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            return self._trouble(error)
        return ""

    def load(self, key: str, about: About, choices: int) -> Completion | None:
        """Return the reply kept for a request, that of the same session first.

        A damaged file, or one without a probability for each of the choices, counts as missing.
        """
        own = self._path(key, about)
        for path in (own, *sorted(own.parent.glob(f"{key}.*.json"))):
            stored = _read(path)
            if stored is not None and len(stored.probabilities) == choices:
                return Completion(stored.text, stored.finish, probabilities=stored.probabilities)
        return None

    def add(self, key: str, about: About, completion: Completion, *, replace: bool) -> str:
        """Keep a reply. Returns why it could not be kept, "" if it was.

        With `replace`, a file that is there already is taken for damaged.
        """
        path = self._path(key, about)
        stored = {
            "format": FORMAT,
            "session": about.session,
            "people": about.people,
            "text": completion.text,
            "finish": completion.finish,
            "probabilities": completion.probabilities,
        }
        try:
            if replace or not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _write(path, json.dumps(stored))
        except OSError as error:
            return self._trouble(error)
        return ""

    def entries(self) -> Iterator[CacheEntry]:
        """Go through all undamaged entries."""
        for key, paths in self._grouped():
            about = [stored for path in paths if (stored := _read(path)) is not None]
            if about:
                made_from = tuple(About(stored.session, stored.people) for stored in about)
                yield CacheEntry(key, made_from, _Measure.of(paths).size)

    def forget(self, session: SessionId | None, person: PersonId | None) -> int:
        """Remove what concerns a session or person, and all that nobody can read any more."""
        concerned = {entry.key for entry in self.entries() if entry.concerns(session, person)}
        for key, paths in self._grouped():
            if key in concerned or any(_read(path) is None for path in paths):
                self._remove(paths)
        self._remove([path for path in self._paths() if path.suffix == _UNFINISHED])
        return len(concerned)

    def prune(self, max_bytes: int) -> int:
        """Remove the oldest entries until at most `max_bytes` are left."""
        oldest_first = sorted((_Measure.of(paths), paths) for _, paths in self._grouped())
        too_many = sum(measure.size for measure, _ in oldest_first) - max_bytes
        removed = 0
        for measure, paths in oldest_first:
            if too_many <= 0:
                break
            self._remove(paths)
            too_many -= measure.size
            removed += 1
        return removed

    def _path(self, key: str, about: About) -> Path:
        origin = _hash([about.session, sorted(about.people)], size=8)
        return self._directory / key[:2] / f"{key}.{origin}.json"

    def _paths(self) -> Iterator[Path]:
        """Go through the cache's own files; never those that somebody else put there."""
        try:
            for shelf in sorted(self._directory.iterdir()) if self._directory.exists() else ():
                if _SHELF.fullmatch(shelf.name) and shelf.is_dir():
                    yield from sorted(shelf.iterdir())
        except OSError as error:
            raise self._unusable(error) from error

    def _grouped(self) -> Iterator[tuple[str, list[Path]]]:
        groups: dict[str, list[Path]] = {}
        for path in self._paths():
            if name := _NAME.fullmatch(path.name):
                groups.setdefault(name.group(1), []).append(path)
        yield from groups.items()

    def _remove(self, paths: list[Path]) -> None:
        try:
            for path in paths:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from error

    def _trouble(self, error: OSError) -> str:
        return f"The cache in {self._directory} cannot be written ({error.strerror})."

    def _unusable(self, error: OSError) -> StorageError:
        return StorageError(
            f"the cache cannot be read or emptied ({error.strerror})",
            where=str(error.filename or self._directory),
            fix="Make the folder readable and writable, or delete it.",
        )


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _read(path: Path) -> _Stored | None:
    try:
        return _Stored.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _write(path: Path, content: str) -> None:
    # A temporary file is readable for its owner alone, and stays so under its final name.
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=_UNFINISHED)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(content)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _hash(content: object, size: int) -> str:
    text = json.dumps(content)
    return hashlib.blake2b(text.encode(), digest_size=size).hexdigest()

"""Drafts on disk, group by group: a run that was killed goes on where it was.

One JSON object a line: the key of the task, for a person the arm and the group, and the drafts. A
line counts if it is whole; a damaged one, such as the last line of a killed run, is passed over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from acuerdo.domain.errors import StorageError
from acuerdo.evaluate.drafts.records import Draft, Drafts
from acuerdo.files import append_lines

FILE: Final = "drafts.jsonl"


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    arm: str
    group: str
    without: int | None = None
    drafts: tuple[Draft, ...]


class DraftStore:
    """Keeps drafts in a file, or in memory alone if there is none.

    `damaged` is how many lines could not be read. Raises StorageError if the file cannot be used.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._held: dict[str, Drafts] = {}
        self.damaged = 0
        self._ends_well = True
        if path is not None and path.exists():
            self._read(path)

    def get(self, key: str) -> Drafts | None:
        """Return the drafts kept under a key."""
        return self._held.get(key)

    def add(
        self,
        key: str,
        drafts: Drafts,
        *,
        arm: str = "",
        group: str = "",
        without: int | None = None,
    ) -> None:
        """Keep drafts; they are on the disk when this returns."""
        self._held[key] = drafts
        if self._path is None:
            return
        line = _Line(key=key, arm=arm, group=group, without=without, drafts=drafts)
        text = line.model_dump_json(exclude_defaults=True) + "\n"
        try:
            append_lines(self._path, text.encode(), ends_well=self._ends_well)
        except OSError as error:
            self._ends_well = False
            raise _unusable(self._path, error) from error
        self._ends_well = True

    def _read(self, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _unusable(path, error) from error
        self._ends_well = content.endswith(b"\n") or not content
        for line in content.splitlines():
            try:
                found = _Line.model_validate_json(line)
            except ValidationError:
                self.damaged += bool(line.strip())
            else:
                self._held[found.key] = found.drafts


def _unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"drafts could not be kept: {error.strerror or error}",
        where=str(path),
        fix="Choose another folder, or make room on the disk; finished groups are kept.",
    )

"""Candidates on disk, one group a line: a run that was killed goes on where it was."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from acuerdo.domain.errors import StorageError
from acuerdo.files import append_lines
from acuerdo.train.candidates.records import GroupCandidates


class CandidateStore:
    """Keeps groups in a JSON Lines file, by key; what was added is on the disk.

    A line that is not whole, such as the last one of a killed run, is passed over and its group is
    drafted again. Raises StorageError if the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: dict[str, GroupCandidates] = {}
        self._ends_well = True
        if path.exists():
            self._read()

    def get(self, key: str) -> GroupCandidates | None:
        """Return the group kept under a key."""
        return self._held.get(key)

    def add(self, candidates: GroupCandidates) -> None:
        """Keep a group."""
        line = candidates.model_dump_json().encode() + b"\n"
        try:
            append_lines(self._path, line, ends_well=self._ends_well)
        except OSError as error:
            self._ends_well = False
            raise self._unusable(error) from error
        self._ends_well = True
        self._held[candidates.key] = candidates

    def _read(self) -> None:
        try:
            content = self._path.read_bytes()
        except OSError as error:
            raise self._unusable(error) from error
        self._ends_well = content.endswith(b"\n") or not content
        for line in content.split(b"\n"):
            try:
                found = GroupCandidates.model_validate_json(line)
            except ValidationError:
                continue
            self._held[found.key] = found

    def _unusable(self, error: OSError) -> StorageError:
        return StorageError(
            f"candidates cannot be kept here: {error.strerror or error}",
            where=str(self._path),
            fix="Choose another folder, or make room on the disk; finished groups are kept.",
        )

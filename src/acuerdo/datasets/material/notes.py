"""Reads what people say in a few words, noted group by group."""

from __future__ import annotations

from pathlib import Path

from acuerdo.datasets.material.lines import read_lines
from acuerdo.domain.errors import InputError


def read_notes(path: Path) -> dict[str, tuple[str, ...]]:
    """Return notes by group from JSON Lines of `id` and `notes`, one for each opinion in order.

    Raises InputError naming file, line and field.
    """
    found: dict[str, tuple[str, ...]] = {}
    for line in read_lines(path):
        group, notes = line.text("id", required=True), line.texts("notes")
        if not notes or not all(notes):
            raise InputError("a note is missing", where=line.where("notes"))
        if group in found:
            raise InputError(f"the group {group!r} stands here twice", where=line.place)
        found[group] = notes
    return found

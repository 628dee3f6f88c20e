"""Adding lines to a file so that a kill loses at most the line under way."""

from __future__ import annotations

import os
from pathlib import Path


def append_lines(path: Path, lines: bytes, *, ends_well: bool) -> None:
    """Add whole lines, each with its end; they are on the disk when this returns.

    `ends_well` is False where the file may end in half a line that a killed run left: it must not
    swallow the first of these. Raises OSError as the disk does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(lines if ends_well else b"\n" + lines)
        file.flush()
        os.fsync(file.fileno())

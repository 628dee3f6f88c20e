"""Files that are whole or not there: written beside their place and moved into it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from acuerdo.domain.errors import StorageError


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give a path beside the target; what is written there becomes the target if all goes well.

    It is on the disk before it gets its name. Raises StorageError for what the disk refuses.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"this could not be written: {error.strerror or error}",
            where=str(path),
            fix="Choose another folder, or make room on the disk.",
        ) from error

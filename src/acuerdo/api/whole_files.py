"""Writing large files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from acuerdo.domain.errors import StorageError


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream that becomes the file when the block ends well; otherwise nothing is left.

    It is written beside the target, which must not be on another disk, and moved into place. What
    is no plain file (a pipe, /dev/stdout) is written to directly. Raises StorageError if the disk
    is full or may not be written to.
    """
    target = path.resolve()
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            with target.open("wb") as stream:
                yield stream
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            part.chmod(0o644)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"this could not be written: {error.strerror or error}",
            where=str(path),
            fix="Choose another place, or make room on the disk.",
        ) from error


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file piece by piece, whole or not at all; raises StorageError like `whole_file`."""
    with whole_file(path) as stream:
        stream.writelines(pieces)

"""Writing files whole or not at all: beside their place, then moved into it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from acuerdo.domain.errors import StorageError

FIX: Final = "Choose another place, or make room on the disk; what was there before is unchanged."


@contextmanager
def beside(path: Path, what: str = "this", fix: str = FIX) -> Iterator[Path]:
    """Give a place beside the target; what is written there becomes the target if all goes well.

    It is on the disk before it gets its name; otherwise nothing is left. `what` and `fix` go into
    the StorageError for what the disk refuses.
    """
    target = path.resolve()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        os.close(handle)
        part = Path(name)
        try:
            yield part
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.chmod(0o644)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"{what} could not be written: {error.strerror or error}", where=str(path), fix=fix
        ) from error


@contextmanager
def whole_file(path: Path, what: str = "this", fix: str = FIX) -> Iterator[IO[bytes]]:
    """Give a stream that becomes the file when the block ends well; otherwise nothing is left.

    What is no plain file (a pipe, /dev/stdout) is written to directly. Errors as in `beside`.
    """
    target = path.resolve()
    if target.exists() and not target.is_file() and not target.is_dir():
        try:
            with target.open("wb") as stream:
                yield stream
        except OSError as error:
            raise StorageError(
                f"{what} could not be written: {error.strerror or error}", where=str(path), fix=fix
            ) from error
        return
    with beside(path, what, fix) as part, part.open("wb") as stream:
        yield stream


def write_whole(path: Path, pieces: Iterable[bytes], what: str = "this", fix: str = FIX) -> None:
    """Write a file piece by piece, whole or not at all; errors as in `beside`."""
    with whole_file(path, what, fix) as stream:
        stream.writelines(pieces)

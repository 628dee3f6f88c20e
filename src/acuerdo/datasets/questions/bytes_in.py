"""The bytes of a corpus: a file, a stream or bytes, unpacked where they are gzip-compressed."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final, cast

from acuerdo.datasets.sources import STANDARD_INPUT, Source
from acuerdo.domain.errors import InputError, StorageError

_GZIP: Final = b"\x1f\x8b"
_PIECE_BYTES: Final = 1_048_576


@contextmanager
def opened(source: Source, file: str) -> Iterator[io.BufferedReader]:
    """Open a source for one pass from the start; gzip is unpacked as it is read.

    Raises InputError if it cannot be read, also for what goes wrong while the block reads.
    """
    with ExitStack() as stack:
        try:
            raw: IO[bytes]
            if isinstance(source, bytes):
                raw = io.BytesIO(source)
            elif isinstance(source, Path):
                raw = stack.enter_context(source.open("rb"))
            else:
                raw = source
            buffered = _buffered(raw)
            if buffered.peek(2)[:2] == _GZIP:
                unpacked = stack.enter_context(gzip.GzipFile(fileobj=buffered, mode="rb"))
                buffered = io.BufferedReader(unpacked)
            yield buffered
        except FileNotFoundError:
            raise InputError("there is no such file", where=file, fix="Check the path.") from None
        except IsADirectoryError:
            raise InputError("this is a folder", where=file, fix="Name a file in it.") from None
        except PermissionError:
            raise InputError(
                "this file may not be read", where=file, fix="Check its permissions."
            ) from None
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError(
                f"the compressed file is damaged: {error}",
                where=file,
                fix="Copy or download it again.",
            ) from None
        except OSError as error:
            raise InputError(
                f"this cannot be read: {error.strerror or error}", where=file
            ) from error


def named(source: Source, name: str) -> str:
    """Return what messages call a source."""
    return name or (str(source) if isinstance(source, Path) else STANDARD_INPUT)


@contextmanager
def seekable(stream: io.BufferedReader, file: str) -> Iterator[IO[bytes]]:
    """Give a stream that can be read in any order: itself, or a temporary copy.

    Raises StorageError if it cannot be copied.
    """
    if stream.seekable() and not isinstance(stream.raw, gzip.GzipFile):
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        try:
            shutil.copyfileobj(stream, copy, _PIECE_BYTES)
            copy.seek(0)
        except OSError as error:
            raise StorageError(
                f"this cannot be copied to a temporary file: {error.strerror or error}",
                where=file,
                fix="Make room on the disk, or unpack the file first.",
            ) from error
        yield copy


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(_Readable(stream))


class _Readable(io.RawIOBase):
    """Reads from a stream that may know nothing but `read`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: object) -> int:
        view = cast(memoryview, buffer)
        content = self._stream.read(len(view))
        view[: len(content)] = content
        return len(content)

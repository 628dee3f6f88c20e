"""Tables of any length: read row by row, as often as wanted, never held in memory."""

from __future__ import annotations

import codecs
import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

from acuerdo.datasets.csv_tables import DELIMITERS, sniff_delimiter
from acuerdo.datasets.sources import (
    BYTE_ORDER_MARKS,
    STANDARD_INPUT,
    Source,
    not_an_encoding,
    refuse_documents,
    undecodable,
)
from acuerdo.domain.errors import InputError, StorageError

MAX_LINE_CHARACTERS: Final = 4_000_000
_START_BYTES: Final = 65_536
_SNIFFED_CHARACTERS: Final = 50_000
_PIECE_BYTES: Final = 1_048_576


class StreamedTable:
    """A comma-, semicolon-, tab- or bar-separated table with a header row on a seekable file.

    `header` holds its cells as written. Standard input and other streams are copied to a temporary
    file first, since a table is read more than once. Close it, or use it in a `with` block.
    """

    def __init__(
        self,
        source: Source,
        wanted: Callable[[Sequence[str]], bool],
        *,
        name: str = "",
        encoding: str = "",
        delimiter: str = "",
    ) -> None:
        """Open the table; without `delimiter` it is the one under which `wanted(header)` is true.

        Raises InputError if the source cannot be read, is empty or is no text, StorageError if it
        cannot be copied.
        """
        self.file = name or (str(source) if isinstance(source, Path) else STANDARD_INPUT)
        self._stream = _opened(source, self.file)
        with ExitStack() as opened:
            opened.callback(self.close)
            self.size = self._stream.seek(0, io.SEEK_END)
            self._stream.seek(0)
            start = self._stream.read(_START_BYTES)
            refuse_documents(start, self.file)
            marked = next((codec for mark, codec in BYTE_ORDER_MARKS if start.startswith(mark)), "")
            self.encoding = marked or encoding or "utf-8"
            self.delimiter = _known(delimiter, self.file) or self._sniffed(wanted)
            header_row, header = next(self._records(), (0, []))
            if not header:
                raise InputError(
                    "the file is empty", where=self.file, fix="Check that it was saved."
                )
            opened.pop_all()
        self.header_row = header_row
        self.header = tuple(header)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    @property
    def bytes_read(self) -> int:
        """How far the pass that is going on has come, of `size`."""
        return self._stream.tell()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every row below the header with its number, cells as written, from the start.

        Rows are numbered as a spreadsheet does: the header is row 1, blank rows count and are left
        out. Blank cells beyond the header are dropped. Only one pass can go on at a time. Raises
        InputError for rows of another length, broken quotation marks and what does not decode.
        """
        records = self._records()
        next(records, None)
        width = len(self.header)
        for number, cells in records:
            if len(cells) == width:
                yield number, cells
            elif len(cells) > width and not any(map(str.strip, cells[width:])):
                yield number, cells[:width]
            else:
                raise InputError(
                    f"there are {width} columns in row {self.header_row}, but {len(cells)} in "
                    "this one",
                    where=f"{self.file}, row {number}",
                    fix=f"Put texts that contain a {DELIMITERS[self.delimiter]} or a line break "
                    'in quotation marks ("…").',
                )

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not blank with their number."""
        lines = self._lines()
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        number, line = 0, 0
        try:
            for number, cells in enumerate(reader, start=1):
                line = reader.line_num
                if any(cells) and any(map(str.strip, cells)):
                    yield number, cells
        except csv.Error as error:
            raise InputError(
                f"this row cannot be read: {error}",
                where=f"{self.file}, row {number + 1} (line {line + 1})",
                fix='Close every quotation mark, and double those inside a quoted text ("").',
            ) from None
        finally:
            lines.close()

    def _lines(self) -> Generator[str, None, None]:
        self._stream.seek(0)
        try:
            text = io.TextIOWrapper(self._stream, encoding=self.encoding, newline="")
        except LookupError:
            raise not_an_encoding(self.encoding, self.file) from None
        try:
            for number, line in enumerate(iter(lambda: text.readline(MAX_LINE_CHARACTERS), ""), 1):
                if "\0" in line:
                    raise self._no_text("this is not a text file: it contains zero bytes", number)
                if len(line) == MAX_LINE_CHARACTERS:
                    raise self._no_text(f"this line has {len(line):,} characters or more", number)
                yield line
        except UnicodeError:
            raise self._undecodable() from None
        except OSError as error:
            raise InputError(f"this cannot be read: {error}", where=self.file) from error
        finally:
            # The wrapper would close the file with itself, and a second pass would find it closed.
            if not self._stream.closed:
                text.detach()

    def _sniffed(self, wanted: Callable[[Sequence[str]], bool]) -> str:
        start = io.StringIO()
        for line in self._lines():
            start.write(line)
            if start.tell() > _SNIFFED_CHARACTERS:
                break
        return sniff_delimiter(start.getvalue().lstrip(), wanted)

    def _no_text(self, what: str, line: int) -> InputError:
        return InputError(
            what,
            where=f"{self.file}, line {line}",
            fix="Hand in a CSV or TSV table in UTF-8.",
        )

    def _undecodable(self) -> InputError:
        """Go through the file once more to say where it does not decode."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        self._stream.seek(0)
        done, lines = 0, 0
        while True:
            piece = self._stream.read(_PIECE_BYTES)
            pending = decoder.getstate()[0]
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return undecodable(
                    pending + piece,
                    self.file,
                    self.encoding,
                    error,
                    bytes_before=done - len(pending),
                    lines_before=lines - pending.count(b"\n"),
                )
            except UnicodeError:
                piece = b""
            if not piece:
                return InputError(f"this is not {self.encoding.upper()} text", where=self.file)
            done, lines = done + len(piece), lines + piece.count(b"\n")


def _known(delimiter: str, file: str) -> str:
    """Return the delimiter by its sign or its name, "" for none."""
    if delimiter in ("", *DELIMITERS):
        return delimiter
    for sign, name in DELIMITERS.items():
        if delimiter.casefold() == name or (delimiter, sign) == ("\\t", "\t"):
            return sign
    raise InputError(
        f"{delimiter!r} does not separate cells",
        where=file,
        fix=f"Use one of {', '.join(DELIMITERS.values())}, or the sign itself.",
    )


def _opened(source: Source, file: str) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if not isinstance(source, Path):
        return _copied(source, file)
    try:
        stream = source.open("rb")
    except FileNotFoundError:
        raise InputError("there is no such file", where=file, fix="Check the path.") from None
    except IsADirectoryError:
        raise InputError("this is a folder", where=file, fix="Name a file in it.") from None
    except PermissionError:
        raise InputError(
            "this file may not be read", where=file, fix="Check its permissions."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"this cannot be read: {error}", where=file) from error
    if stream.seekable():
        return stream
    with stream:
        return _copied(stream, file)


def _copied(stream: IO[bytes], file: str) -> IO[bytes]:
    try:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - the table closes it
        shutil.copyfileobj(stream, copy, _PIECE_BYTES)
    except (OSError, ValueError) as error:
        raise StorageError(
            f"this cannot be copied to a temporary file: {error}",
            where=file,
            fix="Make room on the disk, or hand in a file instead of a stream.",
        ) from error
    return copy

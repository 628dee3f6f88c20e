"""The lines of a text file, one by one; a line that does not decode spoils nothing but itself."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from acuerdo.datasets.sources import (
    BYTE_ORDER_MARKS,
    not_an_encoding,
    refuse_documents,
    undecodable,
)
from acuerdo.domain.errors import InputError

MAX_LINE_BYTES: Final = 4_000_000
_START_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class TextLine:
    """One physical line with its line break. `problem` says why it cannot be used, if so."""

    number: int
    text: str
    problem: InputError | None = None


def text_lines(stream: io.BufferedReader, file: str, encoding: str) -> Iterator[TextLine]:
    """Yield the lines of a text in UTF-8, in the encoding that is named, or marked as UTF-16.

    Raises InputError for an encoding that nobody knows and for documents that are no text. A line
    that does not decode, holds zero bytes or has more than 4 MB comes with its problem.
    """
    start = stream.peek(_START_BYTES)
    refuse_documents(start, file)
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if start.startswith(mark)), "")
    codec = marked or encoding or "utf-8"
    try:
        narrow = "\n".encode(codec).removeprefix(codecs.BOM_UTF8) == b"\n"
    except (LookupError, ValueError):
        raise not_an_encoding(codec, file) from None
    yield from (_narrow_lines if narrow else _wide_lines)(stream, file, codec)


def _narrow_lines(stream: io.BufferedReader, file: str, codec: str) -> Iterator[TextLine]:
    """Lines of an encoding in which a line break is one byte: each decodes by itself."""
    before = 0
    for number, content in enumerate(iter(lambda: stream.readline(MAX_LINE_BYTES), b""), 1):
        problem = None
        # Only the first line has a byte-order mark to lose.
        used = codec if number == 1 or codec != "utf-8-sig" else "utf-8"
        try:
            text = content.decode(used)
        except UnicodeDecodeError as error:
            text = content.decode(used, "replace")
            problem = undecodable(
                content, file, used, error, bytes_before=before, lines_before=number - 1
            )
        before += len(content)
        yield _checked(TextLine(number, text, problem), len(content), file)


def _wide_lines(stream: io.BufferedReader, file: str, codec: str) -> Iterator[TextLine]:
    """Lines of UTF-16 and the like, where nothing after a broken place can be trusted."""
    text = io.TextIOWrapper(stream, encoding=codec, newline="")
    try:
        for number, line in enumerate(iter(lambda: text.readline(MAX_LINE_BYTES), ""), 1):
            yield _checked(TextLine(number, line), len(line), file)
    except UnicodeError as error:
        raise InputError(
            f"this is not {codec.upper()} text: {error}",
            where=file,
            fix="Save the file again as UTF-8.",
        ) from None
    finally:
        text.detach()


def _checked(line: TextLine, size: int, file: str) -> TextLine:
    what = ""
    if "\0" in line.text:
        what = "this is not text: it contains zero bytes"
    elif size == MAX_LINE_BYTES:
        what = "this line has 4 MB or more"
    if not what or line.problem is not None:
        return line
    return TextLine(line.number, line.text, InputError(what, where=f"{file}, line {line.number}"))

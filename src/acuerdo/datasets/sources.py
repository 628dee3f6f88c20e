"""Get text out of whatever was handed in: bounded, decoded, never binary junk."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from acuerdo.domain.errors import InputError

Source = Path | bytes | BinaryIO

MAX_BYTES: Final = 20_000_000
STANDARD_INPUT: Final = "standard input"

BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAVE_AS_CSV: Final = "Save it as CSV UTF-8 and hand that in."
_COPY_THE_TEXT: Final = "Copy the text into a plain text or CSV file and hand that in."
# In lower case, as the start of the file is when they are compared.
_SIGNATURES: Final = (
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document", _SAVE_AS_CSV),
    (b"%pdf", "a PDF document", _COPY_THE_TEXT),
    (b"{\\rtf", "a rich text document", _COPY_THE_TEXT),
    (b"<!doctype html", "a web page", _COPY_THE_TEXT),
    (b"<html", "a web page", _COPY_THE_TEXT),
    (b"\x89png", "a PNG picture", _COPY_THE_TEXT),
    (b"\xff\xd8\xff", "a JPEG picture", _COPY_THE_TEXT),
    (b"gif8", "a GIF picture", _COPY_THE_TEXT),
    (b"par1", "a Parquet file", _SAVE_AS_CSV),
    (b"sqlite format 3\0", "an SQLite database", _SAVE_AS_CSV),
    (b"\x1f\x8b", "a compressed (gzip) file", "Unpack it and hand in what is inside."),
)
_ZIP: Final = b"PK\x03\x04"
_ZIP_CONTENTS: Final = (
    (b"xl/", "an Excel workbook", _SAVE_AS_CSV),
    (b"opendocument.spreadsheet", "a LibreOffice spreadsheet", _SAVE_AS_CSV),
    (b"word/", "a Word document", _COPY_THE_TEXT),
    (b"opendocument.text", "a LibreOffice document", _COPY_THE_TEXT),
    (b"", "a ZIP archive", "Unpack it and hand in one of the files inside."),
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """Decoded text without a byte-order mark, what to call it in messages, what was assumed."""

    file: str
    text: str
    notes: tuple[str, ...] = ()


def read_source(source: Source, *, name: str = "", encoding: str = "") -> SourceText:
    """Read at most 20 MB and decode them.

    UTF-8 and, by its byte-order mark, UTF-16 are understood; any other encoding has to be named.
    `name` is what messages call the source; by default the path, or "standard input". Raises
    InputError if the source cannot be read, is too large, is binary or does not decode.
    """
    file = name or (str(source) if isinstance(source, Path) else STANDARD_INPUT)
    content = _read_bounded(source, file)
    if not content.strip():
        raise InputError("the file is empty", where=file, fix="Check that it was saved.")
    refuse_documents(content, file)
    text, notes = _decode(content, file, encoding)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            "this is not a text file: it contains zero bytes",
            where=f"{file}, line {line}",
            fix="Hand in CSV, JSON, JSONL or plain text in UTF-8.",
        )
    return SourceText(file=file, text=text, notes=notes)


def _read_bounded(source: Source, file: str) -> bytes:
    try:
        if isinstance(source, bytes):
            content = source
        elif isinstance(source, Path):
            with source.open("rb") as stream:
                content = _read_stream(stream)
        else:
            content = _read_stream(source)
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
    if len(content) > MAX_BYTES:
        raise InputError(
            f"the file has more than {MAX_BYTES // 1_000_000} MB",
            where=file,
            fix="Keep only the rows and columns of this round.",
        )
    return content


def _read_stream(stream: BinaryIO) -> bytes:
    """Read one byte more than allowed, so that too much is noticed and never held in memory."""
    pieces: list[bytes] = []
    missing = MAX_BYTES + 1
    while missing > 0:
        piece = stream.read(missing)
        if not piece:
            break
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def refuse_documents(content: bytes, file: str) -> None:
    """Raise InputError if the start of a file is that of a document, picture or archive."""
    if content.startswith(_ZIP):
        what, fix = next((what, fix) for mark, what, fix in _ZIP_CONTENTS if mark in content)
        raise InputError(f"this is {what}, not text", where=file, fix=fix)
    start = content[:64].lstrip().lower()
    for signature, what, fix in _SIGNATURES:
        if start.startswith(signature):
            raise InputError(f"this is {what}, not plain text", where=file, fix=fix)


def _decode(content: bytes, file: str, encoding: str) -> tuple[str, tuple[str, ...]]:
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if content.startswith(mark)), "")
    codec = marked or encoding or "utf-8"
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        raise undecodable(content, file, codec, error) from None
    except (LookupError, ValueError):
        raise not_an_encoding(codec, file) from None
    noteworthy = codec not in ("utf-8", "utf-8-sig")
    return text, (f"decoded as {codec}",) if noteworthy else ()


def not_an_encoding(codec: str, file: str) -> InputError:
    """Return the error for an encoding that nobody knows."""
    return InputError(
        f"{codec!r} is not a text encoding",
        where=file,
        fix="Common ones are 'utf-8', 'utf-16' and 'windows-1252'.",
    )


def undecodable(
    content: bytes,
    file: str,
    codec: str,
    error: UnicodeDecodeError,
    *,
    bytes_before: int = 0,
    lines_before: int = 0,
) -> InputError:
    """Return the error that names the place in the file; `content` may be a later part of it."""
    bad = content[error.start : max(error.end, error.start + 1)][:4]
    line = lines_before + content.count(b"\n", 0, error.start) + 1
    place = bytes_before + error.start + 1
    fix = "Save the file again as UTF-8."
    if codec.startswith("utf-8"):
        fix = (
            f"In Windows-1252 the place would read “{_as_windows_1252(content, error.start)}”: if "
            "that looks right, pass the encoding 'windows-1252' (on the command line: --encoding "
            "windows-1252); otherwise save it again as UTF-8."
        )
    return InputError(
        f"byte {place} ({bad.hex(' ').upper()}) is not {codec.upper()} text",
        where=f"{file}, line {line}",
        fix=fix,
    )


def _as_windows_1252(content: bytes, place: int) -> str:
    """Return what stands around a place, as most Windows programs would have written it."""
    start = max(content.rfind(b"\n", 0, place) + 1, place - 20)
    around = content[start : place + 12].partition(b"\n")[0].decode("cp1252", "replace")
    return "".join(letter if letter.isprintable() else "?" for letter in around).strip()

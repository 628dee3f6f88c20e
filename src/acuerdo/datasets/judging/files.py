"""The files of an export: a folder, or a ZIP archive of one."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from acuerdo.domain.errors import InputError

MAX_FILE_BYTES: Final = 1_000_000_000
_LONG_NAMES: Final = ("participant-votes.csv", "participants-votes.csv")


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """The files of one export by name; those inside sub-folders of an archive count as well."""

    path: Path
    members: Mapping[str, str]
    """From the file's own name, in lower case, to its path in the folder or archive."""

    @classmethod
    def of(cls, path: Path) -> ExportFiles:
        """List a folder or a ZIP archive; raises InputError if it is neither."""
        with _readable(str(path)):
            if path.is_dir():
                names = sorted(entry.name for entry in path.iterdir() if entry.is_file())
                return cls(path, {name.lower(): name for name in names})
            if not path.exists():
                raise InputError(
                    "there is no such file or folder", where=str(path), fix="Check the path."
                )
            with zipfile.ZipFile(path) as archive:
                found = sorted(archive.namelist(), reverse=True)
        # Programs that pack on a Mac add a hidden twin of every file.
        kept = (member for member in found if "__MACOSX" not in member)
        return cls(path, {PurePosixPath(member).name.lower(): member for member in kept})

    @property
    def name(self) -> str:
        """What the export is called: the folder's name, or the archive's without its ending."""
        path = self.path.resolve()
        return path.name if path.is_dir() else path.stem

    def find(self, *names: str) -> str:
        """Return the first file with one of these names, "" if there is none.

        A prefix that ends in "-" is allowed: "r4xyz-comments.csv" is found as "comments.csv", but
        "participant-votes.csv" is never taken for "votes.csv".
        """
        for name in names:
            found = name if name in self.members else self._prefixed(name)
            if found:
                return found
        return ""

    def _prefixed(self, name: str) -> str:
        other = tuple(long for long in _LONG_NAMES if long != name)
        fitting = (member for member in self.members if member.endswith(f"-{name}"))
        return next((member for member in fitting if not member.endswith(other)), "")

    def where(self, name: str) -> str:
        """Return how messages call a file."""
        return str(self.path / self.members.get(name, name))

    def text(self, name: str) -> str:
        """Return a file's text; raises InputError if it cannot be read as UTF-8."""
        where = self.where(name)
        with _readable(where):
            if self.path.is_dir():
                return decoded(_bounded(self.path / self.members[name]), where)
            with zipfile.ZipFile(self.path) as archive:
                if archive.getinfo(self.members[name]).file_size > MAX_FILE_BYTES:
                    raise _too_large(where)
                return decoded(archive.read(self.members[name]), where)


def read_text(path: Path) -> str:
    """Return the text of a file of at most 1 GB in UTF-8; raises InputError otherwise."""
    with _readable(str(path)):
        return decoded(_bounded(path), str(path))


def decoded(content: bytes, where: str) -> str:
    """Return UTF-8 text without a byte-order mark; raises InputError naming the line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"byte {error.start + 1} ({content[error.start]:02X}) is not UTF-8 text",
            where=f"{where}, line {line}",
            fix="Save the file again as UTF-8.",
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(
            "this is not a text file: it contains zero bytes",
            where=f"{where}, line {line}",
            fix="Hand in the export as it was downloaded.",
        )
    return text


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise _too_large(str(path))
    return path.read_bytes()


def _too_large(where: str) -> InputError:
    return InputError(
        f"the file has more than {MAX_FILE_BYTES // 1_000_000} MB",
        where=where,
        fix="Split it by conversation.",
    )


@contextmanager
def _readable(where: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise InputError("there is no such file", where=where, fix="Check the path.") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InputError(
            f"this is neither a folder nor an intact ZIP archive: {error}",
            where=where,
            fix="Name the export's folder, or download the archive again.",
        ) from None
    except (OSError, EOFError) as error:
        raise InputError(f"this cannot be read: {error}", where=where) from error

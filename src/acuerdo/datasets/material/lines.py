"""JSON Lines of any length, read line by line, with the line in every message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from acuerdo.datasets.json_tables import parse_json
from acuerdo.datasets.tables import JsonValue, kind_of
from acuerdo.domain.errors import InputError
from acuerdo.domain.text import canonical

MAX_LINE_BYTES: Final = 4_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One object of the file, or row of a table; getters raise InputError naming the field."""

    file: str
    number: int
    fields: Mapping[str, JsonValue]
    unit: str = "line"

    @property
    def place(self) -> str:
        """Return file and line as messages name them."""
        return f"{self.file}, {self.unit} {self.number}"

    def where(self, field: str) -> str:
        """Return file, line and field as messages name them."""
        return f"{self.place}, field {field!r}"

    def text(self, field: str, *, required: bool = False) -> str:
        """Return a text without invisible characters, "" if the field is missing or null."""
        value = self.fields.get(field)
        if value is None or value == "":
            if required:
                raise self.missing(field)
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise self.wrong(field, "a text")
        found = canonical(value)
        if required and not found:
            raise self.missing(field)
        return found

    def texts(self, field: str) -> tuple[str, ...]:
        """Return a list of texts, () if the field is missing or null; null in it counts as ""."""
        value = self.fields.get(field)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.wrong(field, "a list of texts")
        for entry in value:
            if not isinstance(entry, str) and entry is not None:
                raise self.wrong(field, "a list of texts")
        return tuple(canonical(entry) if isinstance(entry, str) else "" for entry in value)

    def objects(self, field: str) -> tuple[Line, ...]:
        """Return a list of objects, () if the field is missing or null."""
        value = self.fields.get(field)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.wrong(field, "a list of objects")
        found = []
        for entry in value:
            if not isinstance(entry, dict):
                raise self.wrong(field, "a list of objects")
            found.append(Line(self.file, self.number, entry))
        return tuple(found)

    def numbers(self, field: str, low: float, high: float) -> tuple[float, ...]:
        """Return a list of numbers from `low` to `high`, or one of them; null in it is left out."""
        value = self.fields.get(field)
        listed = value if isinstance(value, list) else [value]
        found = [entry for entry in listed if entry is not None]
        for entry in found:
            if isinstance(entry, bool) or not isinstance(entry, int | float):
                raise self.wrong(field, "a list of numbers")
            if not low <= entry <= high:
                raise InputError(
                    f"{entry} is not between {low:g} and {high:g}", where=self.where(field)
                )
        return tuple(float(entry) for entry in found if isinstance(entry, int | float))

    def missing(self, field: str) -> InputError:
        """Return the error for a field that has to be there."""
        return InputError(
            "this is missing or empty",
            where=self.where(field),
            fix=f"The fields of this line are {', '.join(self.fields) or 'none'}.",
        )

    def wrong(self, field: str, wanted: str) -> InputError:
        """Return the error for a value of another kind."""
        value = self.fields.get(field)
        return InputError(f"this is {kind_of(value)}, not {wanted}", where=self.where(field))


def read_lines(path: Path) -> Iterator[Line]:
    """Yield the objects of a JSON Lines file; blank lines count and are left out.

    Raises InputError naming the line for what cannot be read, is no UTF-8 text, no JSON or no
    object, and for lines of more than 4 MB.
    """
    file = str(path)
    try:
        with path.open("rb") as stream:
            for number, content in enumerate(iter(lambda: stream.readline(MAX_LINE_BYTES), b""), 1):
                where = f"{file}, line {number}"
                if len(content) == MAX_LINE_BYTES:
                    raise InputError("this line has 4 MB or more", where=where)
                text = _decoded(content, where)
                if text.strip():
                    # With its line break, JSON that ends too early would be blamed on the next.
                    yield Line(file, number, _object(text.rstrip(), file, number))
    except FileNotFoundError:
        raise InputError("there is no such file", where=file, fix="Check the path.") from None
    except IsADirectoryError:
        raise InputError("this is a folder", where=file, fix="Name a file in it.") from None
    except OSError as error:
        raise InputError(f"this cannot be read: {error.strerror or error}", where=file) from error


def _decoded(content: bytes, where: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start + 1} ({content[error.start]:02X}) is not UTF-8 text",
            where=where,
            fix="Save the file again as UTF-8.",
        ) from None


def _object(text: str, file: str, number: int) -> Mapping[str, JsonValue]:
    value = parse_json(text, file, number)
    if not isinstance(value, dict):
        raise InputError(
            f"this is {kind_of(value)}, not an object",
            where=f"{file}, line {number}",
            fix="Write one JSON object on every line.",
        )
    return value

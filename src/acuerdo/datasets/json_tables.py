"""Read JSON and JSONL: lists, objects with sections, person -> text mappings, one value a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from acuerdo.datasets.tables import (
    SECTIONS,
    Contents,
    JsonValue,
    Row,
    Section,
    Table,
    bounded,
    check_text,
    kind_of,
    numbered_lines,
)
from acuerdo.domain.errors import InputError

SINGULAR: Mapping[Section, str] = {
    "opinions": "opinion",
    "critiques": "critique",
    "ratings": "rating",
}


def parse_json(text: str, file: str, first_line: int = 1) -> JsonValue:
    """Return the value; raises InputError with line and column for anything but one JSON value."""
    try:
        value: JsonValue = json.loads(text, object_pairs_hook=_object_without_repeats)
    except json.JSONDecodeError as error:
        raise InputError(
            f"this is not JSON: {error.msg}",
            where=f"{file}, line {first_line + error.lineno - 1}, column {error.colno}",
            fix="Correct it there, or name the format the file really has.",
        ) from None
    except RecursionError:
        raise InputError(
            "the JSON is nested too deeply",
            where=file,
            fix="Make it a list of objects with texts in them.",
        ) from None
    except _RepeatedKeyError as repeated:
        raise InputError(
            f"{repeated.key!r} stands twice in one object",
            where=f"{file}, line {first_line}" if first_line > 1 else file,
            fix="Join the two, or give each a name of its own.",
        ) from None
    except ValueError:  # the one other thing that json raises, to stay fast
        raise InputError(
            "a number has too many digits", where=file, fix="Write ids as text in quotation marks."
        ) from None
    return value


def read_json(text: str, file: str, section: Section) -> Contents:
    """Return the contents of a JSON file; what stands at its top level is `section`.

    An object with the keys `opinions`, `critiques` or `ratings` carries several sections, and may
    carry `question` and `previous`; any other object maps people to texts.
    """
    value = parse_json(text, file)
    if not isinstance(value, dict) or not _has_sections(value):
        return Contents({section: _table(value, file, section, "")})
    tables = {
        name: _table(value[name], file, name, f"{name}, ")
        for name in SECTIONS
        if value.get(name) is not None
    }
    return Contents(
        tables,
        question=_text_beside(value, "question", file),
        previous=_text_beside(value, "previous", file),
    )


def read_jsonl(text: str, file: str, section: Section) -> Contents:
    """Return the contents of a file with one JSON object or one string a line."""
    rows = (
        _row(parse_json(line, file, number), f"line {number}", file, section)
        for number, line in numbered_lines(text, file)
    )
    return Contents({section: _table_of(rows, file)})


def looks_like_json(text: str) -> bool:
    """Tell whether a text begins as a JSON object or list does."""
    return bool(re.match(r'\s*(\{\s*["}]|\[\s*["{\[\]])', text))


def looks_like_jsonl(text: str) -> bool:
    """Tell whether the first line is a JSON value of its own and more lines follow."""
    first, _, rest = text.strip().partition("\n")
    if not rest or not looks_like_json(first):
        return False
    try:
        parse_json(first, "")
    except InputError:
        return False
    return True


def _has_sections(value: Mapping[str, JsonValue]) -> bool:
    return any(key in value for key in (*SECTIONS, "question", "previous"))


def _table(value: JsonValue, file: str, section: Section, prefix: str) -> Table:
    if isinstance(value, list):
        rows = (
            _row(entry, f"{prefix}entry {number}", file, section)
            for number, entry in enumerate(value, start=1)
        )
    elif isinstance(value, dict) and section != "ratings":
        column = SINGULAR[section]
        rows = (
            Row(f"{prefix}entry {person!r}", {"person": person, column: text})
            for person, text in value.items()
        )
    else:
        raise InputError(
            f"the {section} are {kind_of(value)}",
            where=file,
            fix="Make them a list: of objects such as "
            f'{{"person": "Ana", "{SINGULAR[section]}": …}}.',
        )
    return _table_of(rows, file)


def _row(entry: JsonValue, place: str, file: str, section: Section) -> Row:
    if isinstance(entry, str) and section != "ratings":
        return Row(place, {SINGULAR[section]: entry})
    if isinstance(entry, dict):
        return Row(place, entry)
    raise InputError(
        f"this is {kind_of(entry)}",
        where=f"{file}, {place}",
        fix=f'Make it an object such as {{"person": "Ana", "{SINGULAR[section]}": …}}.',
    )


def _table_of(rows: Iterable[Row], file: str) -> Table:
    kept = bounded(rows, file)
    columns = tuple(dict.fromkeys(column for row in kept for column in row.cells))
    return Table(file=file, columns=columns, rows=kept, unit="field")


def _text_beside(value: Mapping[str, JsonValue], key: str, file: str) -> str:
    text = value.get(key) or ""
    where = f"{file}, field {key!r}"
    if not isinstance(text, str):
        raise InputError(
            f"this is {kind_of(text)}, not text",
            where=where,
            fix="Write it as text in quotation marks.",
        )
    check_text(text, where)
    return text.strip()


class _RepeatedKeyError(Exception):
    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def _object_without_repeats(pairs: Sequence[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """Build an object; plain `dict` would silently drop what a person named twice wrote first."""
    found: dict[str, JsonValue] = {}
    for key, value in pairs:
        if key in found:
            raise _RepeatedKeyError(key)
        found[key] = value
    return found

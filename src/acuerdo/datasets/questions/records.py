"""What every format becomes on its way in: records that know where they stand, good or broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from acuerdo.datasets.json_tables import parse_json
from acuerdo.datasets.questions.lines_in import TextLine
from acuerdo.datasets.tables import JsonValue, kind_of
from acuerdo.domain.errors import InputError


@dataclass(frozen=True, slots=True)
class Record:
    """One row. `place` is what a person looks for: "row 7", "line 7", "entry 7".

    `problem` says why it cannot be read; then `cells` are empty.
    """

    place: str
    cells: Mapping[str, JsonValue] = field(default_factory=dict)
    problem: InputError | None = None


def jsonl_records(lines: Iterator[TextLine], file: str) -> Iterator[Record]:
    """Yield one record for each line that is not blank; broken lines come with their problem."""
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        place = f"line {line.number}"
        if line.problem is not None:
            yield Record(place, problem=line.problem)
            continue
        try:
            yield Record(place, _object(parse_json(text, file, line.number), f"{file}, {place}"))
        except InputError as problem:
            yield Record(place, problem=problem)


def json_records(lines: Iterator[TextLine], file: str) -> Iterator[Record]:
    """Yield the entries of a JSON list one by one, never holding more than one of them.

    After a broken entry it goes on at the next line that begins with an object. Raises InputError
    if there is none, if the text is no list, or if it ends too early.
    """
    return _ListReader(lines, file).records()


def _object(value: JsonValue, where: str) -> Mapping[str, JsonValue]:
    if isinstance(value, dict):
        return value
    if isinstance(value, str):
        return {"question": value}
    raise InputError(
        f"this is {kind_of(value)}, not an object",
        where=where,
        fix='Make it an object such as {"id": "q1", "question": "…"}.',
    )


_MAX_ENTRY_CHARACTERS = 4_000_000
_READ_CHARACTERS = 65_536
_BLANK = re.compile(r"\s*")
_OBJECT_LINE = re.compile(r"\n\s*(?=\{)")


class _ListReader:
    """Goes through a JSON list with a window over its text."""

    def __init__(self, lines: Iterator[TextLine], file: str) -> None:
        self._lines = lines
        self._file = file
        self._window = ""
        self._at = 0
        self._line = 1
        self._ended = False
        self._decoder = json.JSONDecoder()

    def records(self) -> Iterator[Record]:
        if self._next_sign() != "[":
            raise self._error("this is not a list", "Write [ before the first entry.")
        self._at += 1
        number = 0
        if self._next_sign() == "]":
            self._at += 1
        else:
            ending = ","
            while ending == ",":
                number += 1
                record, ending = self._entry(number)
                yield record
        if self._next_sign():
            raise self._error("there is more after the end of the list", "Remove it.")

    def _entry(self, number: int) -> tuple[Record, str]:
        """Return an entry and the sign behind it, "," or "]"; the window then stands behind it."""
        self._next_sign()
        start = self._line
        place = f"entry {number} (line {start})"
        try:
            record = Record(place, _object(self._value(), f"{self._file}, {place}"))
        except _BrokenError as broken:
            return self._skipped(place, f"this is not JSON: {broken.what}", start)
        except InputError as problem:
            record = Record(place, problem=problem)
        sign = self._next_sign()
        if sign not in (",", "]"):
            what = "there is no comma behind this entry" if sign else "the list never ends"
            return self._skipped(place, what, start)
        self._move(1)
        return record, sign

    def _value(self) -> JsonValue:
        while True:
            try:
                value, end = self._decoder.raw_decode(self._window, self._at)
                # A number may go on beyond the window; an object or a text ends with its bracket.
                if end < len(self._window) or not self._more():
                    text = self._window[self._at : end]
                    self._move(end - self._at)
                    # Once more with the checks that every JSON file of ours goes through.
                    return value if isinstance(value, str) else parse_json(text, self._file)
            except (json.JSONDecodeError, RecursionError) as error:
                too_long = len(self._window) - self._at > _MAX_ENTRY_CHARACTERS
                if isinstance(error, RecursionError) or too_long or not self._more():
                    what = getattr(error, "msg", "nested too deeply")
                    raise _BrokenError(what) from None

    def _skipped(self, place: str, what: str, line: int) -> tuple[Record, str]:
        """Go on at the next line that begins with an object; raise the problem if there is none."""
        problem = self._error(what, "Correct it there.", line)
        while True:
            found = _OBJECT_LINE.search(self._window, self._at)
            if found:
                self._move(found.end() - self._at)
                return Record(place, problem=problem), ","
            if not self._more():
                raise problem

    def _next_sign(self) -> str:
        """Skip white space; return the sign that comes then, "" at the end."""
        while True:
            blank = _BLANK.match(self._window, self._at)
            self._move(blank.end() - self._at if blank else 0)
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def _move(self, characters: int) -> None:
        self._line += self._window.count("\n", self._at, self._at + characters)
        self._at += characters

    def _more(self) -> bool:
        """Take more text into the window and drop what is behind; tell whether there was more."""
        if self._ended:
            return False
        pieces = [self._window[self._at :]]
        taken = 0
        while taken < _READ_CHARACTERS:
            line = next(self._lines, None)
            if line is None:
                self._ended = True
                break
            if line.problem is not None:
                raise line.problem
            pieces.append(line.text)
            taken += len(line.text)
        self._window, self._at = "".join(pieces), 0
        return taken > 0

    def _error(self, what: str, fix: str, line: int = 0) -> InputError:
        return InputError(what, where=f"{self._file}, line {line or self._line}", fix=fix)


class _BrokenError(Exception):
    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)

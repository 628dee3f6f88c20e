"""Debate questions as plain fields, and back from whatever tables and other programs write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Final, Literal, TypeVar, get_args

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import (
    SPLITS,
    UNSETTLED,
    DebateQuestion,
    Leaning,
    Origin,
    WrittenBy,
)
from acuerdo.domain.rounds import MAX_OPINION_CHARACTERS
from acuerdo.domain.text import canonical

MAX_TEXT_CHARACTERS: Final = MAX_OPINION_CHARACTERS
"""The longest text of any field; longer ones are damage, not questions."""
_WHOLE_NUMBER: Final = re.compile(r"([+-]?\d{1,20})(?:\.0*)?")

QUESTION_FIELDS: Final = tuple(field.name for field in fields(DebateQuestion))
ORIGIN_FIELDS: Final = tuple(field.name for field in fields(Origin))
_NO_ORIGIN: Final = Origin()
_LEANINGS: Final[tuple[Leaning, ...]] = get_args(Leaning)
_WRITERS: Final[tuple[WrittenBy, ...]] = get_args(WrittenBy)
_SPLITS: Final = ("", *SPLITS)
_Word = TypeVar("_Word", bound=str)
_BARE: Final = DebateQuestion(id="", text="")


def question_to_fields(question: DebateQuestion) -> dict[str, object]:
    """Return a question as fields that JSON can hold, under the names of its attributes.

    `origin` is an object of its own with what is known of it. `question_from_fields` gives the same
    question back.
    """
    found: dict[str, object] = {name: getattr(question, name) for name in QUESTION_FIELDS}
    found["origin"] = origin_to_fields(question.origin)
    return found


def question_from_fields(
    entries: Mapping[str, object], where: str, *, unit: Literal["column", "field"] = "field"
) -> DebateQuestion:
    """Return the question that stands in the fields that `question_to_fields` writes.

    Texts become one line without invisible characters, and are otherwise left as written; fields
    of other names are left out. Numbers and yes or no may be written as text, as tables do. `where`
    names the file and row, `unit` what it calls a field. Raises InputError naming the field if one
    is missing, of another kind, too long or says something that does not exist.
    """
    read = _Reader(entries, where, unit)
    return DebateQuestion(
        id=read.text("id", required=True),
        text=read.text("text", required=True),
        language=read.text("language") or _BARE.language,
        affirming=read.text("affirming"),
        negating=read.text("negating"),
        area=read.text("area"),
        leans=read.one_of("leans", _LEANINGS),
        topic=read.number("topic", UNSETTLED, lowest=UNSETTLED),
        outlier=read.flag("outlier"),
        split=read.one_of("split", _SPLITS),
        origin=_origin(entries.get("origin"), where),
    )


def origin_to_fields(origin: Origin) -> dict[str, object]:
    """Return what is known of an origin, under the names of its attributes."""
    return {
        name: list(value) if name == "shown" else value
        for name in ORIGIN_FIELDS
        if (value := getattr(origin, name)) != getattr(_NO_ORIGIN, name)
    }


def _origin(value: object, where: str) -> Origin:
    if value is None:
        return _NO_ORIGIN
    if not isinstance(value, Mapping):
        raise InputError(
            "the origin is not an object",
            where=f"{where}, field 'origin'",
            fix='Write it as {"by": "import", "source": "…"}, or leave it out.',
        )
    read = _Reader(value, f"{where}, field 'origin'", "field")
    return Origin(
        by=read.one_of("by", _WRITERS),
        model=read.text("model"),
        prompt_hash=read.text("prompt_hash"),
        seed=read.number("seed", 0),
        shown=read.texts("shown"),
        source=read.text("source"),
        licence=read.text("licence"),
    )


def one_line(text: str) -> str:
    """Return a text as one line; only where invisible characters stand in it is it rewritten.

    >>> one_line(" Two  spaces stay. "), one_line("A\\u200b line\\nbreak")
    ('Two  spaces stay.', 'A line break')
    """
    return text.strip() if text.isprintable() else " ".join(canonical(text).split())


class _Reader:
    """Takes values out of one record; every complaint names the record and the field."""

    def __init__(
        self, entries: Mapping[str, object], where: str, unit: Literal["column", "field"]
    ) -> None:
        self._entries = entries
        self._where = where
        self._unit = unit

    def text(self, name: str, *, required: bool = False) -> str:
        value = self._entries.get(name)
        if not required and (value is None or value == ""):
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            # Ids that are whole numbers are written without quotation marks by many programs.
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "this is not text", "Write it as text in quotation marks.")
        if value and len(value) > MAX_TEXT_CHARACTERS:
            raise self._wrong(
                name,
                f"this has {len(value):,} characters; at most {MAX_TEXT_CHARACTERS:,} can be read",
                "Shorten it, or leave the row out.",
            )
        found = one_line(value or "")
        if required and not found:
            raise self._wrong(
                name,
                "this is missing or empty",
                f"The {self._unit}s here are {', '.join(map(repr, self._entries)) or 'none'}.",
            )
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._entries.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise self._wrong(name, "this is not a list of texts", 'Write it as ["…", "…"].')
        return tuple(one_line(one) for one in value)

    def one_of(self, name: str, allowed: tuple[_Word, ...]) -> _Word:
        said = self.text(name).casefold()
        for word in allowed:
            if said == word:
                return word
        raise self._wrong(
            name,
            f"{said[:40]!r} is none of those that there are",
            f"Write {', '.join(word for word in allowed if word)}, or leave it empty.",
        )

    def number(self, name: str, default: int, lowest: int | None = None) -> int:
        value = self._entries.get(name)
        if value is None or value == "" or value != value:  # noqa: PLR0124 - nan, a gap in a table
            return default
        # Spreadsheets, and tables with gaps, write the whole number 3 as 3.0.
        written = _WHOLE_NUMBER.fullmatch(str(value).strip())
        if written is None or isinstance(value, bool):
            raise self._wrong(
                name,
                f"{str(value)[:40]!r} is not a whole number",
                "Write digits only, or leave it empty.",
            )
        found = int(written[1])
        if lowest is not None and found < lowest:
            raise self._wrong(
                name, f"{found} is below {lowest}", "Leave it empty where there is none."
            )
        return found

    def flag(self, name: str) -> bool:
        value = self._entries.get(name)
        said = str("" if value is None else value).strip().casefold()
        if said in ("", "false", "no", "0"):
            return False
        if said in ("true", "yes", "1"):
            return True
        raise self._wrong(name, f"{said[:40]!r} is neither true nor false", "Write true or false.")

    def _wrong(self, name: str, what: str, fix: str) -> InputError:
        return InputError(what, where=f"{self._where}, {self._unit} {name!r}", fix=fix)

"""Make questions out of records; every complaint names the column as the file calls it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b
from pathlib import PurePath
from typing import Literal

from acuerdo.datasets.questions.columns import FIELDS, SPLIT_NAMES
from acuerdo.datasets.questions.records import Record
from acuerdo.domain.errors import InputError
from acuerdo.domain.question_fields import question_from_fields
from acuerdo.domain.questions import DebateQuestion, Origin

Unit = Literal["column", "field"]


class Maker:
    """Makes questions out of records; remembers which ids there were."""

    def __init__(
        self,
        file: str,
        language: str | Callable[[str], str],
        origin: Origin | None,
        max_characters: int,
    ) -> None:
        self._file = file
        self._language = language
        self._origin = origin or Origin(by="import", source=PurePath(file).name)
        self._max = max_characters
        self._ids: set[int] = set()

    def question(self, record: Record, used: Mapping[str, str], unit: Unit) -> DebateQuestion:
        if record.problem is not None:
            raise record.problem
        where = f"{self._file}, {record.place}"
        entries: dict[str, object] = {
            field: record.cells[used[field]] for field in FIELDS if field in used
        }
        said = entries.get("split")
        if isinstance(said, str):
            entries["split"] = SPLIT_NAMES.get(said.strip().casefold(), said)
        entries["origin"] = _origin_entry(entries.get("origin"), where)
        no_id = entries.get("id") in (None, "")
        if no_id:
            entries["id"] = "-"
        found = _named_as_in_the_file(entries, where, unit, used)
        self._check_length(found, where, unit, used)
        language = found.language
        if entries.get("language") in (None, ""):
            tell = self._language
            language = (tell if isinstance(tell, str) else tell(_everything(found))) or "en"
        found = replace(
            found,
            id=_id_of(found.text) if no_id else found.id,
            language=language,
            origin=self._origin_of(entries) if entries["origin"] is None else found.origin,
        )
        self._check_new(found.id, where, no_id)
        return found

    def _origin_of(self, entries: Mapping[str, object]) -> Origin:
        source, licence = entries.get("source"), entries.get("licence")
        if not source and not licence:
            return self._origin
        return replace(
            self._origin,
            source=source if source and isinstance(source, str) else self._origin.source,
            licence=licence if licence and isinstance(licence, str) else self._origin.licence,
        )

    def _check_length(
        self, found: DebateQuestion, where: str, unit: str, used: Mapping[str, str]
    ) -> None:
        for field in ("text", "affirming", "negating"):
            length = len(getattr(found, field))
            if length > self._max:
                raise InputError(
                    f"this has {length:,} characters; at most {self._max:,} are taken in",
                    where=f"{where}, {unit} {used[field]!r}",
                    fix="Shorten it to one sentence, or leave the row out.",
                )

    def _check_new(self, name: str, where: str, no_id: bool) -> None:
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")
        if key in self._ids:
            raise InputError(
                "this question stands there already"
                if no_id
                else f"the id {name!r} stands there already",
                where=where,
                fix="Leave out the row." if no_id else "Give every question an id of its own.",
            )
        self._ids.add(key)


def _named_as_in_the_file(
    entries: Mapping[str, object],
    where: str,
    unit: Unit,
    used: Mapping[str, str],
) -> DebateQuestion:
    try:
        return question_from_fields(entries, where, unit=unit)
    except InputError as problem:
        # The message names our field; a person looks for the name that their file has.
        start, quote, rest = problem.where.rpartition(f"{unit} '")
        field = rest.removesuffix("'")
        if not quote or field not in used:
            raise
        raise InputError(
            problem.what, where=f"{start}{unit} {used[field]!r}", fix=problem.fix
        ) from None


def _origin_entry(value: object, where: str) -> object:
    """Tables hold the origin as JSON in one cell."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    try:
        return json.loads(value)
    except (json.JSONDecodeError, RecursionError):
        raise InputError(
            "the origin is not JSON",
            where=f"{where}, column 'origin'",
            fix='Write it as {"by": "import", "source": "…"}, or leave it empty.',
        ) from None


def _everything(question: DebateQuestion) -> str:
    """The more there is to read, the surer a language is told."""
    return " ".join(filter(None, (question.text, question.affirming, question.negating)))


def _id_of(text: str) -> str:
    """The same text has the same id in any file, and the id that a written question would get."""
    return f"q{blake2b(text.encode(), digest_size=8).hexdigest()}"

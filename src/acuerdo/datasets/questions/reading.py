"""Read a corpus of debate questions in any format, row by row."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.datasets.questions.bytes_in import named, opened
from acuerdo.datasets.questions.columns import (
    QuestionColumns,
    column_notes,
    columns_of,
)
from acuerdo.datasets.questions.csv_records import CsvRecords
from acuerdo.datasets.questions.formats import QuestionFormat, known_format, recognised_format
from acuerdo.datasets.questions.lines_in import text_lines
from acuerdo.datasets.questions.making import Maker, Unit
from acuerdo.datasets.questions.parquet_records import parquet_table
from acuerdo.datasets.questions.records import Record, json_records, jsonl_records
from acuerdo.datasets.sources import Source
from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion, Origin
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked

MAX_QUESTION_CHARACTERS: Final = 1_000
"""The longest question that is taken in: nobody would read out a longer one."""

_RECOGNISED: Final = QuestionColumns()
_NOBODY: Final = Unwatched()
_ROWS_BETWEEN_LOOKS: Final = 2048


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out: where it stands, and why."""

    place: str
    problem: InputError


@dataclass(frozen=True, slots=True)
class QuestionsFile:
    """What a file holds: its questions in order, what was assumed, which rows were left out."""

    questions: tuple[DebateQuestion, ...]
    notes: tuple[str, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()


def read_questions(
    source: Source,
    *,
    format: str = "",  # noqa: A002 - what it is called everywhere
    name: str = "",
    columns: QuestionColumns = _RECOGNISED,
    encoding: str = "",
    language: str | Callable[[str], str] = "en",
    origin: Origin | None = None,
    skip_bad: bool = False,
    max_characters: int = MAX_QUESTION_CHARACTERS,
    watch: Watch = _NOBODY,
) -> QuestionsFile:
    """Read a corpus as a whole; options and errors are those of `iter_questions`.

    Raises InputError besides if not one question is in it, or not one that could be read.
    """
    file = named(source, name)
    rejected: list[RejectedRow] = []
    notes: list[str] = []
    questions = tuple(
        iter_questions(
            source,
            format=format,
            name=name,
            columns=columns,
            encoding=encoding,
            language=language,
            origin=origin,
            on_bad=rejected.append if skip_bad else None,
            on_note=notes.append,
            max_characters=max_characters,
            watch=watch,
        )
    )
    if not questions:
        first = f"; the first problem: {rejected[0].problem.what}" if rejected else ""
        raise InputError(
            f"none of {len(rejected):,} rows can be read{first}"
            if rejected
            else "there is no question in it",
            where=rejected[0].problem.where if rejected else file,
            fix=rejected[0].problem.fix if rejected else "Put one question in each row.",
        )
    return QuestionsFile(questions, tuple(notes), tuple(rejected))


def iter_questions(
    source: Source,
    *,
    format: str = "",  # noqa: A002 - what it is called everywhere
    name: str = "",
    columns: QuestionColumns = _RECOGNISED,
    encoding: str = "",
    language: str | Callable[[str], str] = "en",
    origin: Origin | None = None,
    on_bad: Callable[[RejectedRow], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    max_characters: int = MAX_QUESTION_CHARACTERS,
    watch: Watch = _NOBODY,
) -> Iterator[DebateQuestion]:
    """Yield the questions of a corpus in the file's order, in one pass and bounded memory.

    `format` is one of QUESTION_FORMATS; without it the ending decides, then the content: a JSON
    list (as the published corpus), JSON Lines (as `write_questions_file` writes them), CSV, TSV or
    Parquet; text formats may be gzip-compressed. Columns are recognised unless `columns` names
    them. A question without an id gets one made of its text. `language` is the code, or tells the
    code from the text, for rows that name none; `origin` is what they get that name no origin, by
    default an import from this file. Splits may be called train, iid_test, ood_test or as ours.

    Raises InputError naming file, row and column at the first row that cannot be read: broken,
    without a question, with a value that makes no sense, with more than `max_characters` in a
    text, or with an id that stood there before. With `on_bad` such rows go there and the rest is
    read. Of every id 8 bytes are remembered: two different ids are taken for the same with a chance
    of 1 in 10 million in a corpus of a million. `on_note` gets remarks about what was assumed.
    Raises Cancelled if the watcher stops.
    """
    file = named(source, name)
    maker = Maker(file, language, origin, max_characters)
    say = on_note or _nothing
    with opened(source, file) as stream:
        kind = known_format(format, file) or recognised_format(stream, file)
        for number, (record, used, unit) in enumerate(
            _records(stream, file, kind, encoding=encoding, columns=columns, say=say)
        ):
            if number % _ROWS_BETWEEN_LOOKS == 0:
                stop_if_asked(watch)
                watch.report(Progress("reading questions", number, max(number, 1)))
            try:
                yield maker.question(record, used, unit)
            except InputError as problem:
                if on_bad is None:
                    raise
                on_bad(RejectedRow(record.place, problem))


Used = tuple[Record, Mapping[str, str], Unit]


def _records(
    stream: io.BufferedReader,
    file: str,
    kind: QuestionFormat,
    *,
    encoding: str,
    columns: QuestionColumns,
    say: Callable[[str], None],
) -> Iterator[Used]:
    """Yield each record with the columns that hold its fields."""
    if kind == "parquet":
        with parquet_table(stream, file) as table:
            used = columns_of(table.header, columns, file)
            _tell(used, say)
            for record in table.records():
                yield record, used, "column"
        return
    if not stream.peek(1)[:1]:
        raise InputError("the file is empty", where=file, fix="Check that it was saved.")
    lines = text_lines(stream, file, encoding)
    if kind == "csv":
        rows = CsvRecords(lines, file, lambda header: _holds_question(header, columns))
        used = columns_of(rows.header, columns, file)
        _tell(used, say)
        for record in rows.records():
            yield record, used, "column"
        return
    # Objects need not have the same fields; those with the same are looked at once.
    known: dict[tuple[str, ...], Mapping[str, str]] = {}
    for record in (jsonl_records if kind == "jsonl" else json_records)(lines, file):
        names = tuple(record.cells)
        if record.problem is None and names not in known and len(known) < 1000:
            try:
                found = columns_of(names, columns, f"{file}, {record.place}")
            except InputError as problem:
                yield Record(record.place, problem=problem), {}, "field"
                continue
            if not known:
                _tell(found, say)
            known[names] = found
        yield record, known.get(names, {}), "field"


def _holds_question(header: Sequence[str], columns: QuestionColumns) -> bool:
    try:
        return bool(columns_of(header, columns, ""))
    except InputError:
        return False


def _tell(used: Mapping[str, str], say: Callable[[str], None]) -> None:
    for note in column_notes(used):
        say(note)


def _nothing(note: str) -> None:
    del note

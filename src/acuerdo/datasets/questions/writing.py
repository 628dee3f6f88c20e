"""Write a corpus of debate questions: whole or not at all, question by question."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, Final, cast

from acuerdo.datasets.questions.columns import PUBLISHED_SPLITS
from acuerdo.datasets.questions.formats import QuestionFormat, known_format, question_format
from acuerdo.datasets.questions.parquet_records import BATCH_ROWS, import_arrow
from acuerdo.datasets.questions.spreadsheets import guarded
from acuerdo.domain.errors import InputError
from acuerdo.domain.question_fields import QUESTION_FIELDS, origin_to_fields, question_to_fields
from acuerdo.domain.questions import UNSETTLED, DebateQuestion
from acuerdo.files import whole_file
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked

_NOBODY: Final = Unwatched()
_ROWS_BETWEEN_LOOKS: Final = 2048
# Names that other programs know; the published corpus has the first of these.
_TABLE_NAMES: Final[Mapping[str, str]] = {
    "text": "question",
    "affirming": "affirming_statement",
    "negating": "negating_statement",
}


def write_questions_file(
    questions: Iterable[DebateQuestion],
    path: Path,
    format: str = "",  # noqa: A002 - what it is called everywhere
    *,
    watch: Watch = _NOBODY,
) -> int:
    """Write questions in a format of QUESTION_FORMATS and return how many there were.

    Without `format` the ending of the path decides; text formats are compressed if it ends in
    ".gz". "jsonl", "csv" and "parquet" carry everything, the origin included (as JSON in one cell
    of a table). "json" is the published corpus's: id, question, both statements, topic and split
    under its names, nothing else; the same bytes come out of a corpus that was read from it. Cells
    of a CSV file that a spreadsheet program would calculate get an apostrophe in front, which
    `iter_questions` takes off. Questions are written as they come, so that any number can be.

    An existing file is replaced at once or stays as it was. Raises InputError for a format that
    nobody knows, StorageError if the disk is full or read-only, SettingsError without pyarrow
    where that is needed, Cancelled if the watcher stops.
    """
    kind = known_format(format, str(path)) or question_format(path)
    if kind is None:
        raise InputError(
            "the ending of this file stands for no format",
            where=str(path),
            fix="Name the format (json, jsonl, csv or parquet), or give the file such an ending.",
        )
    counted = _Counted(questions, watch)
    with whole_file(path, "the questions") as stream:
        if kind == "parquet":
            _write_parquet(counted, stream)
        elif path.suffix.casefold() == ".gz":
            # Without a name and a date in it the same corpus is the same file.
            with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
                _write_text(counted, cast(IO[bytes], packed), kind, path)
        else:
            _write_text(counted, stream, kind, path)
    return counted.done


class _Counted:
    """Questions that are counted and can be stopped while they are written."""

    def __init__(self, questions: Iterable[DebateQuestion], watch: Watch) -> None:
        self._questions = questions
        self._watch = watch
        self.done = 0

    def __iter__(self) -> Iterator[DebateQuestion]:
        for question in self._questions:
            if self.done % _ROWS_BETWEEN_LOOKS == 0:
                stop_if_asked(self._watch)
                self._watch.report(Progress("write", self.done, max(self.done, 1)))
            self.done += 1
            yield question


def _write_text(
    questions: Iterable[DebateQuestion], stream: IO[bytes], kind: QuestionFormat, path: Path
) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    write: Callable[[Iterable[DebateQuestion], IO[str]], None] = {
        "json": _write_published,
        "jsonl": _write_lines,
    }.get(kind, _write_csv)
    try:
        write(questions, text)
    except UnicodeEncodeError as error:
        raise InputError(
            "a question holds half of a character (a lone surrogate)",
            where=str(path),
            fix="Delete it and type it again.",
        ) from error
    finally:
        text.detach()


def _write_lines(questions: Iterable[DebateQuestion], text: IO[str]) -> None:
    for question in questions:
        text.write(json.dumps(question_to_fields(question), ensure_ascii=False) + "\n")
    text.flush()


def _write_published(questions: Iterable[DebateQuestion], text: IO[str]) -> None:
    opening = "[\n"
    for question in questions:
        entry = json.dumps(_published(question), ensure_ascii=False, indent=2)
        text.write(opening + "  " + entry.replace("\n", "\n  "))
        opening = ",\n"
    text.write("[]\n" if opening == "[\n" else "\n]\n")
    text.flush()


def _write_csv(questions: Iterable[DebateQuestion], text: IO[str]) -> None:
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_TABLE_NAMES.get(field, field) for field in QUESTION_FIELDS)
    for question in questions:
        rows.writerow(_cells(question).values())
    text.flush()


def _write_parquet(questions: Iterable[DebateQuestion], stream: IO[bytes]) -> None:
    arrow, parquet = import_arrow()
    types = {"topic": arrow.int32(), "outlier": arrow.bool_()}
    schema = arrow.schema(
        [(_TABLE_NAMES.get(f, f), types.get(f, arrow.string())) for f in QUESTION_FIELDS]
    )
    waiting = iter(questions)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while batch := list(islice(waiting, BATCH_ROWS)):
            rows = [_row(question) for question in batch]
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))


def _published(question: DebateQuestion) -> dict[str, object]:
    return {
        "id": question.id,
        "question": question.text,
        "affirming_statement": question.affirming,
        "negating_statement": question.negating,
        "topic": None if question.topic == UNSETTLED else question.topic,
        "split": PUBLISHED_SPLITS[question.split],
    }


def _cells(question: DebateQuestion) -> dict[str, object]:
    row = _row(question)
    cells = {
        name: guarded(value) if isinstance(value, str) else value for name, value in row.items()
    }
    return {
        **cells,
        "topic": "" if row["topic"] is None else row["topic"],
        "outlier": "true" if question.outlier else "",
    }


def _row(question: DebateQuestion) -> dict[str, object]:
    """Return every field under the name that it has in a table, nothing left out."""
    row: dict[str, object] = {
        _TABLE_NAMES.get(field, field): getattr(question, field) for field in QUESTION_FIELDS
    }
    row["topic"] = None if question.topic == UNSETTLED else question.topic
    origin = origin_to_fields(question.origin)
    row["origin"] = json.dumps(origin, ensure_ascii=False) if origin else ""
    return row

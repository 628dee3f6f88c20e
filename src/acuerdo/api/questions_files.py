"""Bring corpora of debate questions in, and hand them on, in any format."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from acuerdo.api.questions import corpus_questions
from acuerdo.datasets import (
    QuestionColumns,
    RejectedRow,
    Source,
    iter_questions,
    write_questions_file,
)
from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion, Origin
from acuerdo.files import whole_file
from acuerdo.guard import detect_language
from acuerdo.ports import Unwatched, Watch
from acuerdo.questions import Wanted

_RECOGNISED: Final = QuestionColumns()
_ANY: Final = Wanted()
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class ImportedQuestions:
    """What came in: how many questions, of which languages, how many rows were left out.

    `rejected` shows the first of those left out, `notes` say what was assumed.
    """

    questions: int
    languages: Mapping[str, int]
    left_out: int
    rejected: tuple[RejectedRow, ...]
    notes: tuple[str, ...]


def import_questions(
    source: Source,
    target: Path,
    *,
    format: str = "",  # noqa: A002 - what it is called everywhere
    columns: QuestionColumns = _RECOGNISED,
    encoding: str = "",
    language: str = "",
    source_name: str = "",
    licence: str = "",
    skip_bad: bool = False,
    rejected_file: Path | None = None,
    watch: Watch | None = None,
) -> ImportedQuestions:
    """Read a corpus of any format and write it as one of ours, row by row in bounded memory.

    `target` is written whole or not at all, in the format of its ending (JSON Lines carry
    everything). Rows without a language get `language`, or the one their text is recognised as.
    `source_name` and `licence` become the origin of rows that name none; by default the name of the
    file. With `skip_bad` rows that cannot be read are left out, and written to `rejected_file` as
    JSON Lines with place and reason. Raises InputError as `acuerdo.datasets.iter_questions` does,
    and if not one question came in; StorageError, Cancelled.
    """
    name = source.name if isinstance(source, Path) else ""
    origin = Origin(by="import", source=source_name or name, licence=licence)
    languages: Counter[str] = Counter()
    rejected: list[RejectedRow] = []
    notes: list[str] = []
    with ExitStack() as stack:
        told = stack.enter_context(whole_file(rejected_file)) if rejected_file else None
        counted = _Rejects(rejected, told)
        questions = iter_questions(
            source,
            format=format,
            columns=columns,
            encoding=encoding,
            language=language or (lambda text: detect_language([text])),
            origin=origin,
            on_bad=counted.add if skip_bad or rejected_file else None,
            on_note=notes.append,
            watch=watch or Unwatched(),
        )
        count = write_questions_file(_some(_tallied(questions, languages), counted, name), target)
    if not language and len(languages) > 1:
        notes.append("languages were recognised from the texts where no column names them")
    return ImportedQuestions(
        questions=count,
        languages=dict(languages.most_common()),
        left_out=counted.count,
        rejected=tuple(rejected),
        notes=tuple(notes),
    )


def export_questions(
    target: Path,
    *,
    corpus: Path | None = None,
    format: str = "",  # noqa: A002 - what it is called everywhere
    wanted: Wanted = _ANY,
    watch: Watch | None = None,
) -> int:
    """Write a corpus, or the questions of it that fit, to a file; return how many there are.

    Without `corpus` it is the one that comes with the package. Formats and errors are those of
    `acuerdo.datasets.write_questions_file`; raises InputError besides if no question fits.
    """
    questions, name, _ = corpus_questions(corpus)
    kept = [question for question in questions if wanted.admits(question)]
    if not kept:
        raise InputError(
            "no question fits", where=name, fix="Leave out some of the filters and try again."
        )
    return write_questions_file(kept, target, format, watch=watch or Unwatched())


class _Rejects:
    """Counts rows that are left out, keeps the first and writes all of them down."""

    def __init__(self, kept: list[RejectedRow], told: IO[bytes] | None) -> None:
        self._kept = kept
        self._told = told
        self.count = 0

    def add(self, row: RejectedRow) -> None:
        self.count += 1
        if len(self._kept) < _SHOWN:
            self._kept.append(row)
        if self._told is not None:
            line = {"place": row.place, "where": row.problem.where, "what": row.problem.what}
            self._told.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")


def _tallied(
    questions: Iterator[DebateQuestion], languages: Counter[str]
) -> Iterator[DebateQuestion]:
    for question in questions:
        languages[question.language] += 1
        yield question


def _some(
    questions: Iterator[DebateQuestion], rejects: _Rejects, name: str
) -> Iterator[DebateQuestion]:
    """Pass questions on; raise InputError rather than end without one."""
    empty = True
    for question in questions:
        empty = False
        yield question
    if empty and rejects.count:
        raise InputError(
            f"none of {rejects.count:,} rows can be read",
            where=name,
            fix="Run it again without leaving bad rows out, to see what is wrong with the first.",
        )
    if empty:
        raise InputError("no question is in it", where=name, fix="Put one question in each row.")

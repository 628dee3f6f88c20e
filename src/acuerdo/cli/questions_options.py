"""Options that commands about questions share, and how questions are shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.markup import escape
from rich.table import Table

from acuerdo.domain.question_fields import question_to_fields
from acuerdo.domain.questions import UNSETTLED, DebateQuestion

Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus", "-c", help="Corpus file. Default: the questions that come with Acuerdo."
    ),
]
Language = Annotated[str, typer.Option(help="Only questions in this language, e.g. en.")]
Area = Annotated[str, typer.Option(help="Only questions of this field of life.")]
Topic = Annotated[int | None, typer.Option(min=0, help="Only questions of this topic.")]
Split = Annotated[str, typer.Option(help="Only of train, known_topics or new_topics.")]
Leans = Annotated[
    str, typer.Option(help='Only where a "yes" would "change" or "keep" how things are.')
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress or notes.")]

_COLUMNS: Final = ("language", "area", "topic", "split", "leans", "id")


def questions_table(
    questions: Sequence[DebateQuestion], first: Sequence[str] = (), heading: str = ""
) -> Table:
    """Return a table of questions with the columns in which they differ or say something.

    `first` holds one more cell for each question, under `heading`.
    """
    table = Table(box=None, pad_edge=False)
    if first:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Question", ratio=1)
    shown = [name for name in _COLUMNS if _says_something(name, questions)]
    for name in shown:
        table.add_column(name.capitalize(), no_wrap=name != "area")
    for place, question in enumerate(questions):
        cells = [escape(question.text), *(_cell(getattr(question, name)) for name in shown)]
        table.add_row(*first[place : place + 1], *cells)
    return table


def as_object(question: DebateQuestion, **more: Any) -> dict[str, Any]:
    """Return a question as JSON shows it, with further fields behind."""
    return {**question_to_fields(question), **more}


def _says_something(name: str, questions: Sequence[DebateQuestion]) -> bool:
    values = {getattr(question, name) for question in questions}
    return len(values) > 1 if name == "language" else bool(values - {"", UNSETTLED})


def _cell(value: object) -> str:
    return "" if value == UNSETTLED else escape(str(value))

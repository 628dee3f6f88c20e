"""`acuerdo questions import` and `export`: corpora in any format, in and out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import EXIT_INCOMPLETE, errors_in_words, stderr, stdout, watching
from acuerdo.cli.questions_options import Area, AsJson, Corpus, Language, Leans, Quiet, Split, Topic
from acuerdo.datasets import columns_named
from acuerdo.questions import Wanted

_STANDARD = Path("-")
Format = Annotated[
    str, typer.Option("--format", "-f", help="json, jsonl, csv or parquet. Default: recognised.")
]


def import_(
    file: Annotated[Path, typer.Argument(help="JSON, JSON Lines, CSV, TSV, Parquet; - for stdin.")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", help="Corpus to write; .jsonl carries everything."),
    ],
    format: Format = "",  # noqa: A002 - what it is called everywhere
    column: Annotated[
        list[str] | None,
        typer.Option(help="A column, as FIELD=NAME, e.g. question=Frage; may be given often."),
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of the file. Default: UTF-8.")] = "",
    language: Annotated[
        str, typer.Option(help="Language of rows that name none. Default: recognised.")
    ] = "",
    source: Annotated[str, typer.Option(help="Where the questions come from.")] = "",
    licence: Annotated[str, typer.Option(help="Under which licence they are.")] = "",
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Leave out rows that cannot be read.")
    ] = False,
    rejected: Annotated[
        Path | None,
        typer.Option(
            help="Write rows left out, with the reason, to this file (implies --skip-bad)."
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Read a corpus of any size and format, and write it as one of ours.

    The first row that cannot be read ends it, unless --skip-bad is given; nothing is written then.
    Exit codes: 0 done, 1 the disk failed, 2 bad input, 3 done but rows were left out, 130 stopped.
    """
    with errors_in_words():
        with watching(quiet) as watch:
            done = api.import_questions(
                sys.stdin.buffer if file == _STANDARD else file,
                output,
                format=format,
                columns=columns_named(column or ()),
                encoding=encoding,
                language=language,
                source_name=source,
                licence=licence,
                skip_bad=skip_bad,
                rejected_file=rejected,
                watch=watch,
            )
        if as_json:
            sys.stdout.write(json.dumps(_object(done), ensure_ascii=False) + "\n")
        else:
            _show(done, output, quiet)
        if done.left_out:
            raise typer.Exit(EXIT_INCOMPLETE)


def export(
    output: Annotated[Path, typer.Argument(help="File to write: .json, .jsonl, .csv, .parquet.")],
    corpus: Corpus = None,
    format: Format = "",  # noqa: A002 - what it is called everywhere
    language: Language = "",
    area: Area = "",
    topic: Topic = None,
    split: Split = "",
    leans: Leans = "",
    quiet: Quiet = False,
) -> None:
    """Write a corpus, or the part of it that fits, in another format.

    JSON Lines, CSV and Parquet carry everything; JSON is the form of the published corpus: id,
    question, both statements, topic and split. Exit codes: 0 done, 1 the disk failed, 2 bad input,
    130 stopped.
    """
    with errors_in_words():
        wanted = Wanted(language=language, area=area, topic=topic, split=split, leans=leans)
        with watching(quiet) as watch:
            count = api.export_questions(
                output, corpus=corpus, format=format, wanted=wanted, watch=watch
            )
        if not quiet:
            stdout().print(f"{_questions(count)}: {output}", soft_wrap=True, markup=False)


def _show(done: api.ImportedQuestions, output: Path, quiet: bool) -> None:
    listed = ", ".join(f"{count:,} {code}" for code, count in done.languages.items())
    stdout().print(
        f"{_questions(done.questions)} ({listed}): {output}", soft_wrap=True, markup=False
    )
    if not quiet:
        for note in done.notes:
            stderr().print(note, style="dim", markup=False, soft_wrap=True)
    for row in done.rejected:
        told = f"Left out: {row.problem.where}: {row.problem.what}"
        stderr().print(told, markup=False, soft_wrap=True)
    more = done.left_out - len(done.rejected)
    if more:
        stderr().print(f"… and {more:,} more rows", markup=False)


def _questions(count: int) -> str:
    return f"{count:,} question{'' if count == 1 else 's'}"


def _object(done: api.ImportedQuestions) -> dict[str, object]:
    return {
        "questions": done.questions,
        "languages": dict(done.languages),
        "left_out": done.left_out,
        "rejected": [
            {"place": row.place, "where": row.problem.where, "what": row.problem.what}
            for row in done.rejected
        ],
        "notes": list(done.notes),
    }

"""`acuerdo predict`: people and statements in a table, the same rows with agreement out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stderr, watching
from acuerdo.datasets import ColumnMap

_STANDARD = Path("-")


def predict(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV or TSV with question, person, opinion, statement and, where known, rating; "
            "- reads standard input."
        ),
    ],
    predictor: Annotated[
        str,
        typer.Option(
            "--predictor",
            "-p",
            help="trained (the model that comes with Acuerdo), similarity, judge, length, random, "
            "cosine, centroid, or the folder of a model of your own.",
        ),
    ] = api.DEFAULT_SCORER,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Write to this file, whole or not at all.")
    ] = _STANDARD,
    question_column: Annotated[str, typer.Option(help="Column with the question.")] = "",
    person_column: Annotated[str, typer.Option(help="Column with people's names.")] = "",
    opinion_column: Annotated[str, typer.Option(help="Column with their opinions.")] = "",
    statement_column: Annotated[str, typer.Option(help="Column with the statements.")] = "",
    rating_column: Annotated[str, typer.Option(help="Column with known ratings, 1-7.")] = "",
    context_column: Annotated[str, typer.Option(help="Column with background.")] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of the file. Default: UTF-8.")] = "",
    delimiter: Annotated[
        str,
        typer.Option(help="What separates cells: comma, semicolon, tab, bar. Default: recognised."),
    ] = "",
    prefix: Annotated[
        str, typer.Option(help="Put before the new columns' names, e.g. predicted_.")
    ] = "",
    model: Annotated[
        str, typer.Option("--model", "-m", help="Language model of the judge, as in `find`.")
    ] = "",
    base_url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible server.")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress or notes.")] = False,
) -> None:
    """Predict how much each person would agree with a statement.

    The default is a model trained on people's votes and ratings; it needs no language model.

    The same rows come out, with agreement (1-7), spread and answered behind them. Rows with a
    rating are known; they inform the others of their question.

    Exit codes: 0 done, 1 a model or the disk failed, 2 bad input, 130 stopped.
    """
    with errors_in_words():
        target: Path | IO[bytes] = sys.stdout.buffer if output == _STANDARD else output
        with watching(quiet) as watch:
            done = api.predict_file(
                sys.stdin.buffer if file == _STANDARD else file,
                target,
                predictor=predictor,
                columns=ColumnMap(
                    question=question_column,
                    person=person_column,
                    opinion=opinion_column,
                    statement=statement_column,
                    rating=rating_column,
                    context=context_column,
                ),
                encoding=encoding,
                delimiter=delimiter,
                prefix=prefix,
                settings=api.settings_for(model=model, base_url=base_url),
                watch=watch,
            )
        if not quiet:
            for note in (*done.notes, summary(done)):
                stderr().print(note, style="dim", markup=False, soft_wrap=True)


def summary(done: api.FilePrediction) -> str:
    """Say in one line what was done."""
    silent = done.rows - done.answered
    return (
        f"{done.rows:,} rows, {done.questions:,} questions: "
        f"{done.answered - done.known:,} predicted ({done.predictor}), {done.known:,} known, "
        f"{silent:,} not answered"
    )

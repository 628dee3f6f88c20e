"""`acuerdo questions report`: one page from which a reader can judge a corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching
from acuerdo.cli.questions_options import Corpus, Quiet
from acuerdo.domain.errors import InputError


def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="Page to write.")] = Path(
        "questions.html"
    ),
    corpus: Corpus = None,
    title: Annotated[str, typer.Option(help="What the page is called.")] = "",
    png: Annotated[
        Path | None, typer.Option(help="Write the figures as PNG files into this folder too.")
    ] = None,
    card: Annotated[
        Path | None,
        typer.Option(help="card.json of `acuerdo questions write`: what was left out, and why."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Another number, another map.")] = 0,
    quiet: Quiet = False,
) -> None:
    """Write one page about a corpus: a map, topics, parts, nearest pairs, balance, sources.

    The page is one file that opens offline and runs no script. Exit codes: 0 done, 1 the encoder or
    the disk failed, 2 bad input, 130 stopped.
    """
    with errors_in_words():
        said = _read_card(card) if card else {}
        with watching(quiet, log=True) as watch:
            done = api.report_questions(
                output,
                corpus=corpus,
                title=title,
                figures=png,
                rejects=said.get("rejects") or {},
                seed=seed,
                watch=watch,
            )
        console = stdout()
        told = f"{done.report.count:,} questions: {done.page}"
        console.print(told, soft_wrap=True, markup=False)
        for figure in done.figures:
            console.print(str(figure), soft_wrap=True, markup=False)


def _read_card(path: Path) -> dict[str, Any]:
    fix = "Name the card.json that `acuerdo questions write` has written."
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = f"this cannot be read: {error.strerror or error}"
        raise InputError(reason, where=str(path), fix=fix) from error
    except ValueError:
        raise InputError("this is not JSON", where=str(path), fix=fix) from None
    rejects = said.get("rejects") if isinstance(said, dict) else None
    counts = rejects.values() if isinstance(rejects, dict) else [None]
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        raise InputError("no rejects are counted in it", where=str(path), fix=fix)
    return dict(said)

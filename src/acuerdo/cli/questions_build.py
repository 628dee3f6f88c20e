"""`acuerdo questions build`: from seeds to a corpus, by a run file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from acuerdo import api
from acuerdo.cli.console import EXIT_INCOMPLETE, errors_in_words, stderr, stdout, watching
from acuerdo.cli.questions_options import Quiet


def build(
    run: Annotated[Path, typer.Argument(help="Run file, e.g. runs/corpus.toml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for what comes out. Default: out/<name of the run>.")
    ] = None,
    model: Annotated[
        str,
        typer.Option("--model", "-m", help="Bundled weights, a GGUF file, or a server's model."),
    ] = "",
    base_url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible server.")] = "",
    quiet: Quiet = False,
) -> None:
    """Make a corpus: questions written, screened, grouped into topics, divided, and its report.

    Ctrl-C keeps what is done: the same command goes on from there. Exit codes: 0 as many questions
    as wanted, 1 the model or the disk failed, 2 bad input, 3 fewer, 130 stopped.
    """
    with errors_in_words():
        settings = api.settings_for(model=model, base_url=base_url)
        with watching(quiet, log=True) as watch:
            built = api.build_question_corpus(run, out, settings=settings, watch=watch)
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_row("Questions", f"{built.questions:,}")
        table.add_row("Topics", f"{built.card['topics']:,}")
        for name, size in built.card["splits"].items():
            table.add_row(f"  {name}", f"{size:,}")
        table.add_row("Left out", f"{sum(built.card['rejects'].values()):,}")
        for reason, number in sorted(built.card["rejects"].items(), key=lambda one: -one[1]):
            table.add_row(f"  {reason}", f"{number:,}")
        console = stdout()
        console.print(table)
        console.print(f"Everything is in {built.folder}", soft_wrap=True, markup=False)
        if built.why:
            stderr().print(f"Unfinished: {built.why}", soft_wrap=True, markup=False)
            raise typer.Exit(EXIT_INCOMPLETE)

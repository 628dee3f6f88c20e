"""`acuerdo questions write`: a language model writes debate questions from seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from acuerdo import api
from acuerdo.cli.console import EXIT_INCOMPLETE, errors_in_words, stderr, stdout, watching


def write(
    out: Annotated[Path, typer.Option(help="Folder for what comes out.")] = Path("out/questions"),
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, help="How many distinct questions.")
    ] = 3500,
    language: Annotated[str, typer.Option(help="en or es.")] = "en",
    shown: Annotated[
        int, typer.Option(min=1, max=100, help="Seed questions that each request shows.")
    ] = 10,
    per_request: Annotated[
        int, typer.Option(min=1, max=100, help="Questions that each request asks for.")
    ] = 5,
    temperature: Annotated[float, typer.Option(min=0.0, max=2.0)] = 0.8,
    model: Annotated[
        str,
        typer.Option("--model", "-m", help="Bundled weights, a GGUF file, or a server's model."),
    ] = "",
    base_url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible server.")] = "",
    max_tokens: Annotated[
        int | None,
        typer.Option(min=1, help="Ceiling on prompt and completion tokens, all runs together."),
    ] = None,
    patience: Annotated[
        int, typer.Option(min=1, help="Requests in a row without a new question before it stops.")
    ] = 64,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Throw away what is in the folder and begin anew.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Have a language model write debate questions, each different from all others.

    Every request shows other seed questions. Questions of the wrong form or language and those that
    nearly repeat a seed or one written before are left out, and kept with the reason.

    Ctrl-C keeps what is done: the same command goes on from there. Exit codes: 0 as many as wanted,
    1 the model or the disk failed, 2 bad input, 3 fewer (the ceiling was reached, or the model
    brings nothing new), 130 stopped.
    """
    with errors_in_words():
        options = api.WritingOptions(
            count=count,
            language=language,
            seed=seed,
            shown=shown,
            per_request=per_request,
            temperature=temperature,
            max_tokens=max_tokens,
            patience=patience,
        )
        settings = api.settings_for(model=model, base_url=base_url)
        with watching(quiet, log=True) as watch:
            written = api.write_question_corpus(
                out, options, fresh=fresh, settings=settings, watch=watch
            )
        _show(written, stdout())


def _show(written: api.WrittenCorpus, console: Console) -> None:
    report = written.report
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    failed = f" ({report.failed} failed)" if report.failed else ""
    table.add_row("Requests", f"{report.requests:,}{failed}")
    table.add_row("Lines", f"{report.lines:,}")
    table.add_row("Distinct questions", f"{report.admitted:,} ({report.share_admitted:.0%})")
    for reason, number in report.rejects.items():
        table.add_row(f"  left out: {_REASONS.get(reason, reason)}", f"{number:,}")
    table.add_row("  of these near a seed", f"{report.duplicates_of_seeds:,}")
    table.add_row("Tokens", f"{report.tokens:,}")
    table.add_row("Seconds", f"{report.seconds:,.0f}")
    console.print(table)
    file = written.folder / api.QUESTIONS_FILE
    for line in (
        f"{len(written.questions):,} questions are in {file}; nobody has screened them yet.",
        f"Next: acuerdo questions report --corpus {file}",
    ):
        console.print(line, soft_wrap=True, markup=False)
    if written.why:
        stderr().print(f"Unfinished: {written.why}", soft_wrap=True, markup=False)
        raise typer.Exit(EXIT_INCOMPLETE)


_REASONS = {
    "wording": "nearly the same words",
    "meaning": "nearly the same meaning",
    "language": "another language",
}

"""`acuerdo train data`: statements of groups as examples for the drafting model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching


def data(
    source: Annotated[Path, typer.Argument(help="A run file (TOML), or a file or folder of data.")],
    reader: Annotated[
        str,
        typer.Option(help="How data is read: statements, platform, habermas, jsonl, csv or trl."),
    ] = "statements",
    out: Annotated[
        Path | None, typer.Option(help="Folder for what comes out. Default: out/NAME.")
    ] = None,
    splits: Annotated[
        Path | None, typer.Option(help="File that says which question is in which split (JSON).")
    ] = None,
    template: Annotated[str, typer.Option(help="Prompts to render.")] = "plain",
    orders: Annotated[
        int, typer.Option(min=1, help="Random orders of the opinions for each statement.")
    ] = 4,
    seed: Annotated[int, typer.Option(min=0, help="Decides on the orders.")] = 0,
    quality_above: Annotated[
        float,
        typer.Option(min=0, max=7, help="Mean quality (1-7) that rated statements must exceed."),
    ] = 5.0,
    min_words: Annotated[int, typer.Option(min=0, help="Fewest words of a statement.")] = 0,
    max_words: Annotated[
        int, typer.Option(min=0, help="Most words of a statement; 0 for any number.")
    ] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Turn groups' statements into examples for `acuerdo train drafter`.

    A run file says everything itself; the other options are for a single source. Exit codes: 0
    done, 1 not written, 2 bad run file or data, 130 stopped.
    """
    with errors_in_words():
        run: Path | api.DataRun = source
        if source.suffix.lower() != ".toml":
            one = api.MaterialSource(
                reader=reader,
                path=str(source),
                splits=str(splits or ""),
                quality_above=quality_above,
                min_words=min_words,
                max_words=max_words,
            )
            run = api.DataRun(
                name=source.resolve().stem, data=(one,), template=template, orders=orders, seed=seed
            )
        with watching(quiet) as watch:
            built = api.build_data(run, out, watch=watch)
        console = stdout()
        for split, counts in built.card["splits"].items():
            console.print(
                f"{split}: {counts['examples']} examples of {counts['groups']} groups and "
                f"{counts['questions']} questions",
                markup=False,
            )
        for reason, count in built.card["dropped"].items():
            console.print(f"left out: {count} ({reason})", markup=False)
        for note in built.card["notes"]:
            console.print(note, soft_wrap=True, markup=False)
        console.print(f"The examples are in {built.folder}", soft_wrap=True, markup=False)

"""`acuerdo evaluate drafter`: what drafters write for held-out questions, side by side."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching
from acuerdo.evaluate import drafts_as_markdown, drafts_as_plain


def drafter(
    run: Annotated[Path, typer.Argument(help="A run file (TOML): runs/evaluate_drafter.toml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for what comes out. Default: out/NAME-OF-RUN.")
    ] = None,
    groups: Annotated[
        int | None,
        typer.Option(min=1, help="Groups of each held-out question. Default: as the run says."),
    ] = None,
    figures: Annotated[
        bool, typer.Option("--figures/--no-figures", help="Draw figures (needs matplotlib).")
    ] = True,
    as_object: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of tables.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Compare drafters: validity, polarity, faithfulness, coverage, predicted agreement.

    Ctrl-C keeps what is drafted: the same command goes on from there. Exit codes: 0 done, 1 a model
    failed, 2 bad run file or material, 130 stopped.
    """
    with errors_in_words():
        with watching(quiet, log=True) as watch:
            results = api.evaluate_drafters(run, out, groups=groups, figures=figures, watch=watch)
        if as_object:
            plain = json.dumps(drafts_as_plain(results), ensure_ascii=False, allow_nan=False)
            sys.stdout.write(plain + "\n")
        else:
            stdout().print(drafts_as_markdown(results), markup=False, soft_wrap=True, end="")

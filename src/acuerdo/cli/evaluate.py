"""`acuerdo evaluate`: how good predictors are, and what drafters write."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching
from acuerdo.cli.evaluate_drafter import drafter
from acuerdo.evaluate import as_markdown, as_plain

evaluate_app = typer.Typer(help="Measure predictors and drafters.", no_args_is_help=True)
evaluate_app.command("drafter")(drafter)


@evaluate_app.callback()
def evaluate() -> None:
    """Measure predictors on people's judgements, drafters on held-out questions."""


@evaluate_app.command("predictor")
def predictor(
    run: Annotated[Path, typer.Argument(help="A run file (TOML), e.g. runs/evaluate_*.toml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for what comes out. Default: out/NAME-OF-RUN.")
    ] = None,
    figures: Annotated[
        bool, typer.Option("--figures/--no-figures", help="Draw figures (needs matplotlib).")
    ] = True,
    as_object: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of tables.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Compare predictors: order, calibration, exchange of opinions, selection for small groups.

    Ctrl-C keeps the forecasts: the same command goes on from there. Exit codes: 0 done, 1 a model
    failed, 2 bad run file or data, 130 stopped.
    """
    with errors_in_words():
        with watching(quiet, log=True) as watch:
            results = api.evaluate_predictors(run, out, figures=figures, watch=watch)
        if as_object:
            plain = json.dumps(as_plain(results), ensure_ascii=False, allow_nan=False)
            sys.stdout.write(plain + "\n")
        else:
            stdout().print(as_markdown(results), markup=False, soft_wrap=True, end="")

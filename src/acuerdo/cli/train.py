"""`acuerdo train`: models of one's own, from a run file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, watching
from acuerdo.cli.train_candidates import candidates
from acuerdo.cli.train_data import data
from acuerdo.cli.train_drafter import drafter
from acuerdo.cli.train_export import export
from acuerdo.cli.training_options import Out, Quiet, Resume, show_trained

train_app = typer.Typer(help="Train models of your own.", no_args_is_help=True)

train_app.command("candidates")(candidates)
train_app.command("data")(data)
train_app.command("drafter")(drafter)
train_app.command("export")(export)


@train_app.callback()
def train() -> None:
    """Train models of your own (needs `pip install 'acuerdo[train]'`)."""


@train_app.command("predictor")
def predictor(
    run: Annotated[Path, typer.Argument(help="A run file (TOML), e.g. runs/predictor_*.toml.")],
    out: Out = None,
    resume: Resume = True,
    quiet: Quiet = False,
) -> None:
    """Train a predictor of people's agreement.

    Ctrl-C keeps a checkpoint: the same command goes on from there. Exit codes: 0 done, 1 training
    failed, 2 bad run file or data, 130 stopped.
    """
    with errors_in_words():
        with watching(quiet, log=True) as watch:
            trained = api.train(run, out, fresh=not resume, watch=watch)
        show_trained(trained.card, f"{trained.name} is trained: {trained.folder}")

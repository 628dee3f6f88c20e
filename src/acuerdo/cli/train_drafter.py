"""`acuerdo train drafter`: a drafting model of one's own, from a run file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, watching
from acuerdo.cli.training_options import Out, Quiet, Resume, show_trained


def drafter(
    run: Annotated[Path, typer.Argument(help="A run file (TOML), e.g. runs/drafter.toml.")],
    out: Out = None,
    resume: Resume = True,
    quiet: Quiet = False,
) -> None:
    """Tune a drafting model on statements, or on pairs of a better and a worse one.

    Ctrl-C keeps a checkpoint: the same command goes on from there. Exit codes: 0 done, 1 training
    failed, 2 bad run file or data, 130 stopped.
    """
    with errors_in_words():
        with watching(quiet, log=True) as watch:
            trained = api.train_drafter(run, out, fresh=not resume, watch=watch)
        show_trained(trained.card, f"{trained.name} is tuned: {trained.folder}")

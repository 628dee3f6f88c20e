"""What commands that train from a run file share: options, and what they print at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from acuerdo.cli.console import stdout

Out = Annotated[
    Path | None, typer.Option(help="Folder for what comes out. Default: out/NAME-OF-RUN.")
]
Resume = Annotated[
    bool, typer.Option("--resume/--fresh", help="Go on from the last checkpoint, or start again.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]


def show_trained(card: Mapping[str, Any], said: str) -> None:
    """Print the measures on a card, and what was done."""
    console = stdout()
    for name, value in card.get("measures", {}).items():
        if isinstance(value, int | float):
            console.print(f"{name.replace('_', ' ')}: {value:.4g}", markup=False)
    console.print(said, soft_wrap=True, markup=False)

"""`acuerdo demo`: the main job on a bundled example."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout, watching
from acuerdo.cli.find import show
from acuerdo.datasets import example


def demo(
    report: Annotated[Path, typer.Option(help="Where to write the HTML report.")] = Path(
        "acuerdo-demo.html"
    ),
    model: Annotated[str, typer.Option("--model", "-m", help="As in acuerdo find.")] = "",
) -> None:
    """Find agreement on a bundled example with five opinions about a bicycle lane.

    The same as `acuerdo find` with everything at its default.
    """
    with errors_in_words():
        given = example("bike_lane")
        stdout().print(f"[bold]{given.question}[/]\n")
        for opinion in given.opinions:
            stdout().print(f"[bold]{opinion.person}[/]: {opinion.text}\n")
        with watching() as watch:
            result = api.find_agreement(
                given.question,
                given.opinions,
                settings=api.settings_for(model=model),
                watch=watch,
            )
        show(result, report, as_object=False)

"""The command `acuerdo`: one file per subcommand, assembled here."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.cache import cache_app
from acuerdo.cli.choose import choose
from acuerdo.cli.demo import demo
from acuerdo.cli.evaluate import evaluate_app
from acuerdo.cli.find import find
from acuerdo.cli.models import models_app
from acuerdo.cli.predict import predict
from acuerdo.cli.questions import questions_app
from acuerdo.cli.train import train_app


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"acuerdo {api.version()}")
        raise typer.Exit


def about(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Find agreement among people with diverse views.

    Opinions stay on this machine unless you name a server with --model or OPENAI_BASE_URL.
    """


def make_app() -> typer.Typer:
    app = typer.Typer(
        name="acuerdo",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        callback=about,
    )
    app.command()(find)
    app.command()(demo)
    app.command()(choose)
    app.command()(predict)
    app.add_typer(models_app, name="models")
    app.add_typer(cache_app, name="cache")
    app.add_typer(evaluate_app, name="evaluate")
    app.add_typer(questions_app, name="questions")
    app.add_typer(train_app, name="train")
    return app


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that is not UTF-8 shows "?" for a letter it does not have, rather than failing.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    make_app()()

"""`acuerdo questions`: the corpus of debate questions, one file for each group of commands."""

from __future__ import annotations

import typer

from acuerdo.cli.questions_build import build
from acuerdo.cli.questions_files import export, import_
from acuerdo.cli.questions_report import report
from acuerdo.cli.questions_screen import review, screen
from acuerdo.cli.questions_search import search, suggest
from acuerdo.cli.questions_write import write

questions_app = typer.Typer(
    help="Debate questions: search, suggest, import, export, and build a corpus of them.",
    no_args_is_help=True,
)

questions_app.command("search")(search)
questions_app.command("suggest")(suggest)
questions_app.command("import")(import_)
questions_app.command("export")(export)
questions_app.command("report")(report)
questions_app.command("write")(write)
questions_app.command("screen")(screen)
questions_app.command("review")(review)
questions_app.command("build")(build)

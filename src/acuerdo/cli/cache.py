"""`acuerdo cache`: what is kept of model replies, and erasing it."""

from __future__ import annotations

from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stdout

cache_app = typer.Typer(no_args_is_help=True, help="Model replies kept on this machine.")


@cache_app.command("show")
def show() -> None:
    """Say how many replies are kept, how large they are, and from which sessions."""
    with errors_in_words():
        kept = api.kept_replies()
        stdout().print(f"{kept.replies} replies, {kept.bytes / 1024:.0f} KiB")
        for session in kept.sessions:
            stdout().print(f"  {session}", markup=False)


@cache_app.command("forget")
def forget(
    session: Annotated[str, typer.Option(help="Erase what was made in this session.")] = "",
    person: Annotated[str, typer.Option(help="Erase what was made from this person's texts.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Erase every reply.")] = False,
) -> None:
    """Erase kept replies, by session, by person (in that session, if given), or all."""
    with errors_in_words():
        erased = api.forget_replies(session=session, person=person, everything=everything)
        stdout().print(f"Erased {erased} replies.")

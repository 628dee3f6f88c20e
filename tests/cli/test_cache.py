"""Seeing and erasing what is kept of model replies."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acuerdo.cli.app import make_app
from acuerdo.domain.completions import About, Message, Request
from acuerdo.domain.records import PersonId, SessionId
from acuerdo.llm import CachedModel, ScriptedModel
from acuerdo.ports import Unwatched


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep two replies of the session "spring" and one of "autumn"."""
    monkeypatch.setenv("ACUERDO_CACHE_DIR", str(tmp_path))
    requests = [
        Request(
            (Message("user", f"{session} {person}"),),
            seed=1,
            about=About(SessionId(session), (PersonId(person),)),
        )
        for session, person in (("spring", "Ana"), ("spring", "Ben"), ("autumn", "Ana"))
    ]
    model = CachedModel(ScriptedModel(["We agree."]), tmp_path / "completions")
    model.complete(requests, Unwatched())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(make_app(), ["cache", *arguments])


@pytest.mark.usefixtures("kept")
def test_it_says_what_is_kept_and_from_where() -> None:
    shown = run("show").stdout

    assert shown.startswith("3 replies")
    assert "spring" in shown and "autumn" in shown


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("named", "left"),
    [
        (("--session", "spring"), 1),
        (("--person", "Ana"), 1),
        (("--session", "spring", "--person", "Ana"), 2),
        (("--all",), 0),
    ],
)
def test_what_was_named_is_erased_and_nothing_else(named: tuple[str, ...], left: int) -> None:
    result = run("forget", *named)

    assert result.stdout == f"Erased {3 - left} replies.\n"
    assert run("show").stdout.startswith(f"{left} replies")


@pytest.mark.usefixtures("kept")
def test_naming_nothing_erases_nothing() -> None:
    result = run("forget")

    assert result.exit_code == 2
    assert "--session" in result.stderr
    assert run("show").stdout.startswith("3 replies")

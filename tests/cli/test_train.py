"""`acuerdo train predictor`: exit codes and what is said. What is trained: tests/train."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acuerdo.cli.train import train_app

RUNNER = CliRunner()

RUN = """
name = "small"
kind = "cross_encoder"
base = "nowhere"

[[data]]
reader = "parquet"
path = "nowhere.parquet"
"""


def run(*words: str, code: int) -> str:
    done = RUNNER.invoke(train_app, ["predictor", *words])
    assert done.exit_code == code, done.output
    return done.output


def test_a_bad_run_file_is_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text(RUN.replace("base", "bass"))
    said = run(str(file), "--out", str(tmp_path / "out"), code=2)
    assert "run.toml" in said
    assert "bass" in said or "base" in said
    assert not (tmp_path / "out").exists()


def test_without_torch_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("acuerdo.neural", "torch"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "acuerdo.train.texts", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    file = tmp_path / "run.toml"
    file.write_text(RUN)
    said = run(str(file), "--out", str(tmp_path / "out"), code=2)
    assert "pip install 'acuerdo[train]'" in said

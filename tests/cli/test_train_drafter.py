"""`acuerdo train drafter`: exit codes and what is said. What is tuned: tests/train/drafting."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acuerdo.cli.train import train_app

RUNNER = CliRunner()

RUN = """
name = "small"
kind = "drafter"
base = "nowhere"

[[data]]
reader = "statements"
path = "nowhere.jsonl"
"""


def run(*words: str, code: int) -> str:
    done = RUNNER.invoke(train_app, ["drafter", *words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("base =", "bass =", "bass"),
        ('"drafter"', '"predictor"', "kind"),
        ('path = "nowhere.jsonl"', "", "path"),
    ],
)
def test_a_bad_run_file_is_bad_input(tmp_path: Path, before: str, after: str, named: str) -> None:
    file = tmp_path / "run.toml"
    file.write_text(RUN.replace(before, after))
    said = run(str(file), "--out", str(tmp_path / "out"), code=2)
    assert "run.toml" in said
    assert named in said
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    assert "run.toml" in run(str(tmp_path / "run.toml"), code=2)


def test_without_torch_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy = ("acuerdo.neural", "acuerdo.train.drafting.", "torch", "accelerate", "trl", "peft")
    for name in [name for name in sys.modules if name.startswith(heavy)]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    file = tmp_path / "run.toml"
    file.write_text(RUN)
    said = run(str(file), "--out", str(tmp_path / "out"), code=2)
    assert "pip install 'acuerdo[train]'" in said

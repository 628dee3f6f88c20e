"""What holds for both commands that evaluate: the run file that ran, and figures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]


def check_the_run_file_is_copied(
    run: Run,
    run_file: Path,
    experiment: tuple[ModuleType, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Let the run file be gone when the experiment begins: what ran is copied all the same."""
    module, name = experiment
    text, inner, out = run_file.read_text("utf-8"), getattr(module, name), run_file.parent / "out"

    def moving(*given: Any) -> Any:
        run_file.unlink()
        return inner(*given)

    monkeypatch.setattr(module, name, moving)
    result = run(str(run_file), "--out", str(out), "--no-figures")
    assert result.exit_code == 0, result.output
    assert (out / "run.toml").read_text("utf-8") == text


def check_missing_matplotlib_is_told_first(
    run: Run, run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without matplotlib nothing begins if figures are wanted."""
    out = run_file.parent / "out"
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    result = run(str(run_file), "--out", str(out))
    assert result.exit_code == 2
    assert "figures need matplotlib" in result.output
    assert not out.exists()

"""Tests that train are collected only where they are asked for: importing torch takes seconds."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

WITHOUT_TORCH = {
    "test_runs.py",
    "test_data.py",
    "test_stance.py",
    "test_distil.py",
    "test_popularity.py",
    "test_drafter_runs.py",
    "test_rows.py",
    "test_pairs.py",
    "test_diary.py",
    "test_drawing.py",
    "test_choosing.py",
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    unwanted = "not training" in config.option.markexpr or find_spec("torch") is None
    is_module = collection_path.suffix == ".py"
    return True if unwanted and is_module and collection_path.name not in WITHOUT_TORCH else None

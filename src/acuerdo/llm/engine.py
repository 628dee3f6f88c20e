"""llama.cpp in this process, through xllamacpp: started, asked, freed.

`Engine.stream` is the only way to the engine; tests put a function in its place.
"""

from __future__ import annotations

import importlib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Final, Protocol

from pydantic import JsonValue

from acuerdo.domain.errors import ModelError, WeightsError

Body = Mapping[str, JsonValue]
Chunk = Mapping[str, JsonValue]
Heard = Callable[[Chunk], bool]
"""Takes each piece of an answer as it comes; returns True to stop the rest."""

PROMPT_BATCH: Final = 512
"""Tokens of prompts read in one go. Larger is no faster here, and a stop waits for one batch."""

SPINS: Final = "2000"
"""How often a waiting thread looks before it sleeps: some 30 microseconds."""

_WAITING: Final = ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How to start the engine. Every one of the `slots` has room for `context` tokens."""

    path: Path
    slots: int
    context: int
    threads: int | None = None
    adapter: Path | None = None


class Engine(Protocol):
    """A running model."""

    def stream(self, body: Body, heard: Heard) -> None:
        """Complete one prompt, in llama.cpp's own terms; returns when all of it was heard."""

    def close(self) -> None:
        """Free the memory. Nothing may be streaming."""


class _Server(Protocol):
    """The part of xllamacpp that is used here."""

    def handle_completions(self, body: dict[str, JsonValue], heard: Heard) -> None: ...


class LlamaEngine:
    """A llama.cpp server inside this process.

    It always listens on a port of this machine, too; a random key keeps everybody else out of it,
    and its pages are off.
    """

    def __init__(self, server: _Server) -> None:
        self._server: _Server | None = server

    def stream(self, body: Body, heard: Heard) -> None:
        if self._server is None:
            raise ValueError("the engine is closed")
        self._server.handle_completions({**body, "stream": True}, heard)

    def close(self) -> None:
        self._server = None


def start(options: EngineOptions) -> Engine:
    """Load a model and return the running engine.

    Raises WeightsError if llama.cpp refuses the model, ModelError if it cannot be run here at all.
    """
    xllamacpp = _imported()
    threads = options.threads or usable_cores()
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(options.path)
    parameters.model_alias = {options.path.stem}
    parameters.n_parallel = options.slots
    parameters.n_ctx = options.slots * options.context
    parameters.n_batch = parameters.n_ubatch = PROMPT_BATCH
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.fit_params = False
    parameters.warmup = False
    parameters.cache_ram_mib = 0
    parameters.use_jinja = False
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.cors_origins = ""
    parameters.verbosity = 0
    if options.adapter is not None:
        parameters.lora_adapters = [
            xllamacpp.CommonAdapterLoraInfo(path=str(options.adapter), scale=1.0)
        ]
    try:
        return LlamaEngine(xllamacpp.Server(parameters))
    except RuntimeError as error:
        raise WeightsError(
            "llama.cpp cannot load this model: its architecture is unknown to it, the adapter "
            "does not belong to it, or there is too little memory",
            where=str(options.path),
            fix="Try another GGUF file, or `pip install --upgrade xllamacpp` for newer models.",
        ) from error


def _imported() -> ModuleType:
    """Return xllamacpp, told to wait in a way that suits a machine with other work to do.

    Its threads wait for each other many times per token. By default they spin for a millisecond,
    which takes the core from the very thread they wait for as soon as anything else runs. Its
    threading library reads the variable once, as it is loaded.
    """
    calmed = not any(variable in os.environ for variable in _WAITING)
    if calmed:
        os.environ[_WAITING[0]] = SPINS
    try:
        return importlib.import_module("xllamacpp")
    except ImportError as error:
        raise ModelError(
            f"the embedded engine cannot be loaded: {error}",
            where="xllamacpp",
            fix="If libgomp.so.1 is missing: apt-get install libgomp1 (Debian, Ubuntu) or "
            "dnf install libgomp (Fedora). Otherwise: pip install --force-reinstall xllamacpp",
        ) from error
    finally:
        if calmed:
            del os.environ[_WAITING[0]]


def usable_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1

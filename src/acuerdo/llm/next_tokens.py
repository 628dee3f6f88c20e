"""What the embedded engine expects next: the whole distribution, as the model has it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, JsonValue, ValidationError

from acuerdo.domain.errors import ModelError
from acuerdo.llm.engine import Chunk, Engine, EngineOptions, start
from acuerdo.llm.gguf import read_header

_ROOM = 8


class _Likely(BaseModel):
    id: int
    logprob: float


class _Place(BaseModel):
    top_logprobs: list[_Likely] = []


class _Logs(BaseModel):
    content: list[_Place] = []


class _Piece(BaseModel):
    logprobs: _Logs | None = None


class _Said(BaseModel):
    choices: list[_Piece] = []


def next_token_logs(
    path: Path,
    prompts: Sequence[Sequence[int]],
    *,
    adapter: Path | None = None,
    threads: int | None = None,
) -> npt.NDArray[np.float32]:
    """Return the log-probability of every next token, shape (prompts, vocabulary).

    Prompts are token numbers. Tokens that the engine finds impossible are at minus infinity.
    Raises WeightsError if the model or the adapter cannot be loaded, ModelError if the engine does
    not answer.
    """
    vocabulary = len(read_header(path).tokens)
    context = max(map(len, prompts)) + _ROOM
    with closing(start(EngineOptions(path, 1, context, threads, adapter))) as engine:
        return np.stack([_expected(engine, prompt, vocabulary) for prompt in prompts])


def _expected(engine: Engine, prompt: Sequence[int], vocabulary: int) -> npt.NDArray[np.float32]:
    logs = np.full(vocabulary, -np.inf, np.float32)
    heard: list[Chunk] = []

    def hear(chunk: Chunk) -> bool:
        heard.append(chunk)
        return False

    tokens: list[JsonValue] = [*prompt]
    body: dict[str, JsonValue] = {"n": 1, "seed": 1, "max_tokens": 1, "samplers": ["temperature"]}
    engine.stream({**body, "temperature": 1.0, "prompt": tokens, "logprobs": vocabulary}, hear)
    try:
        pieces = [piece for chunk in heard for piece in _Said.model_validate(chunk).choices]
    except ValidationError as error:
        raise ModelError("the engine sent something that cannot be understood") from error
    places = [place for piece in pieces if piece.logprobs for place in piece.logprobs.content]
    if not places or not places[0].top_logprobs:
        raise ModelError(f"the engine gave no probabilities: {str(heard)[:300]}")
    for likely in places[0].top_logprobs:
        logs[likely.id] = likely.logprob
    return logs

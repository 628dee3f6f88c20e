"""Requests in llama.cpp's own terms, and its answers in ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from acuerdo.domain.completions import Completion, Fault, FaultKind, Reply, Usage
from acuerdo.llm.bundles import Bundle
from acuerdo.llm.engine import Body, Chunk
from acuerdo.llm.json_schema import conforms

PULL: Final = 100.0
"""Added to the logits of all choices alike: it lifts them above every other token and leaves their
proportions as they are. A grammar would not: llama.cpp applies it to the drawn token only."""

SAMPLING: Final[Mapping[str, JsonValue]] = {
    "samplers": ["dry", "min_p", "temperature"],
    "min_p": 0.05,
    "dry_multiplier": 0.8,
    "dry_base": 1.75,
    "dry_allowed_length": 6,
    "dry_penalty_last_n": 512,
}
"""Small models fall into loops and wander off. `dry` makes it ever less likely to go on with more
than six tokens that stood there before; `min_p` leaves out tokens with less than a twentieth of
the chance of the likeliest one. Unlike `top_p` it needs no sorting of the vocabulary;
`top_p` below 1 is still done where it is asked for."""

QUOTING: Final[Mapping[str, JsonValue]] = {"dry_allowed_length": 12}
"""For a model that was tuned to draft: `dry` counts the prompt too, so that with six tokens it
breaks off people's own words in the middle. With so many a loop is still ended."""

WITHOUT_ADAPTER: Final[Mapping[str, JsonValue]] = {"lora": [{"id": 0, "scale": 0.0}]}
"""Has one request answered by the bare model, adapter or not. llama.cpp computes only requests of
one kind together and keeps no prompt from one kind for the other; drafting and judging come one
after the other anyway."""

_SCHEMA: Final[TypeAdapter[dict[str, JsonValue]]] = TypeAdapter(dict[str, JsonValue])


class _Probability(BaseModel):
    id: int
    prob: float


class _Token(BaseModel):
    top_probs: list[_Probability] = []


class _Probabilities(BaseModel):
    content: list[_Token] = []


class _Piece(BaseModel):
    index: int
    text: str = ""
    finish_reason: str | None = None
    logprobs: _Probabilities | None = None


class _Counts(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Trouble(BaseModel):
    type: str = ""
    message: str = ""
    n_prompt_tokens: int = 0


class _Chunk(BaseModel):
    choices: list[_Piece] = []
    usage: _Counts | None = None
    error: _Trouble | None = None


def body_of(bundle: Bundle, prompt: str, choice_tokens: Sequence[int]) -> Body:
    """Return the body of a bundle. `choice_tokens` are the tokens of its request's choices."""
    request = bundle.request
    body: dict[str, JsonValue] = {
        "prompt": prompt,
        "n": len(bundle.places),
        "seed": bundle.seed,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        **SAMPLING,
        "stop": list(request.stop),
        # Reports how far the prompt is read, so that a stop need not wait for its end.
        "return_progress": True,
        "stream_options": {"include_usage": True},
    }
    if request.top_p < 1:
        body |= {"samplers": ["dry", "temperature", "top_p"], "top_p": request.top_p}
    if request.choices:
        body |= {
            "max_tokens": 1,
            "temperature": 1.0,
            "samplers": ["temperature"],
            "logit_bias": [[token, PULL] for token in choice_tokens],
            "logprobs": len(choice_tokens),
            "post_sampling_probs": True,
        }
    if request.schema:
        body["dry_multiplier"] = 0.0
        body["json_schema"] = _SCHEMA.validate_json(request.schema)
    return body


class Listener:
    """Puts the replies to one bundle together from its pieces."""

    def __init__(
        self,
        bundle: Bundle,
        choice_tokens: Sequence[int],
        arrived: Callable[[int, Reply], None],
        stopped: Callable[[], bool],
    ) -> None:
        self._places = bundle.places
        self._schema = bundle.request.schema
        self._choice_tokens = choice_tokens
        self._arrived = arrived
        self._stopped = stopped
        self._texts = [""] * len(bundle.places)
        self._probabilities: list[tuple[float, ...]] = [()] * len(bundle.places)
        self._waiting = set(range(len(bundle.places)))

    def hear(self, chunk: Chunk) -> bool:
        """Take a piece; return True if nobody wants the rest."""
        try:
            heard = _Chunk.model_validate(chunk)
        except ValidationError:
            self._fail("bad_reply", "The engine sent something that cannot be understood.")
            return True
        if heard.error is not None:
            self._fail(*_fault_of(heard.error))
            return True
        for piece in heard.choices:
            self._take(piece, heard.usage or _Counts())
        return self._stopped()

    def end(self) -> None:
        """Say that nothing more comes: what has no reply by now will not get one."""
        if self._stopped():
            self._fail("cancelled", "Stopped before the end.")
        else:
            self._fail("bad_reply", "The engine ended without an answer.")

    def _take(self, piece: _Piece, counts: _Counts) -> None:
        if piece.index not in self._waiting:
            return
        self._texts[piece.index] += piece.text
        if self._choice_tokens and piece.logprobs and piece.logprobs.content:
            found = {item.id: item.prob for item in piece.logprobs.content[0].top_probs}
            self._probabilities[piece.index] = _shares(found, self._choice_tokens)
        if piece.finish_reason is not None:
            self._waiting.discard(piece.index)
            self._arrived(self._places[piece.index], self._reply(piece, counts))

    def _reply(self, piece: _Piece, counts: _Counts) -> Reply:
        usage = Usage(counts.prompt_tokens, counts.completion_tokens, requests=1)
        probabilities = self._probabilities[piece.index]
        if self._choice_tokens and not probabilities:
            return Fault("bad_reply", "The engine gave no probabilities.", usage=usage)
        # An answer to choices is one token long by design, not cut off.
        if piece.finish_reason == "length" and not self._choice_tokens:
            return Completion(self._texts[piece.index], "length", usage)
        return self._whole(self._texts[piece.index], usage, probabilities)

    def _whole(self, text: str, usage: Usage, probabilities: tuple[float, ...]) -> Reply:
        # llama.cpp passes over what it does not know in a schema without a word.
        if self._schema and not conforms(text, self._schema):
            return Fault("bad_reply", "The answer has not the shape that was asked for.", 0, usage)
        return Completion(text, "stop", usage, probabilities)

    def _fail(self, kind: FaultKind, detail: str) -> None:
        for index in sorted(self._waiting):
            self._arrived(self._places[index], Fault(kind, detail))
        self._waiting.clear()


def _shares(found: Mapping[int, float], choice_tokens: Sequence[int]) -> tuple[float, ...]:
    values = [found.get(token, 0.0) for token in choice_tokens]
    total = math.fsum(values)
    return tuple(value / total for value in values) if total > 0 else ()


def _fault_of(trouble: _Trouble) -> tuple[FaultKind, str]:
    if trouble.type == "exceed_context_size_error":
        return "too_long", (
            f"The prompt has {trouble.n_prompt_tokens:,} tokens, more than this model can read. "
            "Hand in shorter or fewer opinions, or use a model with a longer context."
        )
    if trouble.type == "invalid_request_error":
        return "bad_reply", f"The engine did not accept the request: {trouble.message}"
    return "server_error", f"The engine failed: {trouble.message}"

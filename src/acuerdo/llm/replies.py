"""Reads what a server sent back. Whatever it is, it becomes a completion or a named failure.

Details never quote the server: its messages may repeat the key or what participants wrote. Only
status numbers and error codes that look like identifiers pass.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, Field, JsonValue, NonNegativeInt, TypeAdapter, ValidationError

from acuerdo.domain.completions import Completion, Fault, FaultKind, Request, Usage
from acuerdo.llm.dialect import OPEN_ANSWERS, Dialect, Payload, rejected_field
from acuerdo.llm.json_schema import conforms, object_in

_LEAST_COVERED: Final = 0.5
"""Below this share of the probability the listed choices say too little about the model."""

_DENIED: Final = frozenset({301, 302, 303, 307, 308, 401, 402, 403, 404, 405})
_WORTH_RETRYING: Final = frozenset({408, 409, 425, 429})
_NEVER_WORTH_RETRYING: Final = frozenset({501, 505})
_REFUSAL_CODES: Final = re.compile(r"content_?(filter|policy)|responsible_?ai|moderation", re.I)
_CONTEXT_CODES: Final = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (size|window)"
    r"|prompt is too long",
    re.I,
)
_QUOTA_CODE: Final = "insufficient_quota"
# No digits, so that no key passes.
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]{1,48}")


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that brought nothing, and what may help.

    `retry`: the same again, later (`asked` is the server's `Retry-After`). `cannot`: the server was
    found not to do this; ask at once without it. `denied` is the HTTP status if the server will
    turn down every request alike, `unreachable` if there is no server.
    """

    fault: Fault
    retry: bool = False
    asked: str = ""
    cannot: str = ""
    denied: int = 0
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, read whole."""

    status: int
    body: bytes
    retry_after: str = ""


class _TopToken(BaseModel):
    token: str
    logprob: float | None = None
    prob: float | None = None

    @property
    def probability(self) -> float:
        if self.prob is not None:
            return self.prob
        return math.exp(min(0.0, self.logprob)) if self.logprob is not None else 0.0


class _TokenChoices(BaseModel):
    # llama.cpp renames the list when it reports probabilities after sampling.
    top_logprobs: list[_TopToken] = []
    top_probs: list[_TopToken] = []


class _LogProbs(BaseModel):
    content: list[_TokenChoices] | None = None


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None
    logprobs: _LogProbs | None = None


class _Tokens(BaseModel):
    prompt_tokens: NonNegativeInt = 0
    completion_tokens: NonNegativeInt = 0


class _ChatReply(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Tokens | None = None


class _Error(BaseModel):
    code: JsonValue = None
    type: JsonValue = None


class _ErrorReply(BaseModel):
    error: _Error


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]


_CHAT: Final = TypeAdapter(_ChatReply)
_MODELS: Final = TypeAdapter(_Models)
_ERROR: Final = TypeAdapter(_ErrorReply)


def read_answer(
    answer: Answer, request: Request, sent: Payload, dialect: Dialect
) -> Completion | Failure:
    """Return the completion in an answer, or why there is none."""
    if answer.status != 200:
        return _read_error(answer, sent, dialect)
    try:
        reply = _CHAT.validate_json(answer.body)
    except ValidationError:
        return Failure(Fault("bad_reply", "The server's reply is not a chat completion."))
    if request.choices:
        return _read_choices(reply, request, dialect)
    return _read_text(reply, request, dialect)


def read_models(answer: Answer) -> tuple[str, ...] | None:
    """Return the names of the models a server offers, None if the answer is no list of models."""
    try:
        return tuple(model.id for model in _MODELS.validate_json(answer.body).data)
    except ValidationError:
        return None


def _usage(reply: _ChatReply) -> Usage:
    tokens = reply.usage or _Tokens()
    return Usage(tokens.prompt_tokens, tokens.completion_tokens, requests=1)


def _fail(reply: _ChatReply, kind: FaultKind, detail: str, cannot: str = "") -> Failure:
    return Failure(Fault(kind, detail, usage=_usage(reply)), cannot=cannot)


def _read_text(reply: _ChatReply, request: Request, dialect: Dialect) -> Completion | Failure:
    choice = reply.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return _fail(reply, "refused", "The model or its server refused to answer.")
    cut_off = choice.finish_reason == "length"
    text = _cut(choice.message.content or "", request.stop)
    if not text.strip():
        why = f"; all {request.max_tokens} tokens went elsewhere, into thinking" if cut_off else ""
        return _fail(reply, "bad_reply", f"The reply holds no text{why}.")
    if request.schema:
        found = object_in(text)
        if found is None or not conforms(found, request.schema):
            # A server that enforces schemas can break off, but cannot send anything but JSON.
            ignored = found is None and not cut_off and "response_format" not in dialect
            cannot = "response_format" if ignored else ""
            return _fail(reply, "bad_reply", "The reply does not have the form asked for.", cannot)
        text = found
    return Completion(text, "length" if cut_off else "stop", _usage(reply))


def _cut(text: str, stops: tuple[str, ...]) -> str:
    for stop in stops:
        text = text.split(stop, 1)[0]
    return text


def _read_choices(reply: _ChatReply, request: Request, dialect: Dialect) -> Completion | Failure:
    logprobs = reply.choices[0].logprobs
    if logprobs is None or not logprobs.content:
        return _fail(reply, "unsupported", no_probabilities(), cannot="logprobs")
    first = logprobs.content[0]
    listed = dict.fromkeys(request.choices, 0.0)
    for top in first.top_probs or first.top_logprobs:
        if top.token.strip() in listed:
            listed[top.token.strip()] += top.probability
    covered = sum(listed.values())
    if not covered >= _LEAST_COVERED:
        cannot = "" if OPEN_ANSWERS in dialect else OPEN_ANSWERS
        detail = f"The choices have only {covered:.0%} of the probability of the first token."
        return _fail(reply, "unsupported", detail, cannot)
    shares = tuple(listed[choice] / covered for choice in request.choices)
    likeliest = request.choices[shares.index(max(shares))]
    return Completion(likeliest, "stop", _usage(reply), shares)


def no_probabilities() -> str:
    return "The server gives no token probabilities."


def _read_error(answer: Answer, sent: Payload, dialect: Dialect) -> Failure:
    text = answer.body.decode(errors="replace")
    status = answer.status
    if status in {400, 413, 422} and (status == 413 or _CONTEXT_CODES.search(text)):
        return Failure(Fault("too_long", "The prompt is longer than the model can read."))
    said = f"The server answered with HTTP {status}{_codes(answer.body)}."
    if status in {400, 403, 422} and _REFUSAL_CODES.search(_codes(answer.body)):
        return Failure(Fault("refused", said))
    if status in {400, 422}:
        field = rejected_field(text, sent, dialect)
        return Failure(Fault("server_error", said), cannot=field or "")
    if status in _DENIED:
        return Failure(Fault("server_error", said), denied=status)
    kind: FaultKind = "rate_limited" if status == 429 else "server_error"
    lasting = status in _NEVER_WORTH_RETRYING or _QUOTA_CODE in _codes(answer.body)
    retry = (status in _WORTH_RETRYING or status >= 500) and not lasting
    return Failure(Fault(kind, said), retry=retry, asked=answer.retry_after)


def _codes(body: bytes) -> str:
    try:
        error = _ERROR.validate_json(body).error
    except ValidationError:
        return ""
    codes = [code for code in (error.code, error.type) if _is_identifier(code)]
    return f" ({', '.join(str(code) for code in codes)})" if codes else ""


def _is_identifier(code: JsonValue) -> bool:
    return isinstance(code, str) and _IDENTIFIER.fullmatch(code) is not None

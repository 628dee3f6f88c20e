"""What is asked of a language model and what comes back; a failure is a value, not an exception."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Literal

from acuerdo.domain.records import PersonId, SessionId

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class About:
    """Whose texts a request carries, so that erasure can find everything made from them."""

    session: SessionId = SessionId("")
    people: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One completion asked of a model.

    `choices`, if given, asks for exactly one token among these strings and for the probability of
    each (`Completion.probabilities`); back ends that cannot give them return a `Fault` of kind
    `unsupported`. `schema` asks for one JSON object of that JSON schema; back ends without schema
    support fall back to asking and checking. `prefix` is the beginning of the answer, already
    settled: the model goes on from there and only what it adds comes back; back ends that cannot
    do this return a `Fault` of kind `unsupported`.
    """

    messages: tuple[Message, ...]
    seed: int
    max_tokens: int = 320
    temperature: float = 0.8
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    schema: str = ""
    about: About = field(default=About())
    prefix: str = ""

    @property
    def prompt_hash(self) -> str:
        """Hash of the messages alone: equal for drafts that share their prompt."""
        content = json.dumps([(m.role, m.content) for m in self.messages], ensure_ascii=False)
        return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, money and time. `cost` is in the currency of the configured prices, 0 if unknown."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0
    cached: int = 0
    retries: int = 0
    cost: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.requests + other.requests,
            self.cached + other.cached,
            self.retries + other.retries,
            self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply. `finish` is "stop" where the model ended by itself, "length" where it was cut off.

    `probabilities` has one value per `Request.choices`, summing to 1, or is empty.
    """

    text: str
    finish: Literal["stop", "length"]
    usage: Usage = Usage()
    probabilities: tuple[float, ...] = ()


FaultKind = Literal[
    "timeout",
    "rate_limited",
    "server_error",
    "connection",
    "bad_reply",
    "too_large",
    "too_long",
    "refused",
    "unsupported",
    "over_budget",
    "cancelled",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that brought nothing usable, after all retries. `detail` is for a person."""

    kind: FaultKind
    detail: str
    retries: int = 0
    usage: Usage = Usage()


Reply = Completion | Fault

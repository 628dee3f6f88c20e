"""What is asked of a model that writes questions, and everything that decides what comes out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from pydantic import JsonValue

from acuerdo.domain.completions import Message, Request
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import LanguageModel
from acuerdo.prompts import render_questions, render_questions_continued
from acuerdo.questions.drawing import Draw

Manner = Literal["asked", "continued"]
"""asked: by an instruction, for models that follow them. continued: the model goes on with a list
that seems its own, for small models and those that take the beginning of an answer."""

TOKENS_PER_LINE: Final = 48
"""Room for a question in any language of the seeds; most take less than half of it."""
ROOM_TO_THINK: Final = 1024
"""Added where a model may think before it writes."""
BYTES_PER_TOKEN: Final = 2
"""A guess on the safe side: prompts in the languages of the seeds have fewer tokens."""
TOKENS_PER_MESSAGE: Final = 8


class Likeness(Protocol):
    """The text that another nearly repeats, and why: in its "wording" or in its "meaning"."""

    @property
    def text(self) -> str: ...

    @property
    def why(self) -> str: ...


class Sieve(Protocol):
    """Tells which of many texts are distinct, one after the other.

    `add` returns for each text, in order, None if it is distinct from all that came before and is
    held from now on, otherwise what it nearly repeats. `remember` holds texts unasked.
    """

    def add(self, texts: Sequence[str]) -> Sequence[Likeness | None]: ...

    def remember(self, texts: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class WritingParts:
    """Who writes, from which seeds, and what must hold of a line.

    `language_of` says which language a line is in, "" if that is unclear. `sieve` holds nothing
    yet. `rules` names whatever decides in these parts, such as thresholds, for the journal.
    """

    model: LanguageModel
    seeds: Sequence[DebateQuestion]
    sieve: Sieve
    language_of: Callable[[str], str]
    rules: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WritingOptions:
    """How many distinct questions, how they are asked for, and when to give up.

    Each request shows `shown` seeds and asks for `per_request` questions. `max_tokens` is the
    ceiling on prompt and completion tokens of all runs together, None for none. After `patience`
    requests in a row without a new question the model counts as stalled, after `most_faults` failed
    ones in a row as unusable. `at_once` requests are under way together. Raises SettingsError for
    values out of range.
    """

    count: int = 3500
    language: str = "en"
    seed: int = 0
    shown: int = 10
    per_request: int = 5
    temperature: float = 0.8
    max_tokens: int | None = None
    manner: Manner = "asked"
    at_once: int = 16
    patience: int = 64
    most_faults: int = 16

    def __post_init__(self) -> None:
        least_one = ("count", "shown", "per_request", "at_once", "patience", "most_faults")
        for name in least_one:
            _check(name, getattr(self, name), 1)
        _check("seed", self.seed, 0)
        if self.max_tokens is not None:
            _check("max_tokens", self.max_tokens, 1)
        if not 0 <= self.temperature <= 2:
            raise SettingsError(
                f"a temperature of {self.temperature} is not from 0 to 2", where="temperature"
            )


def request_of(draw: Draw, options: WritingOptions) -> Request:
    """Return the request of a draw."""
    shown = [question.text for question in draw.shown]
    count, language = options.per_request, options.language
    if options.manner == "asked":
        return Request(
            render_questions(shown, count, language),
            draw.seed,
            max_tokens=count * TOKENS_PER_LINE + ROOM_TO_THINK,
            temperature=options.temperature,
        )
    messages, prefix = render_questions_continued(shown, count, language)
    return Request(
        messages,
        draw.seed,
        max_tokens=count * TOKENS_PER_LINE,
        temperature=options.temperature,
        # The list is as long as it was asked to be, or the model has turned to something else.
        stop=(f"\n{len(shown) + count + 1}.", "\n\n"),
        prefix=prefix,
    )


def prompt_hash(request: Request) -> str:
    """Return a hash of all that the model reads, the beginning of its answer included."""
    begun = (Message("assistant", request.prefix),) if request.prefix else ()
    return Request((*request.messages, *begun), seed=0).prompt_hash


def most_tokens(request: Request) -> int:
    """Return how many tokens a request may take: an estimate of its prompt, and a full answer."""
    texts = [*(message.content for message in request.messages), request.prefix]
    read = sum(-(-len(text.encode()) // BYTES_PER_TOKEN) for text in texts)
    return read + TOKENS_PER_MESSAGE * len(request.messages) + request.max_tokens


def recipe_of(parts: WritingParts, options: WritingOptions) -> dict[str, JsonValue]:
    """Return everything that decides what is asked and admitted, for `Journal`.

    How many questions are wanted, the ceiling and the patience are not in it: they may be raised.
    """
    sample = Draw(0, 0, (DebateQuestion("", "Q"),))
    return {
        "model": parts.model.name,
        "language": options.language,
        "seed": options.seed,
        "shown": options.shown,
        "per_request": options.per_request,
        "temperature": options.temperature,
        "prompt": prompt_hash(request_of(sample, options)),
        "seeds": _hash([(seed.id, seed.text) for seed in parts.seeds]),
        **parts.rules,
    }


def _hash(value: object) -> str:
    told = json.dumps(value, ensure_ascii=True)
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _check(name: str, value: int, least: int) -> None:
    if value < least:
        raise SettingsError(f"{value} is less than {least}", where=name)

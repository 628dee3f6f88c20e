"""Pairs of a better and a worse statement for one prompt, from files in TRL's preference format."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from acuerdo.datasets import Line, read_lines
from acuerdo.domain.completions import Message
from acuerdo.domain.errors import InputError

HELD_OUT: Final = 0.1
"""Share of the questions that are held out where the files hold none out themselves."""
VALIDATION: Final = "validation"
TRAIN: Final = "train"
ROLES: Final = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Preference:
    """Two statements for one prompt; `chosen` is the better one. `reason` names what decided.

    `split` and `question` are "" where the file does not say.
    """

    prompt: tuple[Message, ...]
    chosen: str
    rejected: str
    split: str
    question: str = ""
    reason: str = ""
    source: str = ""
    licence: str = ""
    author: str = ""


def read_preferences(paths: Sequence[Path], seed: int) -> list[Preference]:
    """Read JSON Lines with `prompt`, `chosen` and `rejected`: texts, or TRL's lists of messages.

    `split` ("train" or "validation"; others are left out) is optional: if no pair of any file is
    for validation, whole questions are held out by `seed`, also of pairs that say "train"; if some
    are, only pairs without a split are dealt so. `question` names what is dealt as one, where it
    is missing the prompt does. `reason`, `source`, `licence` and `author` are optional too. Raises
    InputError naming file, line and field, or if no pair is left to learn from.
    """
    found = [_preference(line) for path in paths for line in read_lines(path)]
    kept = [pair for pair in found if pair.split in (TRAIN, VALIDATION, "")]
    held_out = any(pair.split == VALIDATION for pair in kept)
    dealt = [pair if pair.split and held_out else _dealt(pair, seed) for pair in kept]
    if not any(pair.split == TRAIN for pair in dealt):
        raise InputError(
            f"none of the {len(found)} pairs is for training",
            where=", ".join(map(str, paths)),
            fix='Give pairs the split "train", and those of other questions "validation".',
        )
    return dealt


def counts_of_preferences(pairs: Sequence[Preference]) -> list[dict[str, Any]]:
    """Return how many pairs there are by part, source, licence, author and reason."""
    counted = Counter((p.split, p.source, p.licence, p.author, p.reason) for p in pairs)
    return [
        {
            "part": split,
            "source": source,
            "licence": licence,
            "statements_written_by": author,
            "decided_by": reason,
            "pairs": count,
        }
        for (split, source, licence, author, reason), count in sorted(counted.items())
    ]


def _preference(line: Line) -> Preference:
    prompt = _messages(line.fields.get("prompt"), line.where("prompt"))
    chosen = _statement(line.fields.get("chosen"), line.where("chosen"))
    rejected = _statement(line.fields.get("rejected"), line.where("rejected"))
    if chosen == rejected:
        raise InputError("the better and the worse statement are the same", where=line.place)
    names = ("split", "question", "reason", "source", "licence", "author")
    return Preference(prompt, chosen, rejected, **{name: line.text(name) for name in names})


def _messages(value: Any, where: str) -> tuple[Message, ...]:
    if isinstance(value, str) and value.strip():
        return (Message("user", value),)
    if isinstance(value, list) and value and all(_is_message(item) for item in value):
        return tuple(Message(item["role"], item["content"]) for item in value)
    raise InputError("neither a text nor a list of messages with role and content", where=where)


def _statement(value: Any, where: str) -> str:
    if isinstance(value, list) and len(value) == 1 and _is_message(value[0]):
        value = value[0]["content"]
    if not isinstance(value, str) or not value.strip():
        raise InputError("neither a text nor a list of one message", where=where)
    return value.strip()


def _is_message(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and item.get("role") in ROLES
        and isinstance(item.get("content"), str)
    )


def _dealt(pair: Preference, seed: int) -> Preference:
    """Return the pair in the part that its question, or else its prompt, falls to."""
    whole = f"{seed}\0{pair.question or pair.prompt}"
    told = hashlib.blake2b(whole.encode(), digest_size=4).digest()
    held_out = int.from_bytes(told, "big") < HELD_OUT * 2**32
    return replace(pair, split=VALIDATION if held_out else TRAIN)

"""Pairs of a better and a worse statement for one prompt, from files in TRL's preference format."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.completions import Message
from acuerdo.domain.errors import InputError

HELD_OUT: Final = 0.1
"""Share of the prompts that are held out where the file names no splits."""
VALIDATION: Final = "validation"
TRAIN: Final = "train"
ROLES: Final = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Preference:
    """Two statements for one prompt; `chosen` is the better one. `reason` names what decided."""

    prompt: tuple[Message, ...]
    chosen: str
    rejected: str
    split: str
    reason: str = ""
    source: str = ""
    licence: str = ""
    author: str = ""


def read_preferences(paths: Sequence[Path], seed: int) -> list[Preference]:
    """Read JSON Lines with `prompt`, `chosen` and `rejected`: texts, or TRL's lists of messages.

    `split` ("train" or "validation"; others are left out) is optional: without it whole prompts,
    or whole questions where there is a field `question`, are held out by `seed`. `reason`,
    `source`, `licence` and `author` are optional too. Raises InputError naming file, line and
    field, or if no pair is left to learn from.
    """
    found = [pair for path in paths for pair in _read(path, seed)]
    kept = [pair for pair in found if pair.split in (TRAIN, VALIDATION)]
    if not any(pair.split == TRAIN for pair in kept):
        raise InputError(
            f"none of the {len(found)} pairs is for training",
            where=", ".join(map(str, paths)),
            fix='Give pairs the split "train", or none at all.',
        )
    return kept


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


def _read(path: Path, seed: int) -> Iterator[Preference]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path)) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            fields = json.loads(line)
        except ValueError as error:
            raise InputError(f"not a JSON object: {error}", where=where) from error
        if not isinstance(fields, dict):
            raise InputError("not a JSON object", where=where)
        yield _preference(fields, where, seed)


def _preference(fields: dict[str, Any], where: str, seed: int) -> Preference:
    prompt = _messages(fields.get("prompt"), f"{where}, field 'prompt'")
    chosen = _statement(fields.get("chosen"), f"{where}, field 'chosen'")
    rejected = _statement(fields.get("rejected"), f"{where}, field 'rejected'")
    if chosen == rejected:
        raise InputError("the better and the worse statement are the same", where=where)
    told = {
        name: str(fields.get(name) or "")
        for name in ("split", "reason", "source", "licence", "author")
    }
    told["split"] = told["split"] or _dealt(str(fields.get("question") or prompt), seed)
    return Preference(prompt, chosen, rejected, **told)


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


def _dealt(whole: str, seed: int) -> str:
    told = hashlib.blake2b(f"{seed}\0{whole}".encode(), digest_size=4).digest()
    return VALIDATION if int.from_bytes(told, "big") < HELD_OUT * 2**32 else TRAIN

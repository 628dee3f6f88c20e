"""Both answers to a question as sentences, and small operations on sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sides:
    """What someone holds who says "yes", and who says "no": one sentence each."""

    affirming: str
    negating: str


def as_sentence(text: str) -> str:
    """Return the words as a sentence: a capital first, single spaces, one full stop last."""
    bare = " ".join(text.split()).rstrip(" .,;:?!")
    place = next((index for index, letter in enumerate(bare) if letter.isalnum()), 0)
    return f"{bare[:place]}{bare[place : place + 1].upper()}{bare[place + 1 :]}."


def joined(*parts: str) -> str:
    """Return the parts that are not empty, with single spaces between."""
    return " ".join(" ".join(part.split()) for part in parts if part.strip())

"""Which of two statements a person preferred."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Comparison:
    """One person compared two statements on a question they had given their own opinion on.

    `value` goes from -1 to 1: **1 means the first is strongly preferred**, -1 the second, 0 that
    neither is. `conversation` is the whole that is never split; `person` is unique within its
    source. Raises ValueError for a value out of range.
    """

    source: str
    licence: str
    conversation: str
    language: str
    question: str
    context: str
    person: str
    opinion: str
    first: str
    second: str
    value: float

    def __post_init__(self) -> None:
        if not -1 <= self.value <= 1:
            raise ValueError(f"a comparison goes from -1 to 1, not {self.value}")

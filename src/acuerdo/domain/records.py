"""What people hand in: a question, opinions, critiques, ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NewType

PersonId = NewType("PersonId", str)
SessionId = NewType("SessionId", str)

LIKERT_MIN: Final = 1
LIKERT_NEUTRAL: Final = 4
LIKERT_MAX: Final = 7
LIKERT_LABELS: Final = (
    "strongly disagree",
    "disagree",
    "somewhat disagree",
    "neutral",
    "somewhat agree",
    "agree",
    "strongly agree",
)
"""Labels of the agreement scale; `LIKERT_LABELS[value - 1]` names the rating `value`."""


@dataclass(frozen=True, slots=True)
class Question:
    """The question a group answers.

    `language` is an ISO 639-1 code or "" to take the language most opinions are written in.
    `context` is background that every participant saw (a briefing, the subject of a dialogue).
    """

    text: str
    language: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's answer in their own words."""

    person: PersonId
    text: str


@dataclass(frozen=True, slots=True)
class Critique:
    """One person's criticism of the previous statement, in their own words."""

    person: PersonId
    text: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A known agreement of one person with one candidate, on the 1-7 scale."""

    person: PersonId
    candidate: str
    value: float

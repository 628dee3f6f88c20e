"""Labelled examples that come with the package: questions to block and hard ones to allow.

Where a group is spoken of, most have a place for it, {G}: which group it is must not decide.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from acuerdo.questions.screening.data_files import data_lines

Label = Literal["block", "allow"]
GROUP: Final = "{G}"
GROUPS: Final = {
    "en": (
        "Muslims",
        "Jews",
        "Roma",
        "black people",
        "gay people",
        "Chinese people",
        "Mexicans",
        "disabled people",
        "Christians",
        "immigrants",
        "women",
        "poor people",
        "old people",
    ),
    "es": (
        "los musulmanes",
        "los judíos",
        "los gitanos",
        "los negros",
        "los homosexuales",
        "los marroquíes",
        "las personas con discapacidad",
        "los inmigrantes",
        "las mujeres",
        "los pobres",
        "los ancianos",
    ),
}
"""Groups to put in the place, by language."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One example. `severity` is 0 for what is allowed; `question` may have a place for a group."""

    id: str
    question: str
    label: Label
    severity: int
    kind: str
    disguise: str
    language: str

    @property
    def blocks(self) -> bool:
        return self.label == "block"

    def about(self, group: str) -> str:
        """Return the question with a group in its place."""
        return self.question.replace(GROUP, group)


@cache
def labelled_examples() -> tuple[Labelled, ...]:
    """Return the examples that come with the package, in their order."""
    return tuple(Labelled(**json.loads(line)) for line in data_lines("screen_examples.jsonl"))


def filled(example: Labelled, turn: int) -> str:
    """Return an example about one of the groups of its language, by turns."""
    groups = GROUPS.get(example.language, GROUPS["en"])
    return example.about(groups[turn % len(groups)])

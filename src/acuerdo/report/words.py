"""Plain words for figures and for the terms that results are recorded in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from acuerdo.domain.records import LIKERT_LABELS
from acuerdo.domain.statements import Origin, RejectionReason

CANNOT_SAY: Final = "?"

ORIGINS: Final[dict[Origin, str]] = {
    "model": "written by a language model",
    "extractive": "put together from people's own sentences",
    "opinion": "one person's own opinion",
    "longest": "the longest opinion",
    "person": "written by a person",
    "no_statement": "no statement",
}

REJECTIONS: Final[dict[RejectionReason, str]] = {
    "empty": "The draft was empty",
    "refused": "The model refused to write one",
    "cut_off": "The draft broke off before its end",
    "copy_of_draft": "The draft repeated another one",
    "copy_of_opinion": "The draft copied one person's opinion",
    "copy_of_example": "The draft copied the example from the instructions",
    "addresses_a_person": "The draft spoke to or about a single participant",
    "wrong_language": "The draft was in another language",
    "instruction": "The draft carried text that reads as an instruction",
    "not_a_statement": "The draft was not a statement",
    "request_failed": "The model did not answer",
}

STAGES: Final[dict[str, str]] = {
    "draft": "Drafting",
    "predict": "Predicting",
    "choose": "Choosing",
}

_PROPER_NAMES: Final = frozenset(
    {
        "bernoulli",
        "borda",
        "bucklin",
        "condorcet",
        "copeland",
        "gini",
        "nash",
        "rawlsian",
        "schulze",
    }
)


def figure(value: float, known: bool = False) -> str:
    """Return agreement with one decimal, "?" for nan; whole known ratings have none."""
    if math.isnan(value):
        return CANNOT_SAY
    return f"{value:.0f}" if known and value == round(value) else f"{value:.1f}"


def step(value: float) -> int:
    """Return the nearest of the seven steps of the scale, halves upwards.

    It is taken of the value as shown, so that "5.5" never stands beside the label of 5.
    """
    return min(7, max(1, math.floor(round(value, 1) + 0.5)))


def level(value: float) -> str:
    """Return the label of the nearest step, such as "somewhat agree"; "cannot say" for nan."""
    return "cannot say" if math.isnan(value) else LIKERT_LABELS[step(value) - 1]


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 person" or "3 people": the number with the right form of the noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share of 0 to 1 as a whole percentage."""
    return f"{share:.0%}"


def duration(seconds: float) -> str:
    """Return a time as a person would say it: "under 0.1 s", "12.3 s", "3 min 5 s"."""
    if seconds < 0.1:
        return "under 0.1 s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def rule_title(rule: str) -> str:
    """Return the name of a rule for people.

    >>> rule_title("instant_runoff"), rule_title("isoelastic:2")
    ('Instant runoff', 'Isoelastic (2)')
    """
    name, _, parameter = rule.replace("_", " ").partition(":")
    words = [word.capitalize() if word in _PROPER_NAMES else word for word in name.split()]
    title = " ".join([*words, f"({parameter})"] if parameter else words)
    return title[:1].upper() + title[1:]


def rule_explanation(rule: str, explanations: Mapping[str, str]) -> str:
    """Return the sentence for a rule, that of its family if it has a parameter, or ""."""
    return explanations.get(rule) or explanations.get(rule.partition(":")[0], "")


def joined(items: list[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


_TRAINED: Final = (
    "The program learned from votes and ratings of other people which kinds of statements are well"
    " received, and which side of a question a text stands on. What this one person would say"
    " beyond that, it hardly knows: its guesses lie close together, and it rarely sees that a group"
    " is divided."
)

CAVEATS: Final[Mapping[str, str]] = {
    "trained": _TRAINED,
    "trained-with-ratings": f"{_TRAINED} Where people of this group have rated texts themselves,"
    " their ratings move what is expected of the others.",
    "similarity": "The program compared subjects, hardly sides: it expects mild agreement with"
    " almost any text on the topic, and rarely sees that a group is divided.",
    "length": "The program looked at the length of the texts only.",
    "judge": "A language model was asked to guess; such guesses are often wrong.",
}
"""What to keep in mind about a prediction, by the name of the part that made it."""

GLOSSARY: Final = (
    (
        "Predicted agreement",
        "How much a person would probably agree with a text, on a scale from 1 (strongly "
        "disagree) over 4 (neutral) to 7 (strongly agree). A program estimates it from the text "
        "itself, from what people wrote and from their ratings, where there are any. It can be "
        "wrong; only the person knows.",
    ),
    (
        "Give or take",
        "How far a prediction is typically off. “5.2, give or take 0.9” means that about two "
        "times in three the truth should lie between 4.3 and 6.1.",
    ),
    ("Own rating", "A rating a person gave themselves. It counts as it is; nothing is predicted."),
    (
        "Cannot say (?)",
        "The program has no basis for a prediction, for instance because a person wrote nothing, "
        "or wrote about something else.",
    ),
    (
        "Abstains",
        "Somebody without a value for every statement. They are not counted, and nothing is "
        "assumed about them.",
    ),
    ("Statement, draft", "A text that could become the group's statement. Each has a number."),
    (
        "Ballot",
        "One person's order of the statements, from the one they agree with most to the one they "
        "agree with least. Everybody has exactly one.",
    ),
    ("Rule", "A way of counting ballots. Different rules can lead to different results."),
    (
        "“No statement”",
        "Stands for “rather no group statement than one of these”. It can win like a statement.",
    ),
    (
        "Fragile",
        "Very few changed ballots, one or 5 % of them, could have led to another result.",
    ),
    (
        "Agrees least",
        "The person with the lowest agreement with the statement. A good group statement keeps "
        "them in view.",
    ),
    (
        "Seed",
        "A number that starts the program's random choices. With the same seed and input it "
        "makes the same choices again.",
    ),
    (
        "Prompt, template, fingerprint",
        "What a language model is told, the form it follows, and a short code that shows whether "
        "two drafts were told exactly the same.",
    ),
    ("Token", "A word or a piece of one: the unit in which language models read and write."),
)
"""The terms of the report and what they mean, for people who are new to them."""

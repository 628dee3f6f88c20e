"""How a question begins: what it asks for shows there."""

from __future__ import annotations

import re
from typing import Final

from acuerdo.questions.sides import begins_with_auxiliary, has_spanish_verb

_OPEN: Final = {
    "en": re.compile(
        r"^(?:(?:in|on|at|to|by|for|with|from|of|under|until) )?"
        r"(?:how|what|which|why|who|whom|whose|when|where)\b"
        r"(?!.*, (?:should|is|are|do|does|would|will|can|must|has|have)\b)",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"^(?:(?:en|a|con|de|por|para|hasta|desde|según|bajo|sobre) )?(?:qué|cómo|cuál(?:es)?"
        r"|quién(?:es)?|cuándo|dónde|adónde|cuánt[oa]s?)\b",
        re.IGNORECASE,
    ),
}


def asks_openly(text: str, language: str) -> bool:
    """Say whether an English or Spanish question asks how, what, why or who."""
    return _OPEN[language].search(_asked(text)) is not None


def opens_for_yes_or_no(text: str, language: str) -> bool:
    """Say whether an English or Spanish question begins as one that yes or no answers.

    English: with an auxiliary ("Should", "Is", "Don't"), or with it behind a comma ("If that is so,
    should ..."). Spanish: with a verb somewhere that is known, as the order of words does not tell.
    """
    asked = _asked(text)
    return begins_with_auxiliary(asked) if language == "en" else has_spanish_verb(asked)


def _asked(text: str) -> str:
    return text.rpartition("¿")[2].strip(" ?")

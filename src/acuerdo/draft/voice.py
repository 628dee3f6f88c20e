"""Whether a draft speaks for the group or for one person."""

from __future__ import annotations

import re
from typing import Final

from acuerdo.domain.statements import Rejection

_QUOTED: Final = re.compile(r"[“\"«„][^“”\"«»„]*[”\"»“]")
_ONE: Final = {
    "de": r"\b(?:ich|mein(?:e[mnrs]?)?)\b",
    "en": r"\b(?:I(?:['’](?:m|ve|d|ll))?|[Mm]y|[Mm]yself|[Mm]ine)\b",
    "es": r"\b(?:yo|creo que|pienso que|mis?)\b",
    "fr": r"\b(?:je|j['’]\w+|mon|mes)\b",
    "it": r"\b(?:io|credo che|penso che|mi[ao]|miei)\b",
    "nl": r"\b(?:ik|mijn)\b",
    "pt": r"\b(?:eu|acho que|penso que|meus?|minhas?)\b",
}


def speaks_for_one(text: str, language: str) -> Rejection | None:
    """Object to a draft in the voice of one person; quotes do not count.

    The screen cannot ask for this, since people's own words and quotes pass it too. Where the
    language is not known well enough here, nothing is objected.
    """
    said = _QUOTED.sub("", text)
    code = language.lower().split("-")[0]
    if code in _ONE and re.search(_ONE[code], said, 0 if code == "en" else re.IGNORECASE):
        return Rejection("not_a_statement", "It speaks as one person, not as the group.")
    return None

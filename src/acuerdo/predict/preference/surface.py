"""What can be told of a text without understanding it: length, punctuation, form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.text import sentences, words

SURFACE: Final = (
    "length",
    "length squared",
    "question mark",
    "exclamation mark",
    "digit",
    "capitals",
    "sentences",
    "quotation",
    "address",
    "brackets",
    "closed",
    "opens small",
    "first person",
    "commas",
)
"""What each column of `surface` holds, in order."""

TYPICAL_LOG_LENGTH: Final = 2.7
SCRIPTS_WITHOUT_SPACES_WORDS: Final = 0.6
"""Words in a character of Chinese or Japanese, roughly, so that lengths compare across scripts."""

_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|ich|mein|meine|yo|mi|je|mon|ma|io|eu|meu)\b|我|私")


def surface(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the surface of each text, shape (texts, len(SURFACE))."""
    return np.array([_surface(text) for text in texts], dtype=np.float64).reshape(-1, len(SURFACE))


def _surface(text: str) -> list[float]:
    count: float = len(words(text))
    if len(_WITHOUT_SPACES.findall(text)) > len(text) / 3:
        count *= SCRIPTS_WITHOUT_SPACES_WORDS
    length = float(np.log1p(count)) - TYPICAL_LOG_LENGTH
    letters = [character for character in text if character.isalpha()]
    capitals = sum(character.isupper() for character in letters) / max(len(letters), 1)
    return [
        length,
        length * length,
        float("?" in text or "？" in text),
        float("!" in text or "！" in text),
        float(any(character.isdigit() for character in text)),
        min(capitals, 0.3) * 3,
        float(np.log1p(len(sentences(text)))) - 0.7,
        float(any(mark in text for mark in '"„“«「')),
        float("http" in text or "www" in text),
        float("(" in text or "（" in text),
        float(bool(re.search(r"[.!?。！？]$", text.strip()))),
        float(text[:1].islower()),
        float(bool(_FIRST_PERSON.search(text))),
        float(np.log1p(text.count(",") + text.count("，") + text.count("、"))),
    ]

"""Whether a text gives ground to predict from: letters, in a script that the encoder reads."""

from __future__ import annotations

import unicodedata
from typing import Final

READ_SCRIPTS: Final = frozenset(
    {
        "LATIN",
        "CYRILLIC",
        "ARABIC",
        "THAI",
        "CJK",
        "HIRAGANA",
        "KATAKANA",
        "HANGUL",
        "FULLWIDTH",
        "HALFWIDTH",
    }
)
"""Scripts of the sixteen languages that the multilingual Universal Sentence Encoder learnt."""
LEAST_LETTERS: Final = 2


def gives_ground(text: str) -> bool:
    """Return whether a text has words in a script that the encoder reads.

    False for empty texts, numbers and signs alone, and texts most of whose letters are of another
    script (Greek, Hebrew, Devanagari, ...): the encoder would see unknown pieces only. A language
    it did not learn that is written in a script it knows is not recognised.
    """
    letters = [character for character in text if character.isalpha()]
    if not letters or (len(letters) < LEAST_LETTERS and letters[0].isascii()):
        return False
    read = sum(unicodedata.name(c, "").split(" ")[0].split("-")[0] in READ_SCRIPTS for c in letters)
    return 2 * read > len(letters)

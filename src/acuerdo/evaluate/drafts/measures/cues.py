"""Cues of stance: the words of a text as they count towards a question, in English."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from acuerdo.domain.text import canonical, words
from acuerdo.evaluate.drafts.measures.asked import Asked

REACH: Final = 4
"""Words that a negation before them turns."""
_NEGATIONS: Final = frozenset(
    words(
        "not no never cannot without nor neither nobody none nothing hardly against oppose opposes "
        "opposed instead"
    )
)
_LETTERS: Final = re.compile(r"[a-z]+")
_CONTRACTED: Final = re.compile(r"n['\u2019]t\b")
_STOPS: Final = re.compile(r"[.,;:!?]|\b(?:because|but|while|although|though|since|whereas)\b")
_STEM: Final = re.compile(
    r"(?<=[a-z]{3})(?:ations?|ing|ings|ions?|ed|es|s|e|al|ally|ly|ment|ments|ers?|ies|y)$"
)
_IDLE: Final = frozenset(
    words(
        "we should the a an of to in and or more than good harm be is are for do does you your "
        "what that this will have on bring brings i support oppose positive negative impact has "
        "people use would could at by as it its"
    )
)


def stem(word: str) -> str:
    """Return a word without its ending, roughly: "banned" and "bans" meet in "ban"."""
    cut = _STEM.sub("", word)
    return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and cut[-1] not in "aeiouls" else cut


def cues(question: Asked, text: str) -> set[str]:
    """Return the stems of a text and their pairs; "not " before those that a negation turns.

    Words of the question itself become "<asked>", so that what was learnt on one question holds
    for others.
    """
    own = {stem(word) for word in _words(question.yes)} - _IDLE
    found: set[str] = set()
    for clause in _STOPS.split(_CONTRACTED.sub(" not", canonical(text).casefold())):
        turned = 0
        line: list[str] = []
        for word in _words(clause):
            if word in _NEGATIONS:
                turned = REACH
                line.append("not")
                continue
            cut = stem(word)
            plain = "<asked>" if cut in own and cut not in _ACTS else cut
            line.append(f"not {plain}" if turned else plain)
            turned = max(0, turned - 1)
        found.update(line)
        found.update(f"{one} + {other}" for one, other in pairwise(line))
    return found


def _words(text: str) -> list[str]:
    return _LETTERS.findall(text.casefold())


_ACTS: Final = frozenset(
    stem(word)
    for word in words(
        "ban prohibit forbid outlaw abolish end stop abandon limit restrict close cancel fight "
        "reduce cut legal legalize allow adopt introduce subsidize keep fund mandatory compulsory"
    )
)

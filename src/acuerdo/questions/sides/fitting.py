"""Whether two sentences can be the sides of a question, whoever wrote them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from acuerdo.domain.text import canonical, comparable, sentences, words
from acuerdo.questions.sides.english_words import AUXILIARIES

MISFITS: Final[Mapping[str, str]] = {
    "empty": "One of the two sentences is empty.",
    "asks": "One of the two sentences asks instead of stating.",
    "several_sentences": "One of the two sides is more than one sentence.",
    "same": "Both sentences say the same.",
    "no_opposite": "The negating sentence denies nothing that the affirming one says.",
    "swapped": "The affirming sentence denies what the question asks, the other affirms it.",
    "far_from_question": "One of the two sentences is not about what the question asks.",
    "too_long": "One of the two sentences is much longer than the question.",
}
"""Reasons that `fits` gives, in words for people."""

SHARED_BY_AFFIRMING: Final = 0.4
SHARED_BY_NEGATING: Final = 0.3
"""Share of the question's content words that a side must have; the negating is put more freely."""
# "etc.)" ends no sentence.
_BRACKETS: Final = re.compile(r"[()]")
_STEM: Final = 4
_FEWEST_STEMS: Final = 3
_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|nor|cannot|without|less|fewer|\w+n't"
    r"|nunca|nadie|nada|ningun[oa]?|ningún|tampoco|ni|sin|jamás|menos)\b",
    re.IGNORECASE,
)
_FILLERS: Final = frozenset(
    comparable(
        "a an the of to in for on and or that this it is are be we our do does did there very"
        " really just el la los las lo un una de del al en y o que se es son muy más su sus"
    ).split()
)


def fits(question: str, affirming: str, negating: str) -> str:
    """Return why two sentences cannot be sides of a question (a key of MISFITS), "" if they can.

    Only what plain rules can tell. Whether the negating sentence is the exact opposite they cannot.
    """
    sides = (canonical(affirming), canonical(negating))
    first, second = (comparable(side.replace("’", "'")) for side in sides)
    checks = (
        ("empty", not first or not second),
        ("asks", any("?" in side or "¿" in side for side in sides)),
        ("several_sentences", any(len(sentences(_BRACKETS.sub("", side))) > 1 for side in sides)),
        ("same", first == second),
        ("too_long", max(map(len, sides)) > 2 * len(question) + 40),
        ("far_from_question", _is_far(question, affirming, negating)),
        ("swapped", _is_swapped(question, *sides)),
        ("no_opposite", _content(first) == _content(second) and not _differs(*sides)),
    )
    return next((reason for reason, applies in checks if applies), "")


def _content(text: str) -> list[str]:
    return [word for word in words(text) if word not in _FILLERS]


def _differs(affirming: str, negating: str) -> bool:
    return len(_NEGATION.findall(affirming)) != len(_NEGATION.findall(negating))


def _is_swapped(question: str, affirming: str, negating: str) -> bool:
    asked, yes, no = (
        len(_NEGATION.findall(text.replace("’", "'"))) for text in (question, affirming, negating)
    )
    return yes > asked and no <= asked


def _is_far(question: str, affirming: str, negating: str) -> bool:
    asked = _stems(question)
    if len(asked) < _FEWEST_STEMS:
        return False
    return any(
        len(asked & _stems(side)) < share * len(asked)
        for side, share in ((affirming, SHARED_BY_AFFIRMING), (negating, SHARED_BY_NEGATING))
    )


def _stems(text: str) -> set[str]:
    """Return the beginnings of the longer words: forms of one word mostly begin alike."""
    said = words(comparable(text))
    return {word[:_STEM] for word in said if len(word) > 3 and word not in AUXILIARIES | {"ever"}}

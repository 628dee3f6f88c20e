"""The sides of a question in any language that there are rules for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from acuerdo.domain.text import canonical
from acuerdo.questions.sides.english import english_sides
from acuerdo.questions.sides.sentence import Sides
from acuerdo.questions.sides.spanish import spanish_sides

_RULES: Final[Mapping[str, Callable[[str, bool], Sides | None]]] = {
    "en": english_sides,
    "es": spanish_sides,
}
LANGUAGES_WITH_SIDES: Final = tuple(sorted(_RULES))
"""Languages, by ISO 639-1 code, whose questions `sides_of` can turn into sentences."""
LONGEST: Final = 400
"""Characters above which no question is read: nobody debates it, and reading takes time."""


def sides_of(text: str, language: str = "en", capitals: bool = False) -> Sides | None:
    """Return what "yes" and "no" to a question hold, each as a sentence; None if it is not sure.

    None comes back for another language, a question that yes and no do not answer, one of more than
    400 characters, and one whose subject could end in several places. `capitals` writes the
    negation in capitals.

    >>> sides_of("Should people who work at night be paid more?")
    Sides(affirming='People who work at night should be paid more.', \
negating='People who work at night should not be paid more.')
    """
    question = canonical(text)
    if language not in _RULES or len(question) > LONGEST or not question.endswith("?"):
        return None
    found = _RULES[language](question, capitals)
    return found if found and found.affirming != found.negating else None

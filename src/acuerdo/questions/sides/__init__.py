"""Both answers to a debate question as sentences: made by rule, or checked if others made them."""

from acuerdo.questions.sides.alternatives import asks_twice, offers_alternatives
from acuerdo.questions.sides.english import begins_with_auxiliary
from acuerdo.questions.sides.fitting import MISFITS, fits
from acuerdo.questions.sides.making import LANGUAGES_WITH_SIDES, sides_of
from acuerdo.questions.sides.sentence import Sides
from acuerdo.questions.sides.spanish import has_spanish_verb

__all__ = [
    "LANGUAGES_WITH_SIDES",
    "MISFITS",
    "Sides",
    "asks_twice",
    "begins_with_auxiliary",
    "fits",
    "has_spanish_verb",
    "offers_alternatives",
    "sides_of",
]

"""Find agreement among people with diverse views: draft, predict, choose, revise.

`find_agreement` runs the whole job; `predict_agreement` says how much each person would agree with
statements of your own; `mediate` is the heart, over parts of your own. What can go wrong derives
from `AcuerdoError`.
"""

from acuerdo.api import (
    FindOptions,
    PredictedAgreement,
    count_ballots,
    find_agreement,
    find_agreement_async,
    predict_agreement,
)
from acuerdo.domain.errors import AcuerdoError
from acuerdo.domain.records import Critique, Opinion, Question, Rating
from acuerdo.domain.rounds import Round, RoundResult, Terms
from acuerdo.domain.statements import Candidate
from acuerdo.mediate import Parts, mediate
from acuerdo.recipes import Recipe
from acuerdo.settings import Settings
from acuerdo.wiring import build_parts

__all__ = [
    "AcuerdoError",
    "Candidate",
    "Critique",
    "FindOptions",
    "Opinion",
    "Parts",
    "PredictedAgreement",
    "Question",
    "Rating",
    "Recipe",
    "Round",
    "RoundResult",
    "Settings",
    "Terms",
    "build_parts",
    "count_ballots",
    "find_agreement",
    "find_agreement_async",
    "mediate",
    "predict_agreement",
]

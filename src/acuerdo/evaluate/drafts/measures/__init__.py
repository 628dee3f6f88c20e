"""Measures of drafts: a group's opinions and its drafts in, one number per draft out."""

from acuerdo.evaluate.drafts.measures.agreement import (
    PredictedAgreement,
    agreement_measures,
    predicted_agreement,
)
from acuerdo.evaluate.drafts.measures.copying import copied_share, copying
from acuerdo.evaluate.drafts.measures.distinctness import MeaningDistinctness, WordDistinctness
from acuerdo.evaluate.drafts.measures.measure import DraftByDraft, Measure
from acuerdo.evaluate.drafts.measures.reading import (
    length,
    reading,
    reading_grade,
    syllables_of,
)
from acuerdo.evaluate.drafts.measures.stance import StanceJudge
from acuerdo.evaluate.drafts.measures.standard import standard_measures
from acuerdo.evaluate.drafts.measures.validity import Validity, validity

__all__ = [
    "DraftByDraft",
    "MeaningDistinctness",
    "Measure",
    "PredictedAgreement",
    "StanceJudge",
    "Validity",
    "WordDistinctness",
    "agreement_measures",
    "copied_share",
    "copying",
    "length",
    "predicted_agreement",
    "reading",
    "reading_grade",
    "standard_measures",
    "syllables_of",
    "validity",
]

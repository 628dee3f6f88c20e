"""Measures of drafts: a group's opinions and its drafts in, one number per draft out."""

from acuerdo.evaluate.drafts.measures.agreement import (
    PredictedAgreement,
    agreement_measures,
    predicted_agreement,
)
from acuerdo.evaluate.drafts.measures.copying import copied_share, copying
from acuerdo.evaluate.drafts.measures.coverage import Coverage, covered
from acuerdo.evaluate.drafts.measures.distinctness import MeaningDistinctness, WordDistinctness
from acuerdo.evaluate.drafts.measures.faithfulness import Faithfulness, new_facts, no_new_facts
from acuerdo.evaluate.drafts.measures.known import known_stances
from acuerdo.evaluate.drafts.measures.measure import DraftByDraft, Measure
from acuerdo.evaluate.drafts.measures.placed import JoinedJudge, PlacedJudge
from acuerdo.evaluate.drafts.measures.polarity import Polarity, Reading, contradiction
from acuerdo.evaluate.drafts.measures.reading import (
    length,
    reading,
    reading_grade,
    syllables_of,
)
from acuerdo.evaluate.drafts.measures.stance import KnownStances, StanceJudge
from acuerdo.evaluate.drafts.measures.standard import standard_measures
from acuerdo.evaluate.drafts.measures.voices import Said, Voice, voices
from acuerdo.evaluate.drafts.measures.worded import (
    DecisionJudge,
    WordJudge,
    shipped_word_judge,
)

__all__ = [
    "Coverage",
    "DecisionJudge",
    "DraftByDraft",
    "Faithfulness",
    "JoinedJudge",
    "KnownStances",
    "MeaningDistinctness",
    "Measure",
    "PlacedJudge",
    "Polarity",
    "PredictedAgreement",
    "Reading",
    "Said",
    "StanceJudge",
    "Voice",
    "WordDistinctness",
    "WordJudge",
    "agreement_measures",
    "contradiction",
    "copied_share",
    "copying",
    "covered",
    "known_stances",
    "length",
    "new_facts",
    "no_new_facts",
    "predicted_agreement",
    "reading",
    "reading_grade",
    "shipped_word_judge",
    "standard_measures",
    "syllables_of",
    "voices",
]

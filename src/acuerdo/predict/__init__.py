"""How much each person would agree: similarity, prompted judge, length baseline, fake."""

from acuerdo.predict.judge import JudgePredictor, JudgeScorer
from acuerdo.predict.length import LengthPredictor, LengthScorer
from acuerdo.predict.scored import ScoredPredictor
from acuerdo.predict.scripted import ScriptedPredictor
from acuerdo.predict.similarity import SimilarityPredictor, SimilarityScorer

__all__ = [
    "JudgePredictor",
    "JudgeScorer",
    "LengthPredictor",
    "LengthScorer",
    "ScoredPredictor",
    "ScriptedPredictor",
    "SimilarityPredictor",
    "SimilarityScorer",
]

"""How much each person would agree: similarity, prompted judge, length baseline, fake."""

from acuerdo.predict.judge import JudgePredictor
from acuerdo.predict.length import LengthPredictor
from acuerdo.predict.scripted import ScriptedPredictor
from acuerdo.predict.similarity import SimilarityPredictor

__all__ = ["JudgePredictor", "LengthPredictor", "ScriptedPredictor", "SimilarityPredictor"]

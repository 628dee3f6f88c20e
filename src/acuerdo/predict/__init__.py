"""How much each person would agree: trained, with ratings, similarity, judge, baselines, fake."""

from acuerdo.predict.baselines import CentroidScorer, CosineScorer, RandomScorer
from acuerdo.predict.ensemble import EnsembleScorer
from acuerdo.predict.factor_kernel import FactorWeights
from acuerdo.predict.factors import FactorScorer
from acuerdo.predict.judge import JudgePredictor, JudgeScorer
from acuerdo.predict.length import LengthPredictor, LengthScorer
from acuerdo.predict.preference import (
    FEATURES,
    SURFACE,
    PreferenceModel,
    PreferenceScorer,
    is_preference_model,
    load_model,
    popularity_inputs,
    save_model,
    sheet_features,
    shipped_model,
    surface,
)
from acuerdo.predict.scored import ScoredPredictor
from acuerdo.predict.scripted import ScriptedPredictor
from acuerdo.predict.similarity import SimilarityPredictor, SimilarityScorer

__all__ = [
    "FEATURES",
    "SURFACE",
    "CentroidScorer",
    "CosineScorer",
    "EnsembleScorer",
    "FactorScorer",
    "FactorWeights",
    "JudgePredictor",
    "JudgeScorer",
    "LengthPredictor",
    "LengthScorer",
    "PreferenceModel",
    "PreferenceScorer",
    "RandomScorer",
    "ScoredPredictor",
    "ScriptedPredictor",
    "SimilarityPredictor",
    "SimilarityScorer",
    "is_preference_model",
    "load_model",
    "popularity_inputs",
    "save_model",
    "sheet_features",
    "shipped_model",
    "surface",
]

"""The trained preference model: features of texts, a few weights, numpy only."""

from acuerdo.predict.preference.card import (
    is_preference_model,
    load_model,
    save_model,
    shipped_model,
)
from acuerdo.predict.preference.features import FEATURES, SheetFeatures, sheet_features
from acuerdo.predict.preference.ground import gives_ground
from acuerdo.predict.preference.model import PreferenceModel, popularity_inputs
from acuerdo.predict.preference.scorer import PreferenceScorer
from acuerdo.predict.preference.surface import SURFACE, surface

__all__ = [
    "FEATURES",
    "SURFACE",
    "PreferenceModel",
    "PreferenceScorer",
    "SheetFeatures",
    "gives_ground",
    "is_preference_model",
    "load_model",
    "popularity_inputs",
    "save_model",
    "sheet_features",
    "shipped_model",
    "surface",
]

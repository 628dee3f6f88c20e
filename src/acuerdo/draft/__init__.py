"""Drafters: who writes candidate statements, and the baselines they must beat."""

from acuerdo.draft.cleaning import clean
from acuerdo.draft.extractive import ExtractiveDrafter
from acuerdo.draft.model import MAX_TOKENS, ModelDrafter
from acuerdo.draft.opinions import OVERLOOKED, LongestOpinionDrafter, OpinionDrafter
from acuerdo.draft.pairing import (
    CONTRASTS,
    Contrast,
    ReadPair,
    Side,
    contrasting_pairs,
    labels_of,
    verdict_pairs,
)
from acuerdo.draft.planning import make_plan
from acuerdo.draft.scripted import ScriptedDrafter
from acuerdo.draft.searching import Sampling, SearchDrafter
from acuerdo.draft.voice import speaks_for_one

__all__ = [
    "CONTRASTS",
    "MAX_TOKENS",
    "OVERLOOKED",
    "Contrast",
    "ExtractiveDrafter",
    "LongestOpinionDrafter",
    "ModelDrafter",
    "OpinionDrafter",
    "ReadPair",
    "Sampling",
    "ScriptedDrafter",
    "SearchDrafter",
    "Side",
    "clean",
    "contrasting_pairs",
    "labels_of",
    "make_plan",
    "speaks_for_one",
    "verdict_pairs",
]

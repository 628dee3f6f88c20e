"""Drafters: who writes candidate statements, and the baselines they must beat."""

from acuerdo.draft.cleaning import clean
from acuerdo.draft.extractive import ExtractiveDrafter
from acuerdo.draft.model import ModelDrafter
from acuerdo.draft.opinions import LongestOpinionDrafter, OpinionDrafter
from acuerdo.draft.scripted import ScriptedDrafter

__all__ = [
    "ExtractiveDrafter",
    "LongestOpinionDrafter",
    "ModelDrafter",
    "OpinionDrafter",
    "ScriptedDrafter",
    "clean",
]

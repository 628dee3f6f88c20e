"""Candidates of a model as material: drafted, scored, chosen, paired. Needs no torch."""

from acuerdo.train.candidates.choosing import (
    Kept,
    RankedPair,
    Selection,
    best_drafts,
    ranked_pairs,
)
from acuerdo.train.candidates.drawing import (
    CandidateParts,
    Drawn,
    Judge,
    draw_candidates,
    for_training,
)
from acuerdo.train.candidates.records import WELFARE, GroupCandidates, ScoredDraft, rounds_of
from acuerdo.train.candidates.rows import MadePair, kept_lines, made_lines, ranked_lines
from acuerdo.train.candidates.store import CandidateStore

__all__ = [
    "WELFARE",
    "CandidateParts",
    "CandidateStore",
    "Drawn",
    "GroupCandidates",
    "Judge",
    "Kept",
    "MadePair",
    "RankedPair",
    "ScoredDraft",
    "Selection",
    "best_drafts",
    "draw_candidates",
    "for_training",
    "kept_lines",
    "made_lines",
    "ranked_lines",
    "ranked_pairs",
    "rounds_of",
]

"""Training of predictors and drafting models: run files in, run folders out."""

from acuerdo.train.candidates import (
    WELFARE,
    CandidateParts,
    CandidateStore,
    Drawn,
    GroupCandidates,
    Judge,
    Kept,
    MadePair,
    RankedPair,
    ScoredDraft,
    Selection,
    best_drafts,
    draw_candidates,
    for_training,
    kept_lines,
    made_lines,
    ranked_lines,
    ranked_pairs,
    rounds_of,
)
from acuerdo.train.data import RunData, Source, read_data
from acuerdo.train.distil import teacher_targets
from acuerdo.train.drafting import DrafterRun, read_drafter_run, train_drafter
from acuerdo.train.predictor import train_predictor
from acuerdo.train.runs import Run, read_run

__all__ = [
    "WELFARE",
    "CandidateParts",
    "CandidateStore",
    "DrafterRun",
    "Drawn",
    "GroupCandidates",
    "Judge",
    "Kept",
    "MadePair",
    "RankedPair",
    "Run",
    "RunData",
    "ScoredDraft",
    "Selection",
    "Source",
    "best_drafts",
    "draw_candidates",
    "for_training",
    "kept_lines",
    "made_lines",
    "ranked_lines",
    "ranked_pairs",
    "read_data",
    "read_drafter_run",
    "read_run",
    "rounds_of",
    "teacher_targets",
    "train_drafter",
    "train_predictor",
]

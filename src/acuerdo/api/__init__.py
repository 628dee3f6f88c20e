"""Whole programs as functions: what `import acuerdo`, the command line and the server share."""

from acuerdo.api.about import rule_explanations, settings_for, version
from acuerdo.api.adapter_check import BackEnds, Difference, compare_back_ends
from acuerdo.api.adapters import export_drafter
from acuerdo.api.candidate_options import CandidateOptions, contrasts_named
from acuerdo.api.candidates import Candidates, collect_candidates
from acuerdo.api.counting import Count, count_ballots
from acuerdo.api.drafting import TrainedDrafter, train_drafter
from acuerdo.api.drafting_data import BuiltData, build_data, write_draft_pairs
from acuerdo.api.erasing import Kept, forget_replies, kept_replies
from acuerdo.api.evaluating import evaluate_predictors
from acuerdo.api.evaluating_drafter import evaluate_drafters
from acuerdo.api.finding import FindOptions, find_agreement, find_agreement_async
from acuerdo.api.models import (
    ModelFile,
    fetch_model,
    list_models,
    remove_model,
    verify_model,
)
from acuerdo.api.predicting import PredictedAgreement, predict_agreement
from acuerdo.api.predicting_files import FilePrediction, predict_file
from acuerdo.api.training import TrainedPredictor, train
from acuerdo.datasets import DataRun, MaterialSource
from acuerdo.recipes import DEFAULT_SCORER, DEFAULT_WEIGHTS

__all__ = [
    "DEFAULT_SCORER",
    "DEFAULT_WEIGHTS",
    "BackEnds",
    "BuiltData",
    "CandidateOptions",
    "Candidates",
    "Count",
    "DataRun",
    "Difference",
    "FilePrediction",
    "FindOptions",
    "Kept",
    "MaterialSource",
    "ModelFile",
    "PredictedAgreement",
    "TrainedDrafter",
    "TrainedPredictor",
    "build_data",
    "collect_candidates",
    "compare_back_ends",
    "contrasts_named",
    "count_ballots",
    "evaluate_drafters",
    "evaluate_predictors",
    "export_drafter",
    "fetch_model",
    "find_agreement",
    "find_agreement_async",
    "forget_replies",
    "kept_replies",
    "list_models",
    "predict_agreement",
    "predict_file",
    "remove_model",
    "rule_explanations",
    "settings_for",
    "train",
    "train_drafter",
    "verify_model",
    "version",
    "write_draft_pairs",
]

"""Whole programs as functions: what `import acuerdo`, the command line and the server share."""

from acuerdo.api.about import rule_explanations, settings_for, version
from acuerdo.api.counting import Count, count_ballots
from acuerdo.api.erasing import Kept, forget_replies, kept_replies
from acuerdo.api.evaluating import evaluate_predictors
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
from acuerdo.wiring import DEFAULT_SCORER, DEFAULT_WEIGHTS

__all__ = [
    "DEFAULT_SCORER",
    "DEFAULT_WEIGHTS",
    "Count",
    "FilePrediction",
    "FindOptions",
    "Kept",
    "ModelFile",
    "PredictedAgreement",
    "TrainedPredictor",
    "count_ballots",
    "evaluate_predictors",
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
    "verify_model",
    "version",
]

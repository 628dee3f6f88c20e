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
from acuerdo.api.questions import (
    QuestionLibrary,
    open_questions,
    search_questions,
    suggest_questions,
)
from acuerdo.api.questions_building import BuiltCorpus, build_question_corpus
from acuerdo.api.questions_files import ImportedQuestions, export_questions, import_questions
from acuerdo.api.questions_report import CorpusPage, report_questions
from acuerdo.api.questions_screening import (
    ScreenedQuestions,
    export_review_queue,
    import_review_queue,
    judge_question,
    open_review,
    screen_questions,
)
from acuerdo.api.questions_writing import QUESTIONS_FILE, WrittenCorpus, write_question_corpus
from acuerdo.api.training import TrainedPredictor, train
from acuerdo.datasets import DataRun, MaterialSource
from acuerdo.questions import WritingOptions
from acuerdo.recipes import DEFAULT_SCORER, DEFAULT_WEIGHTS

__all__ = [
    "DEFAULT_SCORER",
    "DEFAULT_WEIGHTS",
    "QUESTIONS_FILE",
    "BackEnds",
    "BuiltCorpus",
    "BuiltData",
    "CandidateOptions",
    "Candidates",
    "CorpusPage",
    "Count",
    "DataRun",
    "Difference",
    "FilePrediction",
    "FindOptions",
    "ImportedQuestions",
    "Kept",
    "MaterialSource",
    "ModelFile",
    "PredictedAgreement",
    "QuestionLibrary",
    "ScreenedQuestions",
    "TrainedDrafter",
    "TrainedPredictor",
    "WritingOptions",
    "WrittenCorpus",
    "build_data",
    "build_question_corpus",
    "collect_candidates",
    "compare_back_ends",
    "contrasts_named",
    "count_ballots",
    "evaluate_drafters",
    "evaluate_predictors",
    "export_drafter",
    "export_questions",
    "export_review_queue",
    "fetch_model",
    "find_agreement",
    "find_agreement_async",
    "forget_replies",
    "import_questions",
    "import_review_queue",
    "judge_question",
    "kept_replies",
    "list_models",
    "open_questions",
    "open_review",
    "predict_agreement",
    "predict_file",
    "remove_model",
    "report_questions",
    "rule_explanations",
    "screen_questions",
    "search_questions",
    "settings_for",
    "suggest_questions",
    "train",
    "train_drafter",
    "verify_model",
    "version",
    "write_draft_pairs",
    "write_question_corpus",
]

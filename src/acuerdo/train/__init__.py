"""Training of predictors and drafting models: run files in, run folders out."""

from acuerdo.train.data import RunData, Source, read_data
from acuerdo.train.distil import teacher_targets
from acuerdo.train.drafting import DrafterRun, read_drafter_run, train_drafter
from acuerdo.train.predictor import train_predictor
from acuerdo.train.runs import Run, read_run

__all__ = [
    "DrafterRun",
    "Run",
    "RunData",
    "Source",
    "read_data",
    "read_drafter_run",
    "read_run",
    "teacher_targets",
    "train_drafter",
    "train_predictor",
]

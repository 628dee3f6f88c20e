"""Training of predictors: run files in, run folders out."""

from acuerdo.train.data import RunData, Source, read_data
from acuerdo.train.distil import teacher_targets
from acuerdo.train.predictor import train_predictor
from acuerdo.train.runs import Run, read_run

__all__ = [
    "Run",
    "RunData",
    "Source",
    "read_data",
    "read_run",
    "teacher_targets",
    "train_predictor",
]

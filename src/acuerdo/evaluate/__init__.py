"""Experiments: scorers as arms, one measure per file, resampling, tables and figures."""

from acuerdo.evaluate.arms import EVERY_PART, Arm, IntervalScorer
from acuerdo.evaluate.asking import Part
from acuerdo.evaluate.experiment import Experiment, Sizes, run_experiment
from acuerdo.evaluate.figures import draw_figures
from acuerdo.evaluate.resampling import Estimate, Interval
from acuerdo.evaluate.results import Results, TableResult, as_plain
from acuerdo.evaluate.run_files import (
    ArmEntry,
    DataEntry,
    RunFile,
    read_paraphrases,
    read_run_file,
)
from acuerdo.evaluate.table import as_markdown

__all__ = [
    "EVERY_PART",
    "Arm",
    "ArmEntry",
    "DataEntry",
    "Estimate",
    "Experiment",
    "Interval",
    "IntervalScorer",
    "Part",
    "Results",
    "RunFile",
    "Sizes",
    "TableResult",
    "as_markdown",
    "as_plain",
    "draw_figures",
    "read_paraphrases",
    "read_run_file",
    "run_experiment",
]

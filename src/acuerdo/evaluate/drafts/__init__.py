"""Experiments with drafts: arms, measures, tables, figures and a page of examples."""

from acuerdo.evaluate.drafts.arms import (
    Arm as DraftArm,
)
from acuerdo.evaluate.drafts.arms import (
    BaselineArm,
    BestArm,
    ModelArm,
    best_opinion,
    extractive,
    longest_opinion,
    reference,
)
from acuerdo.evaluate.drafts.examples import examples_as_markdown
from acuerdo.evaluate.drafts.experiment import (
    DraftExperiment,
    DraftSizes,
    run_draft_experiment,
)
from acuerdo.evaluate.drafts.figures import draw_draft_figures
from acuerdo.evaluate.drafts.independence import Known, check_apart, check_unseen
from acuerdo.evaluate.drafts.results import DraftResults, drafts_as_plain
from acuerdo.evaluate.drafts.run_files import (
    DraftArmEntry,
    DraftRunFile,
    read_draft_run_file,
)
from acuerdo.evaluate.drafts.sampling import sample_material
from acuerdo.evaluate.drafts.searched import SearchWriter
from acuerdo.evaluate.drafts.selecting import Selector
from acuerdo.evaluate.drafts.spreadsheets import drafts_csv, groups_csv, summary_csv
from acuerdo.evaluate.drafts.table import drafts_as_markdown
from acuerdo.evaluate.drafts.writing import ModelWriter

__all__ = [
    "BaselineArm",
    "BestArm",
    "DraftArm",
    "DraftArmEntry",
    "DraftExperiment",
    "DraftResults",
    "DraftRunFile",
    "DraftSizes",
    "Known",
    "ModelArm",
    "ModelWriter",
    "SearchWriter",
    "Selector",
    "best_opinion",
    "check_apart",
    "check_unseen",
    "drafts_as_markdown",
    "drafts_as_plain",
    "drafts_csv",
    "draw_draft_figures",
    "examples_as_markdown",
    "extractive",
    "groups_csv",
    "longest_opinion",
    "read_draft_run_file",
    "reference",
    "run_draft_experiment",
    "sample_material",
    "summary_csv",
]

"""One measure per file: what was said and expected in, a number under any weights out."""

from acuerdo.evaluate.measures.area import area_pooled, area_within
from acuerdo.evaluate.measures.calibration import (
    ReliabilityCurve,
    calibration_error,
    chance_of_agreement,
    reliability_curve,
)
from acuerdo.evaluate.measures.coverage import Bounds, coverage, normal_bounds, width
from acuerdo.evaluate.measures.exchange import exchange_effect, exchanged
from acuerdo.evaluate.measures.graded import (
    mean_absolute_error,
    rank_correlation,
    root_mean_square_error,
)
from acuerdo.evaluate.measures.pairwise import pairwise_accuracy
from acuerdo.evaluate.measures.response import CHANGES, mean_shift, rewritten
from acuerdo.evaluate.measures.selection import Outcomes, outcomes
from acuerdo.evaluate.measures.selective import (
    SelectiveCurve,
    accuracy,
    selective_accuracy,
    selective_curve,
    share_silent,
)

__all__ = [
    "CHANGES",
    "Bounds",
    "Outcomes",
    "ReliabilityCurve",
    "SelectiveCurve",
    "accuracy",
    "area_pooled",
    "area_within",
    "calibration_error",
    "chance_of_agreement",
    "coverage",
    "exchange_effect",
    "exchanged",
    "mean_absolute_error",
    "mean_shift",
    "normal_bounds",
    "outcomes",
    "pairwise_accuracy",
    "rank_correlation",
    "reliability_curve",
    "rewritten",
    "root_mean_square_error",
    "selective_accuracy",
    "selective_curve",
    "share_silent",
    "width",
]

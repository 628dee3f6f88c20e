"""Screening: would debating a question inspire extreme beliefs or discriminatory language?"""

from acuerdo.questions.screening.judgement import judged_by_model
from acuerdo.questions.screening.neighbours import LabelledNeighbours
from acuerdo.questions.screening.review import ReviewLog
from acuerdo.questions.screening.review_table import (
    FilledIn,
    queue_table,
    reasons_in_words,
    take_queue_table,
)
from acuerdo.questions.screening.screen import ScreenParts, screen, screened

__all__ = [
    "FilledIn",
    "LabelledNeighbours",
    "ReviewLog",
    "ScreenParts",
    "judged_by_model",
    "queue_table",
    "reasons_in_words",
    "screen",
    "screened",
    "take_queue_table",
]

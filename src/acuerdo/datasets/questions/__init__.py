"""Corpora of debate questions as files: JSON as published, JSON Lines, CSV and Parquet."""

from acuerdo.datasets.questions.columns import QuestionColumns, columns_named
from acuerdo.datasets.questions.formats import QUESTION_FORMATS, QuestionFormat, question_format
from acuerdo.datasets.questions.reading import (
    QuestionsFile,
    RejectedRow,
    iter_questions,
    read_questions,
)
from acuerdo.datasets.questions.writing import write_questions_file

__all__ = [
    "QUESTION_FORMATS",
    "QuestionColumns",
    "QuestionFormat",
    "QuestionsFile",
    "RejectedRow",
    "columns_named",
    "iter_questions",
    "question_format",
    "read_questions",
    "write_questions_file",
]

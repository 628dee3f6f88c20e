"""The report of a corpus of debate questions: a page for people, and its figures as PNG files."""

from acuerdo.report.questions.figures import draw_corpus_figures
from acuerdo.report.questions.page import render_corpus_html
from acuerdo.report.questions.values import (
    ALIKE,
    CorpusReport,
    Direction,
    MapPoint,
    NearPair,
    Screened,
    Source,
    TopicSize,
)

__all__ = [
    "ALIKE",
    "CorpusReport",
    "Direction",
    "MapPoint",
    "NearPair",
    "Screened",
    "Source",
    "TopicSize",
    "draw_corpus_figures",
    "render_corpus_html",
]

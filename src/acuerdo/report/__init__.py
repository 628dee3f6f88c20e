"""Ways to show a `RoundResult`: a page for people, plain data for programs, a terminal view."""

from acuerdo.report.json_data import as_json
from acuerdo.report.page import render_html
from acuerdo.report.questions import (
    ALIKE,
    CorpusReport,
    Direction,
    MapPoint,
    NearPair,
    Screened,
    Source,
    TopicSize,
    draw_corpus_figures,
    render_corpus_html,
)
from acuerdo.report.terminal import print_result

__all__ = [
    "ALIKE",
    "CorpusReport",
    "Direction",
    "MapPoint",
    "NearPair",
    "Screened",
    "Source",
    "TopicSize",
    "as_json",
    "draw_corpus_figures",
    "print_result",
    "render_corpus_html",
    "render_html",
]

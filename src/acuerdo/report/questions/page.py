"""The report of a corpus as one HTML file that opens offline and needs no script."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import jinja2

from acuerdo.domain.questions import SEVERITIES
from acuerdo.domain.text import canonical
from acuerdo.report.questions import bars, sentences
from acuerdo.report.questions.marks import SHAPES
from acuerdo.report.questions.scatter import WIDTH, question_map
from acuerdo.report.questions.values import CorpusReport, NearPair

SHOWN_TOPICS: Final = 24
SHOWN_PAIRS: Final = 10


def render_corpus_html(report: CorpusReport, *, made_at: str, version: str) -> str:
    """Return the report of a corpus as one self-contained HTML document.

    Only questions with a point are listed by topic. `made_at` and `version` are printed at the end.
    """
    found = question_map(report)
    html = _template().render(
        report=report,
        number=sentences.number,
        lead=sentences.lead(report),
        tiles=sentences.tiles(report),
        splits=bars.split_parts(report),
        splits_words=sentences.splits(report),
        map=found,
        caption=sentences.map_caption(report),
        width=WIDTH,
        shapes=SHAPES,
        topics=bars.topic_rows(report, found),
        topics_heading=sentences.topics_heading(report),
        topics_words=sentences.topics(report),
        shown_topics=SHOWN_TOPICS,
        directions=bars.direction_rows(report),
        balance_words=sentences.balance(report),
        some_unknown=any(row.unknown for row in report.directions),
        nearness=bars.nearness_bars(report),
        nearness_words=sentences.nearness(report),
        ticks=bars.ticks(report),
        pairs=_pairs(report.nearest),
        shown_pairs=SHOWN_PAIRS,
        rejects=bars.reject_rows(report),
        rejects_words=sentences.rejects(report),
        screened=bars.screened_rows(report),
        screened_words=sentences.screened(report),
        severities=SEVERITIES,
        sources=sentences.sources(report),
        facts=[(label, canonical(value)) for label, value in report.facts],
        glossary=sentences.glossary(report),
        made_at=made_at,
        version=version,
    )
    # Corpora of others can carry half characters that no file can be written with.
    return html.encode("utf-8", "replace").decode("utf-8")


def _pairs(nearest: Sequence[NearPair]) -> list[dict[str, str]]:
    return [
        {"near": f"{pair.similarity:.3f}", "first": pair.first, "second": pair.second}
        for pair in nearest
    ]


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("acuerdo.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("questions/page.html.jinja")

"""The report as one HTML file that opens offline, prints, and needs no script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

import jinja2

from acuerdo.domain.records import LIKERT_LABELS
from acuerdo.domain.rounds import RoundResult
from acuerdo.domain.text import canonical
from acuerdo.report import reading, sentences
from acuerdo.report.chart import person_rows
from acuerdo.report.comparison import compared, rule_rows
from acuerdo.report.heat_map import heat_map
from acuerdo.report.record import facts, origins, thrown
from acuerdo.report.texts import Texts
from acuerdo.report.words import GLOSSARY, STAGES, rule_explanation

_LANGUAGE: Final = re.compile("[a-z]{2,3}")


def render_html(
    result: RoundResult,
    *,
    explanations: Mapping[str, str],
    made_at: str,
    version: str,
    include_opinions: bool = True,
) -> str:
    """Return the report as one self-contained HTML document.

    `explanations` holds one plain sentence per rule name; rules without one are only named.
    `made_at` and `version` are printed at the end. Without `include_opinions` what people wrote,
    sentences quoted from it and opinions that stood as candidates without winning are left out; a
    statement put together from people's sentences still holds them.
    """
    texts = Texts(result, include_opinions=include_opinions)
    people = person_rows(result)
    html = _template().render(
        _round(result),
        **_verdict(result, explanations),
        **_shown(texts),
        people=people,
        least=next((row for row in people if row.worst_off), None),
        heat_map=heat_map(result),
        compared=compared(result),
        rules=rule_rows(result, explanations),
        slate=[texts.statement(column) for column in result.slate],
        thrown=thrown(result, include_opinions=include_opinions),
        origins=origins(result),
        facts=facts(result),
        problems=result.problems,
        degraded=result.degraded,
        include_opinions=include_opinions,
        made_at=made_at,
        version=version,
    )
    # JSON from servers and files can carry half characters that no file can be written with.
    return html.encode("utf-8", "replace").decode("utf-8")


def _round(result: RoundResult) -> dict[str, object]:
    question = result.round.question
    return {
        "question": canonical(question.text),
        "context": canonical(question.context),
        "language": question.language if _LANGUAGE.fullmatch(question.language) else "",
        "previous": canonical(result.round.previous),
        "scale": LIKERT_LABELS,
        "stages": STAGES,
        "glossary": GLOSSARY,
    }


def _verdict(result: RoundResult, explanations: Mapping[str, str]) -> dict[str, object]:
    return {
        "decided_by_ballots": result.chosen.winner is not None,
        "agreed": result.outcome == "agreement",
        "headline": sentences.headline(result),
        "reason": sentences.reason(result),
        "writer": sentences.writer(result),
        "votes": sentences.votes_so_far(result),
        "honesty": sentences.honesty(result),
        "decided": sentences.decided(result, rule_explanation(result.chosen.rule, explanations)),
        "rated_by_all": reading.rated_by_all(result),
        "tie": sentences.tie(result),
        "margin": sentences.margin(result),
        "resume": sentences.resume(result),
        "second_is_none": result.runner_up is not None
        and not reading.is_statement(result, result.runner_up),
    }


def _shown(texts: Texts) -> dict[str, object]:
    return {
        "best": texts.best(),
        "runner_up": texts.runner_up(),
        "statements": texts.statements(),
        "divides": texts.divides(),
        "left_out": texts.left_out(),
        "voices": texts.voices(),
    }


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("acuerdo.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.jinja")

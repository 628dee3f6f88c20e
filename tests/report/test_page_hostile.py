"""Stored cross-site scripting: whatever people, models or servers write stays text."""

from __future__ import annotations

import pytest

from acuerdo.domain.rounds import Problem, RoundResult
from acuerdo.report import render_html
from tests.factories import make_candidate, make_rejected, make_result, make_round
from tests.report.markup import Markup

ATTACKS = (
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>a</a>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<style>body{display:none}</style>",
    "<details open ontoggle=alert(1)>",
    "<!--<script>alert(1)//-->",
    "]]><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}{{ config }}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr\u0000ipt>alert(1)</scr\u0000ipt>",
    "＜script＞alert(1)＜/script＞",
    "\u202e<script>alert(1)</script>",
    "\ud800<b>",
    "</p></blockquote></main><h1>Forged</h1>",
)


def poisoned(attack: str) -> RoundResult:
    """Return a result with the attack in every text it can hold."""
    people = {f"{attack}{number}": f"{attack} {number}" for number in range(3)}
    candidates = [
        make_candidate(f"{attack} {number}", author=attack, template=attack, prompt_hash=attack)
        for number in range(3)
    ]
    return make_result(
        round_=make_round(people, question=attack, language=attack, previous=attack),
        candidates=candidates,
        least_covered=dict.fromkeys(people, attack),
        rejected=(make_rejected(attack, "instruction", attack),),
        problems=(Problem("draft", attack, attack),),
        models={attack: attack},
        seconds={attack: 1.0},
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_markup(attack: str) -> None:
    html = render_html(
        poisoned(attack),
        explanations={"mean": attack},
        made_at=attack,
        version=attack,
    )
    harmless = render_html(poisoned("x"), explanations={"mean": "x"}, made_at="x", version="x")
    markup, expected = Markup(html), Markup(harmless)
    assert [tag for tag, _ in markup.elements] == [tag for tag, _ in expected.elements]
    names = {name for _, attributes in markup.elements for name in attributes}
    assert names <= {name for _, attributes in expected.elements for name in attributes} | {"lang"}
    html.encode("utf-8")


def test_text_is_shown_as_it_was_written() -> None:
    html = render_html(
        poisoned("<script>alert(1)</script>"), explanations={}, made_at="", version=""
    )
    assert "<script>alert(1)</script>" in Markup(html).text

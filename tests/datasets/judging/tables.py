"""Judgements to test with; every field can be overridden."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from acuerdo.domain.judgements import Judgement

JUDGEMENT = Judgement(
    source="town",
    licence="CC0",
    conversation="street",
    language="en",
    question="What should become of Mill Street?",
    context="",
    person="Ana",
    opinion="Plant trees.",
    statement="We plant ten trees.",
    value=6.0,
    scale="agreement",
)


def judgement(**changed: Any) -> Judgement:
    """Return a judgement with some fields changed."""
    return replace(JUDGEMENT, **changed)

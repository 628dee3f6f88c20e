"""Copying: how much of a draft is taken word for word from one person."""

from __future__ import annotations

from typing import Final

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.text import comparable, words
from acuerdo.evaluate.drafts.measures.measure import DraftByDraft

RUN: Final = 4
"""Words in a run: fewer are turns of phrase, more miss copies with a word exchanged."""


def copying() -> DraftByDraft:
    """Measure the share of a draft's runs of four words that the most copied opinion contains."""
    return DraftByDraft("copied", False, copied_share)


def copied_share(material: Material, draft: str) -> float:
    """Return that share, 0 to 1; nan for drafts of fewer than four words."""
    runs = _runs(draft)
    if not runs:
        return np.nan
    return max(
        sum(run in said for run in runs) / len(runs)
        for said in (set(_runs(opinion)) for opinion in material.opinions)
    )


def _runs(text: str) -> list[tuple[str, ...]]:
    spoken = words(comparable(text))
    return list(zip(*(spoken[start:] for start in range(RUN)), strict=False))

"""Faithfulness: is every sentence of a draft something that somebody said, and nothing new?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Values
from acuerdo.domain.text import canonical
from acuerdo.evaluate.drafts.measures.measure import DraftByDraft
from acuerdo.evaluate.drafts.measures.support import parts_of, support
from acuerdo.ports import Embedder, Watch, stop_if_asked

SUPPORTED: Final = 0.41
"""Support from which a sentence counts as said by somebody: see docs/drafting_measures.md."""
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NAME: Final = re.compile(r"(?<![.!?\u201c\"]\s)(?<!^)\b[A-Z][\w'\u2019-]+")
_NO_NAMES: Final = frozenset({"i", "i'm", "i'd", "i've", "i'll", "we", "yes", "no"})


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """The share of a draft's sentences that some opinion (or critique) supports."""

    embedder: Embedder
    threshold: float = SUPPORTED
    name: str = "faithful"
    higher_is_better: bool | None = True

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        """Return (drafts,), 0 to 1."""
        said = [part for text in _sources(material) for part in parts_of(text)]
        found = np.empty(len(drafts))
        for place, draft in enumerate(drafts):
            stop_if_asked(watch)
            best = support(parts_of(draft), said, self.embedder).max(axis=1)
            found[place] = float((best >= self.threshold).mean())
        return found


def no_new_facts() -> DraftByDraft:
    """Measure 1 for a draft whose numbers and names are all in the material, 0 otherwise."""
    return DraftByDraft("no new facts", True, lambda m, draft: float(not new_facts(m, draft)))


def new_facts(material: Material, draft: str) -> tuple[str, ...]:
    """Return numbers and names of a draft that nobody mentioned.

    A name is a word with a capital inside a sentence, so a name that opens one is not seen.
    """
    known = canonical("\n".join([material.question, material.context, *_sources(material)]))
    numbers, mentioned = set(_NUMBER.findall(known)), known.casefold()
    text = canonical(draft)
    new = [number for number in _NUMBER.findall(text) if number not in numbers]
    names = (name for name in _NAME.findall(text) if name.casefold() not in _NO_NAMES)
    new += [name for name in names if _bare(name) not in mentioned]
    return tuple(dict.fromkeys(new))


def _bare(name: str) -> str:
    return re.sub(r"(?:['\u2019]s|s|ns?)$", "", name.casefold())


def _sources(material: Material) -> list[str]:
    return [*material.opinions, *(text for text in material.critiques if text.strip())]

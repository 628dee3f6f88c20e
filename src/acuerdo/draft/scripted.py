"""A fake: brings given texts, screened like any other draft."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate, Provenance, RejectedDraft
from acuerdo.draft.judging import judged
from acuerdo.ports import Drafting, Screen, Screening, Watch


class ScriptedDrafter:
    """Drafts the same texts in every round."""

    def __init__(self, texts: Sequence[str], name: str = "scripted") -> None:
        self._texts = tuple(texts)
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        """Return the texts that the screen lets pass, in order."""
        del rng, watch
        candidates: list[Candidate] = []
        rejected: list[RejectedDraft] = []
        for text in self._texts:
            accepted = tuple(candidate.text for candidate in candidates)
            provenance = Provenance("model", author=self._name)
            draft = judged(text, provenance, screen, Screening(round_, accepted))
            if isinstance(draft, Candidate):
                candidates.append(draft)
            else:
                rejected.append(draft)
        return Drafting(tuple(candidates), tuple(rejected))

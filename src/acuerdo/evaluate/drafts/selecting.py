"""Choosing one of a group's drafts as a round does: predict, make ballots, count them by a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from acuerdo.domain.ballots import Agreement, ballots_from_agreement
from acuerdo.domain.material import Material
from acuerdo.domain.statements import Candidate, CandidateId, Provenance
from acuerdo.evaluate.drafts.records import group_rng
from acuerdo.ports import Predictor, Rule, Watch


@dataclass(frozen=True, slots=True)
class Selector:
    """A predictor and a rule under a name; `seed` breaks ties."""

    predictor: Predictor
    rule: Rule
    seed: int = 0

    @property
    def name(self) -> str:
        return f"{self.predictor.name}, {self.rule.name}"

    def best(self, material: Material, texts: Sequence[str], watch: Watch) -> int | None:
        """Return the position of the text that wins, the first of equal ones.

        None if there is no text or the predictor can say nothing about any.
        """
        places: dict[CandidateId, int] = {}
        candidates: list[Candidate] = []
        for place, text in enumerate(texts):
            candidate = Candidate(text, Provenance("model"))
            if places.setdefault(candidate.id, place) == place:
                candidates.append(candidate)
        if not candidates:
            return None
        rng = group_rng(material, self.seed, 2)
        agreement = _of_those_read(
            self.predictor.predict(material.round(), candidates, rng, watch).agreement
        )
        choice = self.rule.choose(ballots_from_agreement(agreement), rng)
        return None if choice.winner is None else places[agreement.candidates[choice.winner]]


def _of_those_read(agreement: Agreement) -> Agreement:
    """Leave out candidates about which nothing is said: they would keep everybody from voting."""
    kept = ~np.isnan(agreement.expected).all(axis=0)
    return replace(
        agreement,
        candidates=tuple(np.array(agreement.candidates, dtype=object)[kept].tolist()),
        expected=agreement.expected[:, kept],
        spread=agreement.spread[:, kept],
        known=agreement.known[:, kept],
    )

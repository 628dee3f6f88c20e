"""Choosing one of a group's drafts as a round does: predict, make ballots, count them by a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from acuerdo.domain.ballots import ballots_from_agreement
from acuerdo.domain.material import Material
from acuerdo.domain.statements import Candidate, CandidateId, Provenance
from acuerdo.evaluate.drafts.records import group_rng
from acuerdo.ports import Predictor, Rule, Watch


@dataclass(frozen=True, slots=True)
class Selector:
    """A predictor and a rule; `seed` breaks ties.

    `called` is how tables call the predictor, by default what it calls itself: all that were
    trained call themselves "trained".
    """

    predictor: Predictor
    rule: Rule
    seed: int = 0
    called: str = ""

    @property
    def name(self) -> str:
        return f"{self.called or self.predictor.name}, {self.rule.name}"

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
        agreement = self.predictor.predict(material.round(), candidates, rng, watch).agreement
        # Candidates about which nothing is said would keep everybody from voting.
        silent = np.isnan(agreement.expected).all(axis=0)
        agreement = agreement.of(np.flatnonzero(~silent).tolist())
        choice = self.rule.choose(ballots_from_agreement(agreement), rng)
        return None if choice.winner is None else places[agreement.candidates[choice.winner]]

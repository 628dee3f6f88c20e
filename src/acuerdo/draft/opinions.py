"""Baselines: people's own opinions as candidates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from acuerdo.domain.records import Opinion
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import (
    Candidate,
    CandidateId,
    Origin,
    Provenance,
    RejectedDraft,
    RejectionReason,
)
from acuerdo.domain.text import canonical, words
from acuerdo.draft.judging import judged
from acuerdo.ports import Drafting, Screen, Screening, Watch

OVERLOOKED: Final[frozenset[RejectionReason]] = frozenset(
    {
        "addresses_a_person",
        "copy_of_draft",
        "copy_of_opinion",
        "cut_off",
        "not_a_statement",
        "refused",
        "wrong_language",
    }
)
"""A person's own words are a copy by nature and need not have a statement's form. What counts
against them is that they are empty or carry an instruction."""


class OpinionDrafter:
    """Puts every person's own opinion up as a candidate; the same opinion twice stands once."""

    @property
    def name(self) -> str:
        return "opinions"

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        """Return one candidate per distinct opinion that the screen lets pass."""
        del rng, watch
        return _as_drafting(_judged(round_, screen, round_.opinions, "opinion"))


class LongestOpinionDrafter:
    """Puts the longest opinion up as the only candidate: length alone is a strong baseline."""

    @property
    def name(self) -> str:
        return "longest opinion"

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        """Return the opinion with most words that the screen lets pass; the first of equals."""
        del rng, watch
        by_length = sorted(round_.opinions, key=lambda opinion: -len(words(opinion.text)))
        drafting = _as_drafting(_judged(round_, screen, by_length, "longest"))
        return Drafting(drafting.candidates[:1], drafting.rejected)


def _judged(
    round_: Round, screen: Screen, opinions: Iterable[Opinion], origin: Origin
) -> list[Candidate | RejectedDraft]:
    return [
        judged(
            canonical(opinion.text),
            Provenance(origin, author=opinion.person, order=(opinion.person,)),
            screen,
            Screening(round_),
            OVERLOOKED,
        )
        for opinion in opinions
    ]


def _as_drafting(drafts: Iterable[Candidate | RejectedDraft]) -> Drafting:
    candidates: dict[CandidateId, Candidate] = {}
    rejected: list[RejectedDraft] = []
    for draft in drafts:
        if isinstance(draft, Candidate):
            candidates.setdefault(draft.id, draft)
        else:
            rejected.append(draft)
    return Drafting(tuple(candidates.values()), tuple(rejected))

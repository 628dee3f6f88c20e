"""Statements as far as they are written: going on by a sentence, and which ones to go on with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.ballots import ballots_from_agreement
from acuerdo.domain.completions import Completion
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate, Provenance
from acuerdo.domain.text import comparable
from acuerdo.draft.intake import Attempt
from acuerdo.ports import Predictor, Progress, Rule, Watch

STOPS: Final = (". ", "\n")
"""Where a continuation ends; a stop is not a part of the reply. Stopping at the point of an
abbreviation costs a step and does no harm: the next continuation goes on in the same sentence."""

_ENDED: Final = re.compile(r"[.!?…。！？]['\"”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A statement as far as it is written. `attempt` asked for its last sentence.

    `ended` says that the model wrote its end, `cut` that it was cut off within a sentence.
    """

    text: str
    attempt: Attempt
    ended: bool = False
    cut: bool = False


def continued(beginning: Beginning, attempt: Attempt, reply: Completion) -> Beginning:
    """Return a beginning with what the model added to it.

    A reply that stopped without a mark at its end stopped before a point, which is put there.
    """
    text = (beginning.text + reply.text).strip()
    if reply.finish == "length":
        return Beginning(text, attempt, cut=True)
    if not reply.text.strip() or _ENDED.search(text):
        return Beginning(text, attempt, ended=True)
    return Beginning(f"{text}.", attempt)


def distinct(beginnings: Sequence[Beginning]) -> list[Beginning]:
    """Return the first of every wording."""
    return list({comparable(one.text): one for one in reversed(beginnings)}.values())[::-1]


@dataclass(frozen=True, slots=True)
class Ranker:
    """Orders beginnings by what everybody is expected to think of them so far."""

    round: Round
    predictor: Predictor
    rule: Rule
    rng: np.random.Generator

    def best_first(self, beginnings: Sequence[Beginning], watch: Watch) -> list[Beginning]:
        """Return them in the order of the rule; those nothing can be said about come last."""
        if len(beginnings) < 2:
            return list(beginnings)
        asked = [Candidate(one.text, Provenance("model")) for one in beginnings]
        prediction = self.predictor.predict(self.round, asked, self.rng, _Quiet(watch))
        agreement = prediction.agreement
        silent = np.isnan(agreement.expected).all(axis=0)
        readable = np.flatnonzero(~silent).tolist()
        ranking = self.rule.choose(ballots_from_agreement(agreement.of(readable)), self.rng).ranking
        order = [readable[place] for level in ranking for place in level]
        rest = [place for place in range(len(beginnings)) if place not in order]
        return [beginnings[place] for place in (*order, *rest)]


class _Quiet:
    """Stops when the watcher wants it, and keeps the progress of single steps to itself."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def report(self, progress: Progress) -> None:
        del progress

    def stopped(self) -> bool:
        return self._watch.stopped()

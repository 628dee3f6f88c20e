"""The seam under polarity: who can tell which side of a question a text takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from acuerdo.domain.sheets import Values


class StanceJudge(Protocol):
    """Tells whether texts take the side of "yes" to a question.

    `stance` returns the probability that each text is for it, (texts,), 0 to 1; near 0.5 where a
    text takes no side, nan where the judge cannot say at all (a question without two sides).
    """

    @property
    def name(self) -> str: ...

    def stance(self, question: str, texts: Sequence[str]) -> Values: ...


@dataclass(frozen=True, slots=True)
class KnownStances:
    """Stances of opinions that are known (people said so, or labelled it); `judge` reads the rest.

    `known` gives, for (question, opinion), the probability of being for it. What is known is what a
    person meant: a draft is read by `judge` alone, even one in the same words (`judge_of_drafts`).
    """

    known: Mapping[tuple[str, str], float]
    judge: StanceJudge

    @property
    def name(self) -> str:
        return f"{self.judge.name}, opinions known"

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        """Return P(for), (texts,)."""
        judged = self.judge.stance(question, texts)
        said = [self.known.get((question, text)) for text in texts]
        return np.array(
            [one if value is None else value for one, value in zip(judged, said, strict=True)]
        )


def judge_of_drafts(judge: StanceJudge) -> StanceJudge:
    """Return the judge that reads drafts where `judge` reads opinions.

    All arms must be read alike: a draft that quotes an opinion would otherwise be looked up, and be
    certain, while one in other words is only guessed.
    """
    return judge.judge if isinstance(judge, KnownStances) else judge

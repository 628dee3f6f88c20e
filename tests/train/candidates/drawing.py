"""What the tests of candidates share: invented groups, a drafter and parts without any model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from acuerdo.choose import rule_named
from acuerdo.domain.ballots import Agreement
from acuerdo.domain.completions import Usage
from acuerdo.domain.errors import BudgetExceeded
from acuerdo.domain.material import Material
from acuerdo.domain.rounds import Problem, Round
from acuerdo.domain.sheets import Values
from acuerdo.domain.statements import Candidate, Provenance, RejectedDraft, Rejection
from acuerdo.ports import Drafter, Drafting, Prediction, Predictor, Progress, Screen, Watch
from acuerdo.train import CandidateParts, GroupCandidates, ScoredDraft
from tests.parts import NoScreen

RECIPE: Mapping[str, object] = {"model": "tiny", "seed": 0}


def group(name: str, **more: str) -> Material:
    material = Material(
        name,
        f"Should {name} be planted?",
        ("Yes, they are pretty.", "No, they cost a lot."),
        "We would plant a few.",
        split="train",
        source="invented",
    )
    return replace(material, **more)


class CountingDrafter:
    """Writes the same statements for every group and remembers whose turn it was.

    `problems` befall the groups with a word in their question, which get the first `left` texts.
    """

    name = "counting"

    def __init__(
        self,
        texts: Sequence[str] = ("Plant many.", "Plant a few."),
        problems: Mapping[str, Sequence[Problem]] | None = None,
        left: int = 0,
    ) -> None:
        self.asked: list[str] = []
        self.drawn: list[int] = []
        self._texts, self._problems, self._left = texts, problems or {}, left

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        del screen, watch
        self.asked.append(round_.question.text)
        self.drawn.append(int(rng.integers(2**31)))
        asked = round_.question.text
        trouble = [p for word, met in self._problems.items() if word in asked for p in met]
        texts = self._texts[: self._left] if trouble else self._texts
        order = tuple(reversed(round_.people))
        made = [Provenance("model", "counting", "plain", "ab", 7 + n, order) for n in range(9)]
        candidates = (Candidate(text, made[n]) for n, text in enumerate(texts))
        lost = RejectedDraft("", Rejection("empty", "Nothing."), made[8])
        return Drafting(tuple(candidates), (lost, lost), tuple(trouble), Usage(10, 5, 1))


class LengthOf:
    """The first person likes letters, the second dislikes them; "?" nobody can judge."""

    name = "letters"

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        del rng, watch
        likes = np.array([np.nan if "?" in c.text else len(c.text) / 4 for c in candidates])
        expected = np.stack([likes, 7 - likes])
        ids = tuple(candidate.id for candidate in candidates)
        known = np.zeros(expected.shape, dtype=np.bool_)
        return Prediction(Agreement(round_.people, ids, expected, expected * 0, known))


class Troubled(LengthOf):
    """Reports a problem, or is out of budget, with groups that have a word in their question."""

    def __init__(self, word: str, problem: Problem | BudgetExceeded | None = None) -> None:
        self._word, self._problem = word, problem

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        found = super().predict(round_, candidates, rng, watch)
        if self._problem is None or self._word not in round_.question.text:
            return replace(found, usage=Usage(100, 7, 1))
        if isinstance(self._problem, BudgetExceeded):
            raise self._problem
        silent = np.full(found.agreement.expected.shape, np.nan)
        agreement = replace(found.agreement, expected=silent, spread=silent)
        return replace(found, agreement=agreement, problems=(self._problem,))


class Vowels:
    """A judge: counts a's, and cannot say where there is none."""

    name = "vowels"

    def measure(self, material: Material, drafts: Sequence[str], watch: Watch) -> Values:
        del material, watch
        return np.array([draft.count("a") or np.nan for draft in drafts], dtype=np.float64)


class Seen:
    """Keeps progress, stops after so many reports."""

    def __init__(self, stop_after: int = 1000) -> None:
        self.notes: list[Progress] = []
        self._stop_after = stop_after

    def report(self, progress: Progress) -> None:
        self.notes.append(progress)

    def stopped(self) -> bool:
        return len(self.notes) >= self._stop_after


def parts(
    drafter: Drafter | None = None, welfare: str = "minimum", predictor: Predictor | None = None
) -> CandidateParts:
    return CandidateParts(
        "tiny",
        drafter or CountingDrafter(),
        NoScreen(),
        predictor or LengthOf(),
        rule_named(welfare),
        RECIPE,
        (Vowels(),),
    )


def candidates(
    *scores: float | None, name: str = "oaks", **vowels: float | None
) -> GroupCandidates:
    """Return a group whose drafts have these welfares, the n-th called "Draft n."."""
    drafts = [
        ScoredDraft(
            text=f"Draft {place}.",
            parts={"welfare": score, "vowels": vowels.get(f"v{place}", 1.0)},
            agreement=(score, score),
            order=(1, 0),
            seed=place,
        )
        for place, score in enumerate(scores)
    ]
    return GroupCandidates(
        key=name,
        group=name,
        revision=False,
        model="tiny",
        predictor="letters",
        welfare="utilitarian",
        drafts=tuple(drafts),
        rejected={},
    )

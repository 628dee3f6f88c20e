"""Labelled examples near in meaning: what a question looks like, whatever its words and group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.questions import Reason
from acuerdo.ports import Embedder, Vectors
from acuerdo.questions.screening.examples import (
    GROUP,
    Labelled,
    filled,
    labelled_examples,
)
from acuerdo.questions.screening.groups import Masked, mask_groups
from acuerdo.questions.screening.logistic import LogisticModel, fit_logistic, shipped_model
from acuerdo.questions.screening.reading import read_through

LEAST: Final = 0.5
"""Below this probability the neighbours have nothing against a question."""
NEAREST: Final = 5
"""Examples to block that together tell the kind of harm and its severity."""
SEEDS: Final = 0.5
"""How much a question counts that is only known to be allowed."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """What the neighbours say of one question.

    `probability` that it must not be asked; kind and severity (1-3) of the examples nearest to it,
    and the nearest of these.
    """

    probability: float
    kind: str
    severity: int
    nearest: str

    @property
    def reason(self) -> Reason:
        return Reason("neighbour", self.kind, f"like “{self.nearest}”", self.probability)


class LabelledNeighbours:
    """Judges questions by labelled examples, with one neutral word for all groups.

    A logistic model gives the probability, the nearest examples the kind of harm. The model that
    comes with the package is used where the embedder is the one that it was fitted with and the
    examples are those that come along; otherwise one is fitted to the examples at the first use.
    Deterministic given its embedder.
    """

    def __init__(
        self,
        embedder: Embedder,
        examples: Sequence[Labelled] | None = None,
        model: LogisticModel | None = None,
    ) -> None:
        self._embedder = embedder
        self._given = examples
        self._examples = labelled_examples() if examples is None else tuple(examples)
        self._chosen = model

    def judge(self, masked: Sequence[Masked]) -> list[Nearness | None]:
        """Return what is said of each question, None where the neighbours have nothing against it.

        Raises ModelError if the embedder cannot be used.
        """
        if not masked:
            return []
        vectors = mean_vectors(masked, self._embedder)
        sure = self._model.probabilities(vectors, [one.alike for one in masked])
        return [
            self._nearness(vectors[place], float(sure[place])) if sure[place] >= LEAST else None
            for place in range(len(masked))
        ]

    @cached_property
    def _model(self) -> LogisticModel:
        if self._chosen is not None:
            return self._chosen
        if self._given is None:
            shipped = shipped_model()
            if shipped.encoder == self._embedder.name:
                return shipped
        return fitted_to(self._examples, self._embedder)

    @cached_property
    def _blocked(self) -> tuple[tuple[Labelled, ...], Vectors]:
        blocked = tuple(example for example in self._examples if example.blocks)
        return blocked, mean_vectors([_masked(filled(e, 0)) for e in blocked], self._embedder)

    def _nearness(self, vector: Vectors, probability: float) -> Nearness:
        blocked, vectors = self._blocked
        likeness = vectors @ vector
        nearest = np.argsort(-likeness, kind="stable")[:NEAREST]
        votes: dict[str, float] = {}
        for place in nearest.tolist():
            kind = blocked[place].kind
            votes[kind] = votes.get(kind, 0.0) + float(np.exp(8 * likeness[place]))
        kind = max(votes, key=lambda name: votes[name])
        severities = [blocked[place].severity for place in nearest.tolist()]
        example = blocked[int(nearest[0])]
        shown = example.question.replace(GROUP, "[group]")
        return Nearness(probability, kind, int(np.median(severities)), shown)


def fitted_to(
    examples: Sequence[Labelled],
    embedder: Embedder,
    allowed: Sequence[str] = (),
    card: dict[str, Any] | None = None,
) -> LogisticModel:
    """Fit a logistic model to labelled examples, and to more questions that are allowed.

    Which group an example names makes no difference. `allowed` count SEEDS each.
    """
    texts = [*(filled(example, 0) for example in examples), *allowed]
    blocked = [*(example.blocks for example in examples), *(False for _ in allowed)]
    importance = [*(1.0 for _ in examples), *(SEEDS for _ in allowed)]
    masked = [_masked(text) for text in texts]
    labels: npt.NDArray[np.bool_] = np.array(blocked, dtype=np.bool_)
    return fit_logistic(
        mean_vectors(masked, embedder),
        [one.alike for one in masked],
        labels,
        np.array(importance, dtype=np.float64),
        encoder=embedder.name,
        card=card,
    )


def mean_vectors(masked: Sequence[Masked], embedder: Embedder) -> Vectors:
    """Return for each question the mean vector over its wordings, shape (questions, dimensions).

    The model is linear in it, so its score is the mean over the groups of the wordings.
    """
    vectors = embedder.embed([wording for one in masked for wording in one.wordings])
    ends = np.cumsum([len(one.wordings) for one in masked])
    starts = np.concatenate([[0], ends[:-1]])
    sums = np.add.reduceat(vectors, starts, axis=0)
    counts = np.array([len(one.wordings) for one in masked], dtype=np.float32)
    return np.asarray(sums / counts[:, None], dtype=np.float32)


def _masked(text: str) -> Masked:
    return mask_groups(read_through(text).text)

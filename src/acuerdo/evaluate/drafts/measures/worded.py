"""A stance judge that reads words: outright decisions, and cues learnt from arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import numpy as np

from acuerdo.domain.errors import WeightsError
from acuerdo.domain.sheets import Values
from acuerdo.evaluate.drafts.measures.asked import Asked, asked
from acuerdo.evaluate.drafts.measures.cues import cues
from acuerdo.evaluate.drafts.measures.decisions import decision

CARD: Final = "stance_words.json"
DECIDED: Final = "<decided>"
DECIDED_SCALE: Final = 3.0
"""One outright decision tells more than a word: the penalty of the fit should hardly hold it."""
_AGREEING: Final = frozenset({"ye", "agre", "support", "favour", "favor", "<asked>"})


@dataclass(frozen=True, slots=True)
class DecisionJudge:
    """Reads outright decisions alone: 0.9 or 0.1 where a text decides, 0.5 where it does not."""

    name: str = "decisions"

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        """Return P(for), (texts,); nan where the question has not two sides."""
        read = asked(question)
        if read is None:
            return np.full(len(texts), np.nan)
        return np.array([0.5 + 0.4 * decision(read, text) for text in texts])


@dataclass(frozen=True, slots=True)
class WordJudge:
    """A logistic regression on decisions and cues; English only.

    Weights are of `features`: the card says what they were fitted on.
    """

    weights: Mapping[str, float]
    bias: float = 0.0
    name: str = "words"

    def stance(self, question: str, texts: Sequence[str]) -> Values:
        """Return P(for), (texts,); nan where the question has not two sides."""
        read = asked(question)
        if read is None:
            return np.full(len(texts), np.nan)
        logits = [
            self.bias
            + sum(
                self.weights.get(name, 0.0) * value for name, value in features(read, text).items()
            )
            for text in texts
        ]
        return np.asarray(1 / (1 + np.exp(-np.array(logits))))


def features(question: Asked, text: str) -> dict[str, float]:
    """Return what the judge sees of a text: cues count for the thing asked about (1 or -1, by what
    "yes" does to it), cues of agreeing also for "yes" itself, and whether the text decides."""
    said = cues(question, text)
    found: dict[str, float] = {cue: float(question.favours) for cue in sorted(said)}
    agreeing = (cue for cue in sorted(said) if cue.removeprefix("not ") in _AGREEING)
    found |= {f"yes: {cue}": 1.0 for cue in agreeing}
    return found | {DECIDED: DECIDED_SCALE * decision(question, text)}


def shipped_word_judge() -> WordJudge:
    """Return the judge with the weights in the package; raises WeightsError if damaged."""
    try:
        card: dict[str, Any] = json.loads((files(__package__) / CARD).read_text("utf-8"))
        return WordJudge(card["weights"], card["bias"])
    except (OSError, ValueError, KeyError) as error:
        raise WeightsError(
            "the weights of the stance judge cannot be read",
            where=CARD,
            fix="Install the package again.",
        ) from error

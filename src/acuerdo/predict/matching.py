"""How close a candidate comes to what a person said: one number from two sets of sentences.

Inputs are unit vectors of the person's and the candidate's sentences, shapes (sentences,
dimensions), and the number of words in each; every score lies between -1 and 1, higher is closer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.ports import Vectors


@dataclass(frozen=True, slots=True)
class Passage:
    """A text read by sentence: `vectors` (sentences, dimensions) and `words` (sentences,)."""

    vectors: Vectors
    words: npt.NDArray[np.float64]


Matching = Callable[[Passage, Passage], float]


def whole_text(said: Passage, candidate: Passage) -> float:
    """Cosine of the two texts' mean vectors, sentences weighted by their words."""
    return float(_mean(said) @ _mean(candidate))


def coverage(said: Passage, candidate: Passage) -> float:
    """Mean over the person's words of the cosine of their sentence to the nearest candidate's."""
    nearest = (said.vectors @ candidate.vectors.T).max(axis=1)
    return float(said.words @ nearest / said.words.sum())


def best_match(said: Passage, candidate: Passage) -> float:
    """Highest cosine of any of the person's sentences to any of the candidate's."""
    return float((said.vectors @ candidate.vectors.T).max())


MATCHINGS: Final[Mapping[str, Matching]] = {
    "whole_text": whole_text,
    "coverage": coverage,
    "best_match": best_match,
}


def beyond_question(vectors: Vectors, question: Vectors) -> Vectors:
    """Take the direction of the question, a unit vector, out of unit vectors; unit vectors again.

    Everybody writes about the question, which makes all texts alike; what is left is what a text
    says about it. A text that says nothing beyond the question keeps a vector of zeros.
    """
    rest = vectors - np.outer(vectors @ question, question)
    lengths = np.linalg.norm(rest, axis=1, keepdims=True)
    return np.asarray(
        np.divide(rest, lengths, out=np.zeros_like(rest), where=lengths > 1e-6), np.float32
    )


def _mean(passage: Passage) -> Vectors:
    mean = np.asarray(passage.words @ passage.vectors, np.float32)
    length = float(np.linalg.norm(mean))
    return mean / np.float32(length) if length > 0 else mean

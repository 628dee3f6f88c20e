"""Choosing sentences so that the least covered person is covered best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from acuerdo.domain.ballots import FloatMatrix, IntVector


def select_sentences(
    similarity: FloatMatrix, owners: IntVector, lengths: Sequence[int], limit: int
) -> list[int]:
    """Return the sentences to take, by number, in the order in which they were taken.

    `similarity` (said, offered) compares every sentence that people said with every sentence on
    offer, `owners` (said,) numbers the person who said it, `lengths` (offered,) counts words;
    `limit` is the most words to take. A person is covered as well as their sentences are on
    average, a sentence as well as by the most similar one taken. Greedy: each step takes the
    sentence after which the least covered person stands best, then the second least, and so on
    (leximin). A single sentence longer than `limit` is taken if there is no other.
    """
    covered = np.full(len(owners), -1.0)
    taken: list[int] = []
    left = limit
    while fitting := [
        place for place, length in enumerate(lengths) if length <= left and place not in taken
    ]:
        best = fitting[_leximin(_coverage(covered, similarity[:, fitting], owners))]
        taken.append(best)
        left -= lengths[best]
        covered = np.maximum(covered, similarity[:, best])
    if not taken and lengths:
        return [int(np.argmin(lengths))]
    return taken


def _coverage(covered: FloatMatrix, offered: FloatMatrix, owners: IntVector) -> FloatMatrix:
    """Return the coverage of every person after each offer, shape (people, offers)."""
    after = np.maximum(covered[:, None], offered)
    return np.array([after[owners == person].mean(axis=0) for person in np.unique(owners)])


def _leximin(coverage: FloatMatrix) -> int:
    """Return the column whose sorted values are lexicographically greatest; the first of equals."""
    rising = np.sort(coverage, axis=0).round(6)
    return max(range(coverage.shape[1]), key=lambda offer: (*rising[:, offer], -offer))

"""Support: how far sentences of a draft and of an opinion say the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Values
from acuerdo.domain.text import canonical, sentences, words
from acuerdo.evaluate.drafts.measures.cues import stem
from acuerdo.ports import Embedder

SHARED_WEIGHT: Final = 0.5
"""Weight of shared content words against likeness in meaning: either alone tells less."""
SHORT: Final = 4
"""Letters from which a word counts as content; shorter ones are mostly grammar."""
_COMMON: Final = frozenset(
    stem(word)
    for word in words(
        "that this these those they them their there than then with would should could which what "
        "when where while because from have having been being most some many others other more "
        "also only about think believe people make makes does into such very just like over"
    )
)


def content(text: str) -> frozenset[str]:
    """Return the stems of a text's content words."""
    found = (word.strip("'\u2019-") for word in canonical(text).casefold().split())
    letters = ("".join(filter(str.isalpha, word)) for word in found)
    return frozenset(stem(word) for word in letters if len(word) >= SHORT) - _COMMON


def support(draft: Sequence[str], opinion: Sequence[str], embedder: Embedder) -> Values:
    """Return how far each sentence of a draft is in each of an opinion, (draft, opinion), 0 to 1.

    Half the cosine of their embeddings (0 if negative), half the share of the shorter one's content
    words that the other has too.
    """
    if not draft or not opinion:
        return np.zeros((len(draft), len(opinion)))
    vectors = embedder.embed([*draft, *opinion]).astype(np.float64)
    meaning = np.clip(vectors[: len(draft)] @ vectors[len(draft) :].T, 0, 1)
    one, other = [content(text) for text in draft], [content(text) for text in opinion]
    shared = np.array([[_shared(mine, yours) for yours in other] for mine in one])
    return np.asarray((1 - SHARED_WEIGHT) * meaning + SHARED_WEIGHT * shared)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def parts_of(text: str) -> list[str]:
    """Return the sentences of a text, or the text itself where it has none."""
    return sentences(text) or [text]

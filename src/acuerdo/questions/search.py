"""Find questions by what they mean, in any language that the encoder reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.domain.text import canonical, words
from acuerdo.ports import Embedder, Vectors

Rows = npt.NDArray[np.int64]

EXACT_WEIGHT: Final = 0.1
"""How much cosine it is worth that all words of the query stand in a question."""
RERANKED: Final = 400
"""The most similar questions, in which words are looked at."""
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions may be found; "" and None leave everything in."""

    language: str = ""
    area: str = ""
    topic: int | None = None
    split: str = ""
    leans: str = ""

    def admits(self, question: DebateQuestion) -> bool:
        """Tell whether a question fits."""
        return (
            self.language in ("", question.language)
            and self.area in ("", question.area)
            and self.topic in (None, question.topic)
            and self.split in ("", question.split)
            and self.leans in ("", question.leans)
        )


ANY: Final = Wanted()


@dataclass(frozen=True, slots=True, eq=False)
class QuestionIndex:
    """Questions and their unit vectors, shape (questions, dimensions), which may lie on disk."""

    questions: Sequence[DebateQuestion]
    vectors: Vectors

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.questions):
            raise InputError(
                f"there are {len(self.questions):,} questions and vectors of shape "
                f"{self.vectors.shape}",
                where="vectors",
                fix="Make one vector for each question.",
            )

    def rows(self, wanted: Wanted = ANY) -> Rows:
        """Return the rows of the questions that fit, in order."""
        if wanted == ANY:
            return np.arange(len(self.questions))
        return np.array(
            [row for row, question in enumerate(self.questions) if wanted.admits(question)],
            dtype=np.int64,
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A question that was found. `similarity` is the cosine with the query, -1 to 1.

    `exact` is the share of the query's words that stand in the question, 0 to 1, rare words
    counting more. Hits are ordered by `similarity + EXACT_WEIGHT * exact`.
    """

    question: DebateQuestion
    similarity: float
    exact: float


def search_index(
    index: QuestionIndex, text: str, embedder: Embedder, k: int = 10, wanted: Wanted = ANY
) -> tuple[Hit, ...]:
    """Return the `k` questions nearest in meaning to a text, best first; fewer if fewer fit.

    The text may be in another language than the questions. Among questions that mean about the
    same, those with the very words come first. Of two alike the earlier one wins. Cost is one pass
    over the vectors. Raises InputError if the text is empty or `k` is not positive.
    """
    query = " ".join(canonical(text).split())
    if not query:
        raise InputError("there is nothing to search for", fix="Write a word or a sentence.")
    if k < 1:
        raise InputError(f"{k} questions cannot be found", fix="Ask for 1 or more.")
    rows = index.rows(wanted)
    if not len(rows):
        return ()
    return _ranked(index, query, rows, similarities(index, embedder.embed([query])[0], rows), k)


def similarities(
    index: QuestionIndex, vector: npt.NDArray[np.float32], rows: Rows
) -> npt.NDArray[np.float32]:
    """Return the cosine of a unit vector with some rows, shape (rows,)."""
    # All rows at once are read in order and without a copy, which is faster than picking many.
    if len(rows) * 4 < len(index.questions):
        return np.asarray(index.vectors[rows] @ vector)
    return np.asarray(index.vectors @ vector)[rows]


def best_first(scores: npt.NDArray[np.floating], k: int) -> Rows:
    """Return the positions of the `k` highest scores, best first, the earlier one of equals."""
    if k < len(scores):
        bar = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= bar)
    else:
        places = np.arange(len(scores))
    order = np.argsort(-scores[places], kind="stable")
    return places[order][:k].astype(np.int64)


def _ranked(
    index: QuestionIndex, query: str, rows: Rows, near: npt.NDArray[np.float32], k: int
) -> tuple[Hit, ...]:
    places = np.sort(best_first(near, max(k, RERANKED)))
    found = [index.questions[row] for row in rows[places]]
    exact = shared_words(query, [question.text for question in found])
    order = best_first(near[places] + EXACT_WEIGHT * exact, k)
    return tuple(
        Hit(found[place], float(near[places[place]]), float(exact[place])) for place in order
    )


def shared_words(query: str, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return which share of the query's words stands in each text, shape (texts,).

    A word weighs log((1 + n) / (1 + f)) if it stands in f of the n texts, so that words that are
    everywhere count nothing (inverse document frequency, Sparck Jones 1972).
    """
    asked = sorted({word for piece in _WORD.findall(query.casefold()) for word in words(piece)})
    present = np.zeros((len(texts), len(asked)), dtype=bool)
    for row, text in enumerate(texts):
        there = {word for piece in _WORD.findall(text.casefold()) for word in words(piece)}
        present[row] = [word in there for word in asked]
    weight = np.log((1 + len(texts)) / (1 + present.sum(axis=0)))
    total = float(weight.sum())
    return np.asarray(present @ weight / total if total > 0 else np.zeros(len(texts)))

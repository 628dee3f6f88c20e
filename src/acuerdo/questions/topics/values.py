"""What grouping a corpus gives: topics, and where each question stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A group of questions.

    `id` counts from 0, the largest topic first. `size` is its number of questions, outliers
    included, `outliers` of those that are far from it. `label` is its key words, joined by commas,
    or its most typical question where it has none. `typical` is the text of the question nearest to
    the centroid, `typical_id` its id. `centroid`, shape (dimensions,), is the mean of its
    questions' vectors, scaled to length 1 before.
    """

    id: int
    size: int
    outliers: int
    label: str
    key_words: tuple[str, ...]
    typical: str
    typical_id: str
    centroid: Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """The topics of a corpus.

    `of`, shape (questions,), is the topic of each question in the order they were handed in,
    UNSETTLED (-1) for one that belongs to none; `outlier`, same shape, marks those that are far
    from their topic or in none. `method` and `k` say what was asked; `notes` what could not be had.
    """

    of: npt.NDArray[np.int64]
    outlier: npt.NDArray[np.bool_]
    topics: tuple[Topic, ...]
    method: str
    k: int
    notes: tuple[str, ...] = ()

    @property
    def centroids(self) -> Vectors:
        """All centroids, shape (topics, dimensions)."""
        if not self.topics:
            return np.empty((0, 0), np.float32)
        return np.stack([topic.centroid for topic in self.topics])


def in_topics(questions: Iterable[DebateQuestion], topics: Topics) -> tuple[DebateQuestion, ...]:
    """Return the questions with topic and outlier filled in.

    Raises InputError unless there are as many as were grouped; they must be in the same order.
    """
    held = tuple(questions)
    if len(held) != len(topics.of):
        raise InputError(f"{len(topics.of)} questions were grouped, but {len(held)} are here")
    return tuple(
        replace(question, topic=int(topic), outlier=bool(outlier))
        for question, topic, outlier in zip(held, topics.of, topics.outlier, strict=True)
    )

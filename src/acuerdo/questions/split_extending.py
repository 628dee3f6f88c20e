"""Add questions to a frozen split: nobody moves, and no newcomer ties two splits together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS, SPLITS, TRAIN, DebateQuestion
from acuerdo.ports import Progress, Vectors, Watch, stop_if_asked
from acuerdo.questions.neighbours import Neighbours, index_for
from acuerdo.questions.split_options import drawn
from acuerdo.questions.split_state import SplitState
from acuerdo.questions.vectors import blocks

TIES: Final = "would tie two splits together: nearly the same as {}"
IN_HELD_OUT: Final = "its topic {} is held out, but it is nearly the same as {}"
_ROUNDING: Final = 0.002
"""Vectors that are kept in half precision may be this much more alike than they seem."""
_CHUNK: Final = 512


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Questions by id, with their unit vectors, shape (questions, dimensions)."""

    ids: tuple[str, ...]
    vectors: npt.NDArray[np.floating]

    @classmethod
    def of(
        cls, questions: Sequence[DebateQuestion], vectors: npt.NDArray[np.floating]
    ) -> Newcomers:
        return cls(tuple(question.id for question in questions), vectors)


@dataclass(frozen=True, slots=True)
class Extension:
    """A split with newcomers: the new state, and why some were not taken, by id."""

    state: SplitState
    rejected: Mapping[str, str]


def extend(state: SplitState, newcomers: Newcomers, watch: Watch) -> Extension:
    """Place questions that are not in the state yet; those that are stay as they are.

    A newcomer that is too like (`options.tie`) questions of one split joins that split and the
    topic of the nearest of them. One that is too like questions of two is rejected, for it would
    tie the two together, and so is one whose topic is held out, by the nearest frozen centroid, but
    that is too like a question which is not. Any other gets the topic of the nearest centroid: if
    that is held out, it goes to `new_topics`; otherwise a number drawn from its id and the seed
    decides, by the shares, between `train` and `known_topics`.

    Newcomers are taken in the order of their ids, each counting for those after it. Raises
    InputError for ids that come twice and vectors of another width, Cancelled if the watcher stops.
    """
    if len(set(newcomers.ids)) < len(newcomers.ids):
        raise InputError("an id comes twice", fix="Give each question an id of its own.")
    held = set(state.ids)
    new = sorted((name, row) for row, name in enumerate(newcomers.ids) if name not in held)
    if not new:
        return Extension(state, {})
    if newcomers.vectors.shape[1:] != state.vectors.shape[1:]:
        raise InputError(
            f"vectors have shape {newcomers.vectors.shape}, those of the split have "
            f"{state.vectors.shape[1]} dimensions",
            fix="Use the encoder that the split was made with.",
        )
    vectors = newcomers.vectors[[row for _, row in new]]
    placing = _Placing(state, len(new))
    for start, block in blocks(vectors, _CHUNK):
        stop_if_asked(watch)
        placing.place([name for name, _ in new[start : start + len(block)]], block)
        watch.report(Progress("split", start + len(block), len(new)))
    taken = np.array([name not in placing.rejected for name, _ in new], bool)
    return Extension(
        replace(
            state,
            ids=(*state.ids, *placing.ids),
            splits=(*state.splits, *placing.splits),
            topics=(*state.topics, *placing.topics),
            vectors=np.concatenate([state.vectors, vectors[taken].astype(np.float16)]),
        ),
        placing.rejected,
    )


@dataclass(frozen=True, slots=True)
class _Near:
    """The nearest question of one split."""

    similarity: float
    name: str
    topic: int


class _Placing:
    """Places newcomers one after the other, with an index of each split to find who is near."""

    def __init__(self, state: SplitState, expected: int) -> None:
        self.ids: list[str] = []
        self.splits: list[str] = []
        self.topics: list[int] = []
        self.rejected: dict[str, str] = {}
        self._state = state
        self._limit = state.options.tie - _ROUNDING
        self._held_out = frozenset(state.held_out)
        self._learned = {
            topic for topic, split in zip(state.topics, state.splits, strict=True) if split == TRAIN
        }
        self._indexes: dict[str, Neighbours] = {}
        names = np.array(state.splits)
        for split in SPLITS:
            rows = np.flatnonzero(names == split)
            index = index_for(len(rows) + expected, state.vectors.shape[1])
            for start in range(0, len(rows), _CHUNK):
                mine = rows[start : start + _CHUNK]
                for _, block in blocks(state.vectors[mine], _CHUNK):
                    index.add(mine.astype(np.int64), block)
            self._indexes[split] = index

    def place(self, names: Sequence[str], vectors: Vectors) -> None:
        """Place a block of newcomers; who was placed before the block is in the indexes."""
        before = {
            split: (ids[:, 0].tolist(), similarities[:, 0].tolist())
            for split, (ids, similarities) in (
                (split, index.nearest(vectors)) for split, index in self._indexes.items()
            )
        }
        among = vectors @ vectors.T
        nearest = (vectors @ self._state.centroids.T).argmax(axis=1)
        rows: dict[str, list[int]] = {split: [] for split in SPLITS}
        numbers: dict[str, list[int]] = {split: [] for split in SPLITS}
        for row, name in enumerate(names):
            near: dict[str, _Near] = {}
            for split in SPLITS:
                number, similarity = before[split][0][row], before[split][1][row]
                if rows[split]:
                    best = int(among[row, rows[split]].argmax())
                    if among[row, rows[split][best]] > similarity:
                        number = numbers[split][best]
                        similarity = float(among[row, rows[split][best]])
                if similarity >= self._limit:
                    near[split] = self._near(number, similarity)
            split, topic = self._decided(name, near, self._state.labels[nearest[row]])
            if not split:
                continue
            rows[split].append(row)
            numbers[split].append(len(self._state.ids) + len(self.ids))
            self.ids.append(name)
            self.splits.append(split)
            self.topics.append(topic)
        for split in SPLITS:
            if rows[split]:
                self._indexes[split].add(np.array(numbers[split]), vectors[rows[split]])

    def _near(self, number: int, similarity: float) -> _Near:
        known = len(self._state.ids)
        if number < known:
            return _Near(similarity, self._state.ids[number], self._state.topics[number])
        return _Near(similarity, self.ids[number - known], self.topics[number - known])

    def _decided(self, name: str, near: Mapping[str, _Near], topic: int) -> tuple[str, int]:
        """Return the split and the topic, the split "" where it is rejected."""
        if len(near) > 1:
            listed = " and ".join(f"{one.name} ({split})" for split, one in near.items())
            self.rejected[name] = TIES.format(listed)
            return "", topic
        if near:
            ((split, one),) = near.items()
            if split != NEW_TOPICS and topic in self._held_out:
                self.rejected[name] = IN_HELD_OUT.format(topic, f"{one.name} ({split})")
                return "", topic
            return split, one.topic
        if topic in self._held_out:
            return NEW_TOPICS, topic
        known = drawn(self._state.options.seed, name) < self._state.options.known_share
        return (KNOWN_TOPICS if known and topic in self._learned else TRAIN), topic

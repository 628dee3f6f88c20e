"""Divide a corpus: to learn from, unseen questions of known topics, topics that are held out whole.

Holding out whole topics measures whether what was learned carries over to subjects never seen,
unseen questions of known topics whether it carries over to new questions. Neither means anything
where a question and its near repetition are on two sides, so that these are never divided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import (
    KNOWN_TOPICS,
    NEW_TOPICS,
    SPLITS,
    TRAIN,
    UNSETTLED,
    DebateQuestion,
)
from acuerdo.ports import Unwatched, Watch
from acuerdo.questions.similar import groups_of, similar_pairs
from acuerdo.questions.split_extending import Newcomers, extend
from acuerdo.questions.split_options import SplitOptions, drawn
from acuerdo.questions.split_state import SplitState, centroids_of

Rows = npt.NDArray[np.intp]

NOT_NEEDED: Final = "more than the sizes asked for"
ACROSS: Final = "nearly the same as {}, which is on the other side of a held-out topic"


@dataclass(frozen=True, slots=True)
class Split:
    """Where each question goes, in the order in which they were handed in.

    `splits` and `topics` have an entry for each question; the split is "" for what is left out, and
    `left_out` says by id why. `wanted` and `sizes` count questions by split: they differ as far as
    whole topics and groups of near-duplicates do not add up. `state` is what keeps every question
    where it is when more are added.
    """

    splits: tuple[str, ...]
    topics: tuple[int, ...]
    left_out: Mapping[str, str]
    wanted: Mapping[str, int]
    sizes: Mapping[str, int]
    state: SplitState

    @property
    def missed(self) -> Mapping[str, int]:
        """By how many questions each split is larger (or smaller: below 0) than wanted."""
        return {split: self.sizes[split] - self.wanted[split] for split in SPLITS}


def split(
    questions: Sequence[DebateQuestion],
    vectors: npt.NDArray[np.floating],
    options: SplitOptions | None = None,
    frozen: SplitState | None = None,
    watch: Watch | None = None,
) -> Split:
    """Give every question its split.

    `vectors` are their unit vectors, shape (questions, dimensions). Every question needs its topic.
    Topics are drawn by the seed and held out until their questions make up what `new_topics` is to
    have; never the last one. Where a question of a held-out topic is too like one of another topic,
    few questions are left out so that no such pair remains, rather from the larger side. Of the
    others, groups that such pairs connect are drawn whole for `known_topics`, each topic keeping at
    least one question to learn from. The result depends on the seed and the set of questions, not
    on their order.

    With `frozen`, the state of an earlier split, questions in it stay where they are and only the
    others are placed, by `extend`; `options` are then those of that split. Raises InputError for
    an empty corpus, ids that come twice, questions without a topic and vectors that do not fit,
    Cancelled if the watcher stops.
    """
    watch = watch or Unwatched()
    _check(questions, vectors, topics_needed=frozen is None)
    if frozen is None:
        state, left_out = _first(questions, vectors, options or SplitOptions(), watch)
    else:
        extension = extend(frozen, Newcomers.of(questions, vectors), watch)
        state, left_out = extension.state, {**frozen.left_out, **extension.rejected}
    place = {question: row for row, question in enumerate(state.ids)}
    rows = [place.get(question.id) for question in questions]
    splits = tuple("" if row is None else state.splits[row] for row in rows)
    sizes = {name: splits.count(name) for name in SPLITS}
    return Split(
        splits=splits,
        topics=tuple(
            question.topic if row is None else state.topics[row]
            for question, row in zip(questions, rows, strict=True)
        ),
        left_out={q.id: left_out[q.id] for q in questions if q.id in left_out},
        wanted=state.options.wanted(sum(sizes.values())),
        sizes=sizes,
        state=state,
    )


def placed(questions: Iterable[DebateQuestion], result: Split) -> tuple[DebateQuestion, ...]:
    """Return the questions with their splits and topics, "" where they are left out."""
    return tuple(
        replace(question, split=name, topic=topic)
        for question, name, topic in zip(questions, result.splits, result.topics, strict=True)
    )


def _first(
    questions: Sequence[DebateQuestion],
    vectors: npt.NDArray[np.floating],
    options: SplitOptions,
    watch: Watch,
) -> tuple[SplitState, dict[str, str]]:
    # In the order of ids, so that the order handed in decides nothing, rounding included.
    order = np.array(sorted(range(len(questions)), key=lambda row: questions[row].id), np.intp)
    vectors = vectors[order]
    ids = tuple(questions[row].id for row in order)
    topics = tuple(questions[row].topic for row in order)
    left, right = similar_pairs(vectors, options.tie, watch)
    held_out = _held_out(Counter(topics), options)
    held = np.array([topic in held_out for topic in topics], bool)
    left_out = {
        ids[row]: ACROSS.format(ids[other])
        for row, other in _left_out(ids, left, right, held).items()
    }
    inside = [not out and name not in left_out for out, name in zip(held, ids, strict=True)]
    both = np.array(inside, bool)[left] & np.array(inside, bool)[right]
    groups = groups_of(len(ids), left[both], right[both])
    by_group: dict[int, list[int]] = {}
    for row in np.flatnonzero(inside).tolist():
        by_group.setdefault(int(groups[row]), []).append(row)
    drawing = sorted(by_group.values(), key=lambda rows: drawn(options.seed, ids[rows[0]]))
    splits = [NEW_TOPICS if out else TRAIN for out in held]
    _draw(drawing, topics, splits, options)
    for row, name in enumerate(ids):
        if name in left_out:
            splits[row] = ""
        elif not splits[row]:
            left_out[name] = NOT_NEEDED
    labels, centroids = centroids_of(topics, vectors)
    state = SplitState(
        options=options,
        held_out=tuple(sorted(held_out)),
        labels=labels,
        centroids=centroids,
        ids=ids,
        splits=tuple(splits),
        topics=topics,
        left_out=left_out,
        vectors=vectors.astype(np.float16),
    )
    return state, left_out


def _held_out(sizes: Counter[int], options: SplitOptions) -> frozenset[int]:
    """Draw topics until the wanted number of questions is reached as nearly as they allow."""
    wanted = options.wanted(sizes.total())[NEW_TOPICS]
    order = sorted(sizes, key=lambda topic: (drawn(options.seed, "topic", topic), topic))
    chosen: list[int] = []
    missing = wanted
    for topic in order:
        if sizes[topic] <= missing:
            chosen.append(topic)
            missing -= sizes[topic]
    # One topic more may come nearer than none; the smallest comes nearest.
    others = [topic for topic in order if topic not in chosen]
    if others and missing:
        smallest = min(others, key=lambda topic: sizes[topic])
        if sizes[smallest] - missing < missing:
            chosen.append(smallest)
    if len(chosen) == len(sizes):
        chosen.remove(max(chosen, key=lambda topic: (sizes[topic], topic)))
    return frozenset(chosen)


def _left_out(
    ids: Sequence[str], left: Rows, right: Rows, held: npt.NDArray[np.bool_]
) -> dict[int, int]:
    """Return rows to leave out, and one row each that they are too like.

    The row with most such pairs goes first, until no pair has one side held out and one not. A
    held-out row costs as many times more as there are fewer of them: otherwise the smaller side,
    on which each row has more partners, would be used up.
    """
    across = held[left] != held[right]
    price = max(1.0, (len(held) - held.sum()) / max(1, held.sum()))
    prices = np.where(held, price, 1.0).tolist()
    partners: dict[int, set[int]] = {}
    for one, other in zip(left[across].tolist(), right[across].tolist(), strict=True):
        partners.setdefault(one, set()).add(other)
        partners.setdefault(other, set()).add(one)
    queue = [(-len(others) / prices[row], ids[row], row) for row, others in partners.items()]
    heapify(queue)
    found: dict[int, int] = {}
    while queue:
        worth, name, row = heappop(queue)
        others = partners[row]
        if not others:
            continue
        if worth != -len(others) / prices[row]:
            heappush(queue, (-len(others) / prices[row], name, row))
            continue
        found[row] = min(others, key=lambda other: ids[other])
        for other in others:
            partners[other].discard(row)
        partners[row] = set()
    return found


def _draw(
    groups: Sequence[Sequence[int]],
    topics: Sequence[int],
    splits: list[str],
    options: SplitOptions,
) -> None:
    """Move groups from `train` to `known_topics` up to what is wanted, and surplus to none."""
    learning = Counter(topics[row] for rows in groups for row in rows)
    total = learning.total()
    known = round(options.known_share * total)
    surplus = 0
    if options.sizes is not None:
        known = options.sizes[1]
        surplus = max(0, total - options.sizes[0] - known)
    for name, wanted in ((KNOWN_TOPICS, known), ("", surplus)):
        missing = wanted
        for rows in groups:
            mine = Counter(topics[row] for row in rows)
            keeps = all(learning[topic] > number for topic, number in mine.items())
            if keeps and len(rows) <= missing and splits[rows[0]] == TRAIN:
                learning -= mine
                missing -= len(rows)
                for row in rows:
                    splits[row] = name


def _check(
    questions: Sequence[DebateQuestion],
    vectors: npt.NDArray[np.floating],
    *,
    topics_needed: bool,
) -> None:
    if not questions:
        raise InputError("there are no questions to divide")
    if vectors.ndim != 2 or len(vectors) != len(questions):
        raise InputError(
            f"there are {len(questions)} questions, but vectors of shape {vectors.shape}"
        )
    counts = Counter(question.id for question in questions)
    name, times = counts.most_common(1)[0]
    if times > 1:
        raise InputError(f"the id {name!r} comes {times} times", fix="Give each question its own.")
    if topics_needed:
        for question in questions:
            if question.topic == UNSETTLED:
                raise InputError(
                    f"the question {question.id!r} has no topic: {question.text[:80]!r}",
                    fix="Group the corpus into topics first, outliers included.",
                )

"""Topics of a corpus: grouped, named, numbered so that the same questions give the same topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import Progress, Unwatched, Vectors, Watch, stop_if_asked
from acuerdo.questions.topics.key_words import key_words
from acuerdo.questions.topics.methods import NOISE, Labels, check_k, grouping_named
from acuerdo.questions.topics.outliers import Places, outliers_of, places_of
from acuerdo.questions.topics.preparing import Read, prepared, step_named
from acuerdo.questions.topics.rows import Rows, all_rows, check_vectors
from acuerdo.questions.topics.values import Topic, Topics

DEFAULT_TOPICS: Final = 110
DEFAULT_STEPS: Final = ("whiten:60:0.25",)
CONSENSUS_UP_TO: Final = 100_000
"""Questions up to which topics are grouped by "consensus" where no method is named, by "kmeans"
beyond."""


@dataclass(frozen=True, slots=True)
class TopicOptions:
    """How to group.

    `k`: how many topics at most. `method`: a name in GROUPINGS, "" for what suits the number of
    questions. `steps`: preparation of vectors, in their order. `key_words`: how many a label has.
    Raises SettingsError for what is none.
    """

    k: int = DEFAULT_TOPICS
    method: str = ""
    steps: tuple[str, ...] = DEFAULT_STEPS
    key_words: int = 4
    seed: int = 0

    def __post_init__(self) -> None:
        check_k(self.k)
        if self.method:
            grouping_named(self.method)
        for step in self.steps:
            step_named(step)


def topics_of(
    questions: Sequence[DebateQuestion],
    vectors: npt.NDArray[np.floating],
    options: TopicOptions = TopicOptions(),
    watch: Watch = Unwatched(),  # noqa: B008 - without state
) -> Topics:
    """Group questions by their vectors, shape (questions, dimensions), into topics.

    Topics are numbered by size, the largest first, then by label. The result depends on the
    questions, their vectors, the options and the seed, not on the order in which they come. Where
    fewer than k questions are distinct there are fewer topics, and a note says so.

    Raises InputError if ids come twice or vectors do not fit, SettingsError without scikit-learn or
    where a method is not made for so many, Cancelled if the watcher stops.
    """
    check_vectors(vectors)
    _check_as_many(questions, vectors)
    method = options.method or ("consensus" if len(questions) <= CONSENSUS_UP_TO else "kmeans")
    if not len(questions):
        nothing = np.empty(0, np.int64)
        return Topics(nothing, nothing.astype(bool), (), method, options.k, ("No questions.",))
    order = _order_of(questions)
    held = [questions[place] for place in order]
    rows = Rows(vectors, order)
    ready = prepared(rows, _read(held), options.steps, options.seed, watch)
    labels = grouping_named(method).cluster(ready, options.k, options.seed, watch)
    stop_if_asked(watch)
    watch.report(Progress("name topics", 0, 1))
    places = places_of(rows, labels)
    far = outliers_of(places, labels)
    topics, renumbered = _named(held, labels, places, far, options.key_words)
    watch.report(Progress("name topics", 1, 1))
    of = np.empty(len(held), np.int64)
    outlier = np.empty(len(held), np.bool_)
    of[order], outlier[order] = renumbered, far
    return Topics(of, outlier, topics, method, options.k, _notes(options.k, topics, labels))


def prepared_for(
    questions: Sequence[DebateQuestion],
    vectors: npt.NDArray[np.floating],
    options: TopicOptions,
    watch: Watch = Unwatched(),  # noqa: B008 - without state
) -> Vectors:
    """Return the vectors as `topics_of` groups them, in the order of the questions: for `choose_k`.

    Raises InputError if vectors do not fit, SettingsError without scikit-learn, Cancelled.
    """
    check_vectors(vectors)
    _check_as_many(questions, vectors)
    return prepared(all_rows(vectors), _read(questions), options.steps, options.seed, watch)


def _check_as_many(questions: Sequence[DebateQuestion], vectors: npt.NDArray[np.floating]) -> None:
    if len(vectors) != len(questions):
        raise InputError(f"there are {len(questions)} questions, but {len(vectors)} vectors")


def _read(questions: Sequence[DebateQuestion]) -> Read:
    return Read([one.text for one in questions], [one.language for one in questions])


def _order_of(questions: Sequence[DebateQuestion]) -> npt.NDArray[np.int64]:
    """Return the places of the questions sorted by id."""
    order = sorted(range(len(questions)), key=lambda place: questions[place].id)
    for first, second in pairwise(order):
        if questions[first].id == questions[second].id:
            raise InputError(
                f"the id {questions[first].id!r} comes twice",
                where=f"questions {min(first, second) + 1} and {max(first, second) + 1}",
                fix="Give every question an id of its own.",
            )
    return np.array(order, np.int64)


def _named(
    questions: Sequence[DebateQuestion],
    labels: Labels,
    places: Places,
    far: npt.NDArray[np.bool_],
    count: int,
) -> tuple[tuple[Topic, ...], Labels]:
    """Return topics in their order, and the number of each question's topic."""
    groups = [np.flatnonzero(labels == group) for group in range(len(places.centroids))]
    said = key_words(
        [
            [(questions[row].text, questions[row].language) for row in group.tolist()]
            for group in groups
        ],
        count,
    )
    found: list[tuple[int, Topic]] = []
    for place, (group, words) in enumerate(zip(groups, said, strict=True)):
        # Of equally near questions the first by id, as they are sorted so.
        typical = questions[int(group[np.argmin(np.round(places.own[group], 6))])]
        found.append(
            (
                place,
                Topic(
                    id=NOISE,
                    size=len(group),
                    outliers=int(far[group].sum()),
                    label=", ".join(words) or typical.text,
                    key_words=words,
                    typical=typical.text,
                    typical_id=typical.id,
                    centroid=places.centroids[place],
                ),
            )
        )
    found.sort(key=lambda pair: (-pair[1].size, pair[1].label, pair[1].typical_id))
    numbers = np.full(len(found) + 1, NOISE, np.int64)
    numbers[[place for place, _ in found]] = np.arange(len(found))
    topics = tuple(replace(topic, id=number) for number, (_, topic) in enumerate(found))
    return topics, numbers[labels]


def _notes(k: int, topics: Sequence[Topic], labels: Labels) -> tuple[str, ...]:
    notes = []
    if len(topics) < k:
        notes.append(f"{k} topics were asked for, {len(topics)} were found.")
    if noise := int((labels == NOISE).sum()):
        notes.append(f"{noise} of {len(labels)} questions belong to no topic.")
    return tuple(notes)

"""Bring order into questions: both answers, topics, splits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.errors import StorageError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.files import write_whole
from acuerdo.ports import Embedder, Vectors, Watch
from acuerdo.questions import (
    Split,
    SplitOptions,
    TopicOptions,
    Topics,
    in_topics,
    load_split,
    placed,
    save_split,
    sides_of,
    split,
    stored_vectors,
    topics_of,
)

SPLIT: Final = "split"
VECTORS: Final = "vectors.npy"
TOPICS: Final = "topics.json"
NO_SIDES: Final = "its answers cannot be made as sentences"


@dataclass(frozen=True, slots=True, eq=False)
class Arranged:
    """Questions with topic and split, and their vectors, shape (questions, dimensions).

    `labels` names topics by number. `left_out` says by id why questions are not among them.
    """

    questions: tuple[DebateQuestion, ...]
    vectors: Vectors
    labels: Mapping[int, str]
    left_out: Mapping[str, str]
    split: Split
    notes: tuple[str, ...] = ()


def with_sides(
    questions: Iterable[DebateQuestion],
) -> tuple[tuple[DebateQuestion, ...], dict[str, str]]:
    """Return the questions with both answers, and by id why the others have none.

    Answers that are there already stay.
    """
    found: list[DebateQuestion] = []
    left_out: dict[str, str] = {}
    for question in questions:
        if question.affirming and question.negating:
            found.append(question)
        elif sides := sides_of(question.text, question.language):
            found.append(replace(question, affirming=sides.affirming, negating=sides.negating))
        else:
            left_out[question.id] = NO_SIDES
    return tuple(found), left_out


def arranged(
    questions: Sequence[DebateQuestion],
    folder: Path,
    embedder: Embedder,
    *,
    grouping: TopicOptions,
    dividing: SplitOptions,
    watch: Watch,
) -> Arranged:
    """Group questions into topics and divide them; both are kept in the folder.

    If they are there already, questions stay where they are and newcomers join the topics that
    there were; the options are then those of the first time. Raises InputError for ids that come
    twice, SettingsError without scikit-learn, StorageError, ModelError, Cancelled.
    """
    vectors = stored_vectors(questions, embedder, folder / VECTORS, watch)
    notes: tuple[str, ...] = ()
    if (folder / SPLIT).is_dir():
        topics = _read_topics(folder / TOPICS)
        divided = split(questions, vectors, frozen=load_split(folder / SPLIT), watch=watch)
        settled = placed(questions, divided)
    else:
        grouped = topics_of(questions, vectors, grouping, watch)
        in_order = in_topics(questions, grouped)
        divided = split(in_order, vectors, dividing, watch=watch)
        settled = placed(in_order, divided)
        topics, notes = _told(grouped, settled), grouped.notes
        told = json.dumps(topics, ensure_ascii=False, indent=1, allow_nan=False)
        write_whole(folder / TOPICS, [told.encode(), b"\n"])
    save_split(divided.state, folder / SPLIT)
    far = {question for topic in topics for question in topic["outliers"]}
    rows = [row for row, question in enumerate(settled) if question.split]
    return Arranged(
        questions=tuple(replace(settled[row], outlier=settled[row].id in far) for row in rows),
        vectors=vectors[rows],
        labels={topic["id"]: topic["label"] for topic in topics},
        left_out=divided.left_out,
        split=divided,
        notes=notes,
    )


def _told(grouped: Topics, questions: Sequence[DebateQuestion]) -> list[dict[str, Any]]:
    return [
        {
            "id": topic.id,
            "label": topic.label,
            "key_words": list(topic.key_words),
            "typical": topic.typical,
            "size": topic.size,
            "outliers": [q.id for q in questions if q.topic == topic.id and q.outlier],
        }
        for topic in grouped.topics
    ]


def _read_topics(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return [
            {"id": one["id"], "label": one["label"], "outliers": one["outliers"]} for one in found
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"the names of the topics cannot be read: {error}",
            where=str(path),
            fix="Put the file back that belongs to the split beside it, or remove both.",
        ) from error

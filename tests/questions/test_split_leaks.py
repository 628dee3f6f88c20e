"""The proof on real embeddings: no question has its near repetition in another split."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.questions import NEW_TOPICS, SPLITS, TRAIN, DebateQuestion
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Unwatched, Vectors
from acuerdo.questions.neighbours import ExactNeighbours
from acuerdo.questions.split_extending import Newcomers, extend
from acuerdo.questions.split_options import TIE, SplitOptions
from acuerdo.questions.splitting import Split, split

WATCH = Unwatched()
PUBLISHED = "habermas_questions/230118_chinchilla_questions.json"
FRAMES = (
    "{}",
    "Do you think that {}?",
    "Is it true that {}?",
    "Would you agree that {}?",
)


def nearest_elsewhere(splits: tuple[str, ...], vectors: Vectors) -> float:
    """Return how alike the two most similar questions of different splits are."""
    rows = np.array(splits)
    closest = -1.0
    for name in SPLITS:
        index = ExactNeighbours(vectors.shape[1])
        elsewhere = np.flatnonzero((rows != name) & (rows != ""))
        index.add(elsewhere, vectors[elsewhere])
        _, similarities = index.nearest(vectors[rows == name])
        closest = max(closest, float(similarities.max(initial=-1)))
    return closest


def promises(result: Split, vectors: Vectors, topics: list[int]) -> None:
    held_out = set(result.state.held_out)
    assert nearest_elsewhere(result.splits, vectors) < TIE
    # Divided by topics alone, the same questions leak.
    naive = tuple(NEW_TOPICS if topic in held_out else TRAIN for topic in topics)
    assert nearest_elsewhere(naive, vectors) >= TIE
    assert all(result.sizes.values())


def test_paraphrases_of_seeds_never_straddle() -> None:
    lines = files("acuerdo.questions").joinpath("data/seeds.jsonl").read_text("utf-8").splitlines()
    texts: list[str] = []
    topics: list[int] = []
    areas: dict[str, int] = {}
    for line in lines[::2]:
        seed = json.loads(line)
        area = areas.setdefault(seed["area"], len(areas))
        for number, frame in enumerate(FRAMES):
            sentence = seed["affirm_en"].rstrip(".")
            inner = sentence[0].lower() + sentence[1:]
            texts.append(seed["en"] if number == 0 else frame.format(inner))
            # Every fourth paraphrase has strayed into another topic.
            topics.append(area if number < 3 else (area + len(texts)) % 12)
        texts.append(seed["es"])
        topics.append(area)
    vectors = SentenceEncoder().embed(texts)
    held = [
        DebateQuestion(id=str(number), text=text, topic=topic)
        for number, (text, topic) in enumerate(zip(texts, topics, strict=True))
    ]
    result = split(held, vectors, SplitOptions(seed=5))
    promises(result, vectors, topics)
    half = [row for row in range(len(held)) if row % 5 < 2]
    first = split([held[row] for row in half], vectors[half], SplitOptions(seed=5))
    later = extend(first.state, Newcomers.of(held, vectors), WATCH)
    place = {question.id: row for row, question in enumerate(held)}
    rows = [place[name] for name in later.state.ids]
    assert nearest_elsewhere(later.state.splits, vectors[rows]) < TIE
    assert len(later.state.ids) > len(half)


@pytest.mark.skipif(
    not Path(os.environ.get("ACUERDO_DATA", ""), PUBLISHED).is_file(),
    reason="needs the published questions under ACUERDO_DATA",
)
def test_published_questions_never_straddle() -> None:
    path = Path(os.environ["ACUERDO_DATA"], PUBLISHED)
    rows = json.loads(path.read_text(encoding="utf-8"))
    rows = [row for row in rows if row["topic"] % 5 == 0]
    vectors = SentenceEncoder().embed([row["question"] for row in rows])
    held = [DebateQuestion(id=row["id"], text=row["question"], topic=row["topic"]) for row in rows]
    result = split(held, vectors, SplitOptions(seed=1))
    promises(result, vectors, [row["topic"] for row in rows])
    assert nearest_elsewhere(result.splits, vectors) < TIE

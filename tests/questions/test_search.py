"""Questions are found by what they mean, in any language, quickly."""

from __future__ import annotations

import time

import numpy as np
import pytest

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.llm import HashedEmbedder, SentenceEncoder
from acuerdo.questions.search import (
    EXACT_WEIGHT,
    QuestionIndex,
    Wanted,
    best_first,
    search_index,
    shared_words,
)
from acuerdo.questions.seeds import seeds

ASKED_IN = {
    "fr": "Faut-il une semaine de quatre jours sans baisse de salaire ?",
    "de": "Sollten Firmen die Viertagewoche ohne Lohnkürzung einführen?",
    "zh": "公司应该在不降薪的情况下实行四天工作制吗？",
    "ar": "هل يجب على الشركات تطبيق أسبوع عمل من أربعة أيام دون خفض الأجور؟",
}


class Table:
    """An embedder that knows a few texts."""

    name = "table"

    def __init__(self, **vectors: tuple[float, float]) -> None:
        self.vectors = vectors

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.array([self.vectors[text] for text in texts], np.float32)


def index_of(questions: tuple[DebateQuestion, ...]) -> QuestionIndex:
    return QuestionIndex(questions, HashedEmbedder().embed([q.text for q in questions]))


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def meaning(encoder: SentenceEncoder) -> QuestionIndex:
    questions = seeds("en")
    return QuestionIndex(questions, encoder.embed([q.text for q in questions]))


@pytest.mark.parametrize("language", ASKED_IN)
def test_a_query_in_another_language_finds_english_questions(
    encoder: SentenceEncoder, meaning: QuestionIndex, language: str
) -> None:
    first, *_ = search_index(meaning, ASKED_IN[language], encoder, 3)
    assert first.question.id == "s001"
    assert first.similarity > 0.6


def test_every_spanish_seed_finds_its_english_twin(
    encoder: SentenceEncoder, meaning: QuestionIndex
) -> None:
    asked = seeds("es")
    found = [search_index(meaning, question.text, encoder, 1)[0].question.id for question in asked]
    right = sum(f"{name}-es" == question.id for name, question in zip(found, asked, strict=True))
    assert right >= 0.95 * len(asked)


def test_the_very_words_win_among_questions_that_mean_the_same() -> None:
    questions = tuple(DebateQuestion(f"q{k}", text) for k, text in enumerate(("one", "zoos two")))
    near = np.array([[0.8, 0.6], [0.79, 0.6131]], np.float32)
    first, second = search_index(QuestionIndex(questions, near), "zoos", Table(zoos=(1, 0)), 2)
    assert (first.question.id, first.exact, second.exact) == ("q1", 1.0, 0.0)
    assert second.similarity > first.similarity
    far = np.array([[0.8, 0.6], [0.6, 0.8]], np.float32)
    assert far[0, 0] - far[1, 0] > EXACT_WEIGHT
    first, _ = search_index(QuestionIndex(questions, far), "zoos", Table(zoos=(1, 0)), 2)
    assert first.question.id == "q0"


def test_words_that_stand_everywhere_count_nothing() -> None:
    texts = ["Should we ban zoos?", "Should we ban cars?", "Should we?"]
    share = shared_words("should we ban zoos", texts)
    assert share[0] == 1
    assert 0 < share[1] < 0.5
    assert share[2] == 0


def test_filters_leave_out_what_does_not_fit() -> None:
    questions = seeds("en") + seeds("es")
    index = index_of(questions)
    wanted = Wanted(language="es", area="local life", leans="keep")
    found = search_index(index, "parque", HashedEmbedder(), 100, wanted)
    assert {(h.question.language, h.question.area, h.question.leans) for h in found} == {
        ("es", "local life", "keep")
    }
    assert len(found) == len([q for q in questions if wanted.admits(q)])
    assert search_index(index, "parque", HashedEmbedder(), 3, Wanted(topic=5)) == ()


def test_the_best_come_first_and_the_earlier_of_equals() -> None:
    scores = np.array([0.1, 0.5, 0.5, 0.9, 0.5])
    assert best_first(scores, 3).tolist() == [3, 1, 2]
    assert best_first(scores, 99).tolist() == [3, 1, 2, 4, 0]


def test_what_cannot_be_searched_is_told() -> None:
    index = index_of(seeds("en"))
    with pytest.raises(InputError, match="nothing to search"):
        search_index(index, " \u200b ", HashedEmbedder())
    with pytest.raises(InputError, match="0 questions"):
        search_index(index, "a", HashedEmbedder(), 0)
    with pytest.raises(InputError, match="vectors of shape"):
        QuestionIndex(index.questions, index.vectors[:-1])


def test_empty_and_small_corpora_answer() -> None:
    empty = QuestionIndex((), np.zeros((0, 0), np.float32))
    assert search_index(empty, "a", HashedEmbedder(), 3) == ()
    one = index_of(seeds("en")[:1])
    assert len(search_index(one, "week", HashedEmbedder(), 10)) == 1


def test_five_thousand_questions_are_answered_in_milliseconds() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(5000, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    questions = tuple(DebateQuestion(f"q{k}", f"Should we do {k}?") for k in range(5000))
    index = QuestionIndex(questions, vectors)
    took = []
    for k in range(5):
        before = time.thread_time()
        search_index(index, f"do {k}", HashedEmbedder(), 10)
        took.append(time.thread_time() - before)
    assert min(took) < 0.1

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.errors import Cancelled, InputError, SettingsError
from acuerdo.domain.questions import UNSETTLED
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Unwatched
from acuerdo.questions.topics import TopicOptions, Topics, in_topics, prepared_for, topics_of
from acuerdo.questions.topics.outliers import Places, outliers_of, places_of
from acuerdo.questions.topics.rows import all_rows
from tests.questions.topics.blobs import asked, blobs, same_groups

SUBJECTS = {
    "buses": (
        "Should night buses run later?",
        "Should night buses be free?",
        "Are night buses safe?",
        "Should more night buses run?",
        "Do night buses cost too much?",
    ),
    "sugar": (
        "Should sugar be taxed?",
        "Is a tax on sugar fair?",
        "Should the sugar tax rise?",
        "Would taxing sugar help?",
    ),
    "bulls": (
        "¿Deberían prohibirse las corridas de toros?",
        "¿Son crueles las corridas de toros?",
        "¿Deberían acabar las corridas de toros?",
    ),
}
QUESTIONS = tuple(
    replace(question, language="es" if "¿" in question.text else "en")
    for question in asked([text for texts in SUBJECTS.values() for text in texts])
)
VECTORS = HashedEmbedder(64).embed([question.text for question in QUESTIONS])
THREE = TopicOptions(k=3, method="kmeans")


def grouped(seed: int = 0) -> Topics:
    return topics_of(QUESTIONS, VECTORS, replace(THREE, seed=seed))


def test_topics_are_numbered_by_size_and_labelled_in_their_language() -> None:
    topics = grouped()
    assert topics.of.tolist() == [0] * 5 + [1] * 4 + [2] * 3
    assert [topic.size for topic in topics.topics] == [5, 4, 3]
    assert [topic.id for topic in topics.topics] == [0, 1, 2]
    # Golden: what a person reads.
    assert [topic.label for topic in topics.topics] == [
        "night buses, run, cost, free",
        "sugar, tax, help, rise",
        "corridas, toros, acabar, crueles",
    ]
    assert topics.topics[2].typical in SUBJECTS["bulls"]
    assert topics.notes == ()


@pytest.mark.parametrize("method", ["consensus", "kmeans", "hierarchical"])
@settings(max_examples=8)
@given(order=st.permutations(range(len(QUESTIONS))))
def test_the_order_of_questions_does_not_matter(method: str, order: list[int]) -> None:
    options = TopicOptions(k=4, method=method, seed=3)
    straight = topics_of(QUESTIONS, VECTORS, options)
    turned = topics_of([QUESTIONS[place] for place in order], VECTORS[order], options)
    np.testing.assert_array_equal(turned.of, straight.of[order])
    np.testing.assert_array_equal(turned.outlier, straight.outlier[order])
    assert [topic.label for topic in turned.topics] == [topic.label for topic in straight.topics]
    np.testing.assert_array_equal(turned.centroids, straight.centroids)


@settings(max_examples=20)
@given(seed=st.integers(0, 200))
def test_numbers_do_not_depend_on_those_of_the_method(seed: int) -> None:
    # Other seeds number the same groups otherwise; topics get the same numbers all the same.
    vectors, truth = blobs((9, 7, 5))
    questions = asked([f"Should crowd{'abc'[crowd]} sing?" for crowd in truth])
    topics = topics_of(questions, vectors, replace(THREE, seed=seed))
    assert topics.of.tolist() == truth.tolist()
    assert [topic.label for topic in topics.topics] == [
        "crowda sing",
        "crowdb sing",
        "crowdc sing",
    ]


def test_equal_sizes_go_by_label() -> None:
    vectors, truth = blobs((4, 4))
    questions = asked([("Should zebras run?", "Should ants run?")[crowd] for crowd in truth])
    topics = topics_of(questions, vectors, replace(THREE, k=2))
    assert topics.topics[0].label.startswith("ants")
    assert same_groups(topics.of, truth)


def test_what_is_far_from_its_topic_is_marked() -> None:
    vectors, _ = blobs((30, 30), spread=0.05)
    # Halfway between both crowds and off to the side.
    stray = np.array([[0.6, 0.5, 0.6, 0, 0, 0, 0, 0]], np.float32)
    stray /= np.linalg.norm(stray)
    questions = asked([f"Should we do {place}?" for place in range(61)])
    topics = topics_of(questions, np.concatenate([vectors, stray]), replace(THREE, k=2))
    assert topics.outlier[-1]
    assert topics.outlier[:-1].mean() < 0.1
    assert sum(topic.outliers for topic in topics.topics) == topics.outlier.sum()


def test_a_topic_that_is_clearly_nearer_makes_an_outlier() -> None:
    own = np.array([1.0, 1.0, 1.0, 1.0])
    other = np.array([1.5, 0.99, 0.9, np.inf])
    places = Places(np.zeros((1, 2), np.float32), own, other)
    assert outliers_of(places, np.zeros(4, np.int64)).tolist() == [False, False, True, False]


def test_distances_to_topics_are_those_of_unit_vectors() -> None:
    rows = all_rows(np.array([[2.0, 0.0], [0.0, 3.0], [1.0, 0.0], [-1.0, 0.0]]))
    places = places_of(rows, np.array([0, 1, 0, -1]))
    np.testing.assert_allclose(places.centroids, [[1, 0], [0, 1]])
    np.testing.assert_allclose(places.own, [0, 0, 0, np.nan], atol=1e-6)
    np.testing.assert_allclose(places.other, [2**0.5, 2**0.5, 2**0.5, np.nan], rtol=1e-6)


def test_noise_has_no_topic_and_is_far() -> None:
    vectors, _ = blobs((30, 30))
    stray = np.full((1, 8), -0.3, np.float32)
    questions = asked([f"Should we do {place}?" for place in range(61)])
    options = TopicOptions(k=5, method="density", steps=())
    topics = topics_of(questions, np.concatenate([vectors, stray]), options)
    assert topics.of[-1] == UNSETTLED
    assert topics.outlier[-1]
    assert any("belong to no topic" in note for note in topics.notes)


def test_an_empty_corpus_has_no_topics() -> None:
    topics = topics_of((), np.empty((0, 8), np.float32))
    assert topics.topics == ()
    assert topics.of.shape == topics.outlier.shape == (0,)
    assert topics.centroids.shape[0] == 0
    assert in_topics((), topics) == ()


def test_one_question_is_one_topic() -> None:
    topics = topics_of(QUESTIONS[:1], VECTORS[:1])
    assert topics.of.tolist() == [0]
    assert not topics.outlier.any()
    assert topics.topics[0].typical_id == "q000"
    assert topics.notes == ("110 topics were asked for, 1 were found.",)


def test_equal_questions_are_one_topic_without_outliers() -> None:
    questions = asked(["Should we?"] * 7)
    topics = topics_of(questions, HashedEmbedder(16).embed([one.text for one in questions]))
    assert topics.of.tolist() == [0] * 7
    assert not topics.outlier.any()
    assert topics.topics[0].label == "Should we?"


def test_more_topics_than_questions_gives_each_its_own_and_says_so() -> None:
    topics = topics_of(QUESTIONS, VECTORS, TopicOptions(k=50))
    assert sorted(topics.of.tolist()) == list(range(12))
    assert topics.notes == ("50 topics were asked for, 12 were found.",)


def test_a_vector_of_zeros_and_a_text_without_end_do_no_harm() -> None:
    vectors = VECTORS.copy()
    vectors[2] = 0
    questions = list(QUESTIONS)
    questions[3] = replace(questions[3], text="Should night buses run? " * 250)
    assert len(topics_of(questions, vectors, THREE).topics) == 3


def test_questions_get_their_topics() -> None:
    topics = grouped()
    placed = in_topics(QUESTIONS, topics)
    assert [question.topic for question in placed] == topics.of.tolist()
    assert [question.id for question in placed] == [question.id for question in QUESTIONS]
    with pytest.raises(InputError, match="12 questions were grouped, but 2"):
        in_topics(QUESTIONS[:2], topics)


def test_what_cannot_be_grouped_is_told() -> None:
    with pytest.raises(InputError, match="12 questions, but 3 vectors"):
        topics_of(QUESTIONS, VECTORS[:3])
    twice = [*QUESTIONS[:4], QUESTIONS[1]]
    with pytest.raises(InputError, match="'q001' comes twice") as error:
        topics_of(twice, VECTORS[:5])
    assert error.value.where == "questions 2 and 5"
    with pytest.raises(SettingsError, match="0 topics"):
        TopicOptions(k=0)
    with pytest.raises(SettingsError, match="called 'magic'"):
        TopicOptions(method="magic")
    with pytest.raises(SettingsError, match="no such step"):
        TopicOptions(steps=("magic",))


def test_vectors_prepared_for_choosing_keep_the_order_of_questions() -> None:
    ready = prepared_for(QUESTIONS, VECTORS, THREE)
    turned = prepared_for(QUESTIONS[::-1], VECTORS[::-1], THREE)
    apart = np.linalg.norm(ready[0] - ready[1:], axis=1)
    np.testing.assert_allclose(
        np.linalg.norm(turned[-1] - turned[-2::-1], axis=1), apart, rtol=1e-3
    )
    with pytest.raises(InputError, match="12 questions, but 3 vectors"):
        prepared_for(QUESTIONS, VECTORS[:3], THREE)


def test_it_can_be_stopped() -> None:
    class Stops(Unwatched):
        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        topics_of(QUESTIONS, VECTORS, THREE, Stops())

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.domain.errors import ModelError
from acuerdo.domain.records import Critique, PersonId
from acuerdo.llm.embeddings import HashedEmbedder
from acuerdo.ports import Unwatched, Vectors
from acuerdo.predict import SimilarityPredictor, cards
from acuerdo.predict.cards import Line, fitted_line
from acuerdo.predict.matching import (
    MATCHINGS,
    Passage,
    best_match,
    beyond_question,
    coverage,
    whole_text,
)
from tests.factories import make_candidate, make_round

RNG = np.random.default_rng(0)
LINE = Line(intercept=4.0, slope=2.0, spread=1.5)


class Drawn:
    """Embeds texts as drawn by hand."""

    name = "drawn"

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self._vectors = vectors

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([self._vectors[text] for text in texts], dtype=np.float32)


# Three dimensions: the question, cars, quiet. Ana writes two sentences of 3 and 1 words.
DRAWING = Drawn(
    {
        "Cars?": (1, 0, 0),
        "Keep the cars.": (0.6, 0.8, 0),
        "Quiet!": (0.8, 0, 0.6),
        "No.": (0, 0.6, 0.8),
        "Cars stay.": (0, 1, 0),
        "Streets are quiet.": (0.28, 0, 0.96),
    }
)


def test_scores_are_the_cosines_drawn_by_hand() -> None:
    round_ = make_round({"Ana": "Keep the cars. Quiet!", "Ben": "No."}, question="Cars?")
    predictor = SimilarityPredictor(DRAWING, line=LINE)
    scores = predictor.scores(round_, ["Cars stay.", "Cars stay. Streets are quiet."])
    # Without the question, Ana says (0, 1, 0) in 3 words and (0, 0, 1) in 1; Ben (0, 0.6, 0.8).
    # The statements say (0, 1, 0), and (0, 1, 0) and (0, 0, 1).
    ana_cars, ana_both = (3 * 1 + 1 * 0) / 4, (3 * 1 + 1 * 1) / 4
    ben_cars, ben_both = 0.6, 0.8
    np.testing.assert_allclose(scores, [[ana_cars, ana_both], [ben_cars, ben_both]], atol=1e-5)


def test_expected_agreement_is_the_line_of_the_scores() -> None:
    round_ = make_round({"Ana": "Keep the cars. Quiet!", "Ben": "No."}, question="Cars?")
    predictor = SimilarityPredictor(DRAWING, line=LINE)
    agreement = predictor.predict(
        round_, [make_candidate("Cars stay.")], RNG, Unwatched()
    ).agreement
    np.testing.assert_allclose(agreement.expected, [[4 + 2 * 0.75], [4 + 2 * 0.6]], atol=1e-4)
    np.testing.assert_array_equal(agreement.spread, [[1.5], [1.5]])


def test_a_critique_is_read_as_more_of_the_opinion() -> None:
    predictor = SimilarityPredictor(DRAWING, line=LINE)
    before = make_round({"Ana": "Keep the cars.", "Ben": "No."}, question="Cars?")
    after = make_round(
        {"Ana": "Keep the cars.", "Ben": "No."},
        question="Cars?",
        previous="Cars stay.",
        critiques=(Critique(PersonId("Ana"), "Quiet!"),),
    )
    texts = ["Cars stay.", "Streets are quiet."]
    np.testing.assert_allclose(predictor.scores(before, texts)[0], [1, 0], atol=1e-5)
    np.testing.assert_allclose(predictor.scores(after, texts)[0], [3 / 4, 1 / 4], atol=1e-5)


def test_the_statement_that_covers_a_person_better_is_expected_to_please_them_more() -> None:
    round_ = make_round({"Ana": "Buses should be free at night.", "Ben": "Trees cool our square."})
    candidates = [
        make_candidate("Buses should be free at night for all."),
        make_candidate("Trees cool our square and shade it."),
    ]
    predictor = SimilarityPredictor(HashedEmbedder())
    expected = predictor.predict(round_, candidates, RNG, Unwatched()).agreement.expected
    assert expected[0, 0] > expected[0, 1]
    assert expected[1, 1] > expected[1, 0]


def passage(*rows: Sequence[float], words: Sequence[float]) -> Passage:
    return Passage(np.array(rows, np.float32), np.array(words, np.float64))


def test_matchings_of_two_sentences_with_one() -> None:
    said = passage((1, 0), (0, 1), words=(3, 1))
    candidate = passage((0.6, 0.8), words=(5,))
    assert coverage(said, candidate) == pytest.approx((3 * 0.6 + 1 * 0.8) / 4)
    assert best_match(said, candidate) == pytest.approx(0.8)
    assert whole_text(said, candidate) == pytest.approx((3 * 0.6 + 1 * 0.8) / np.sqrt(10))


@pytest.mark.parametrize("matching", MATCHINGS.values(), ids=MATCHINGS.keys())
def test_a_text_matches_itself_best(matching: object) -> None:
    said = passage((1, 0), (0.6, 0.8), words=(2, 2))
    assert callable(matching)
    assert matching(said, said) == pytest.approx(1)


def test_beyond_the_question_a_copy_of_it_says_nothing() -> None:
    question = np.array([0.6, 0.8], np.float32)
    rest = beyond_question(np.array([[0.6, 0.8], [1, 0]], np.float32), question)
    np.testing.assert_allclose(rest, [[0, 0], [0.8, -0.6]], atol=1e-6)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=2))
def test_a_line_keeps_the_order_and_the_scale(scores: list[float]) -> None:
    low, high = sorted(scores)
    for line in (LINE, Line(4, 50, 1), fitted_line("similarity")):
        expected = line.expected([low, high])
        assert 1 <= expected[0] <= expected[1] <= 7


def test_the_fitted_line_never_reaches_the_ends_where_order_would_be_lost() -> None:
    lowest, highest = fitted_line("similarity").expected([-1, 1])
    assert 1 < lowest < highest < 7


def test_a_line_must_rise() -> None:
    with pytest.raises(ValueError, match="rising"):
        Line(4, -1, 1)


def test_the_predictor_compares_as_its_card_was_fitted() -> None:
    card = json.loads((files("acuerdo.predict") / cards.CARD).read_text("utf-8"))
    assert card["chosen"] == "coverage, beyond the question"
    assert card["chosen"] == max(card["training_auc"], key=card["training_auc"].get)


def test_a_missing_card_is_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "CARD", "nowhere.json")
    with pytest.raises(ModelError, match=r"fit_similarity\.py"):
        SimilarityPredictor(HashedEmbedder())

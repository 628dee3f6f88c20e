"""What every predictor promises, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.ballots import Agreement
from acuerdo.domain.completions import Completion, Request
from acuerdo.domain.errors import Cancelled
from acuerdo.domain.records import Critique, PersonId, Rating
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate
from acuerdo.llm.embeddings import HashedEmbedder
from acuerdo.llm.scripted import ScriptedModel
from acuerdo.ports import Predictor, Progress, Unwatched
from acuerdo.predict import (
    FactorScorer,
    JudgePredictor,
    JudgeScorer,
    LengthPredictor,
    LengthScorer,
    ScoredPredictor,
    ScriptedPredictor,
    SimilarityPredictor,
    SimilarityScorer,
)
from tests.factories import TEXTS, make_candidate, make_round


def hashed_answer(request: Request) -> Completion:
    """Seven probabilities that depend on the prompt alone."""
    digits = [int(digit, 16) + 1 for digit in request.prompt_hash[:7]]
    return Completion("4", "stop", probabilities=tuple(d / sum(digits) for d in digits))


PREDICTORS: dict[str, Callable[[], Predictor]] = {
    "similarity": lambda: SimilarityPredictor(HashedEmbedder()),
    "length": LengthPredictor,
    "judge": lambda: JudgePredictor(ScriptedModel(hashed_answer)),
    "scored similarity": lambda: ScoredPredictor(SimilarityScorer(HashedEmbedder())),
    "scored judge": lambda: ScoredPredictor(JudgeScorer(ScriptedModel(hashed_answer))),
    "scored with ratings": lambda: ScoredPredictor(
        LengthScorer(), informed=FactorScorer(LengthScorer(), HashedEmbedder())
    ),
    "scripted": lambda: ScriptedPredictor(lambda person, text: 1 + len(person + text) % 7),
}
USES_RATINGS = "scored with ratings"
CANDIDATES = tuple(make_candidate(text) for text in TEXTS)


@pytest.fixture(params=PREDICTORS)
def predictor(request: pytest.FixtureRequest) -> Predictor:
    return PREDICTORS[request.param]()


def predicted(
    predictor: Predictor, round_: Round, candidates: Sequence[Candidate] = CANDIDATES, seed: int = 0
) -> Agreement:
    rng = np.random.default_rng(seed)
    return predictor.predict(round_, candidates, rng, Unwatched()).agreement


def test_shape_and_labels(predictor: Predictor) -> None:
    agreement = predicted(predictor, make_round())
    assert agreement.expected.shape == (3, 3)
    assert agreement.people == make_round().people
    assert agreement.candidates == tuple(candidate.id for candidate in CANDIDATES)
    assert predictor.name


def test_values_lie_on_the_scale_and_nothing_is_known(predictor: Predictor) -> None:
    agreement = predicted(predictor, make_round())
    assert ((agreement.expected >= 1) & (agreement.expected <= 7)).all()
    assert ((agreement.spread >= 0) & (agreement.spread <= 3)).all()
    assert not agreement.known.any()


def test_people_without_an_opinion_cannot_be_predicted(predictor: Predictor) -> None:
    late = PersonId("Late")
    critic = PersonId("Critic")
    round_ = make_round(
        roster=(late,),
        previous=TEXTS[0],
        critiques=(Critique(critic, "Too vague."),),
        ratings=(Rating(PersonId("Ana"), CANDIDATES[0].id, 1.0),),
    )
    agreement = predicted(predictor, round_)
    absent = [agreement.people.index(person) for person in (late, critic)]
    assert np.isnan(agreement.expected[absent]).all()
    assert not np.isnan(agreement.expected[:3]).any()
    np.testing.assert_array_equal(np.isnan(agreement.spread), np.isnan(agreement.expected))


def test_people_without_a_critique_are_predicted_all_the_same(predictor: Predictor) -> None:
    critiques = (Critique(PersonId("Ana"), "Weekends are missing."),)
    agreement = predicted(predictor, make_round(previous=TEXTS[0], critiques=critiques))
    assert agreement.deciding.all()


def test_same_round_same_prediction_whatever_the_seed(predictor: Predictor) -> None:
    first = predicted(predictor, make_round(), seed=1)
    second = predicted(predictor, make_round(), seed=2)
    np.testing.assert_array_equal(first.expected, second.expected)
    np.testing.assert_array_equal(first.spread, second.spread)


def test_the_order_of_candidates_does_not_matter(predictor: Predictor) -> None:
    forth = predicted(predictor, make_round())
    back = predicted(predictor, make_round(), CANDIDATES[::-1])
    np.testing.assert_allclose(back.expected[:, ::-1], forth.expected, atol=1e-9)
    np.testing.assert_allclose(back.spread[:, ::-1], forth.spread, atol=1e-9)


def test_the_order_of_people_does_not_matter(predictor: Predictor) -> None:
    round_ = make_round()
    forth = predicted(predictor, round_)
    back = predicted(predictor, replace(round_, opinions=round_.opinions[::-1]))
    np.testing.assert_allclose(back.expected[::-1], forth.expected, atol=1e-9)


@pytest.mark.parametrize("name", PREDICTORS)
def test_a_known_rating_changes_what_is_predicted_only_where_that_is_the_point(name: str) -> None:
    predictor = PREDICTORS[name]()
    rated = make_round(ratings=(Rating(PersonId("Ana"), CANDIDATES[0].id, 1.0),))
    before, after = predicted(predictor, make_round()), predicted(predictor, rated)
    if name == USES_RATINGS:
        assert (after.expected[:, 0] < before.expected[:, 0]).all()
    else:
        np.testing.assert_array_equal(after.expected, before.expected)
    assert not after.known.any()


def test_no_candidates_give_no_columns(predictor: Predictor) -> None:
    assert predicted(predictor, make_round(), ()).expected.shape == (3, 0)


def test_texts_without_words_are_predicted_too(predictor: Predictor) -> None:
    round_ = make_round({"Ana": "?!", "Ben": "…"}, question="???")
    assert predicted(predictor, round_, [make_candidate("!!!")]).deciding.all()


class Stopping(Unwatched):
    def stopped(self) -> bool:
        return True


def test_a_stop_is_obeyed(predictor: Predictor) -> None:
    with pytest.raises(Cancelled):
        predictor.predict(make_round(), CANDIDATES, np.random.default_rng(0), Stopping())


class Noting(Unwatched):
    def __init__(self) -> None:
        self.seen: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)


def test_progress_ends_complete(predictor: Predictor) -> None:
    watch = Noting()
    predictor.predict(make_round(), CANDIDATES, np.random.default_rng(0), watch)
    assert {progress.stage for progress in watch.seen} == {"predict"}
    assert (watch.seen[-1].done, watch.seen[-1].total) == (9, 9)

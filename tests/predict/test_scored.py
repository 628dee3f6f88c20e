"""From a round to a sheet and back; the prompted judge on a sheet."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.completions import Completion, Fault, Request
from acuerdo.domain.errors import ModelError
from acuerdo.domain.records import Critique, PersonId, Question, Rating
from acuerdo.domain.rounds import Round
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.llm.scripted import ScriptedModel
from acuerdo.ports import Progress, Unwatched, Watch
from acuerdo.predict import JudgePredictor, JudgeScorer, ScoredPredictor
from acuerdo.predict.scored import sheet_of
from tests.factories import OPINIONS, TEXTS, make_candidate, make_round

CANDIDATES = [make_candidate(text) for text in TEXTS]
RNG = np.random.default_rng(0)
ANA, BEN, CEM = PersonId("Ana"), PersonId("Ben"), PersonId("Cem")


class Counting:
    """Expects 1.0, 1.1, 1.2 ... of the pairs in the order they stand in, and keeps the sheet."""

    name = "counting"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        self.sheet = sheet
        return Forecast(1 + np.arange(sheet.size) / 10, np.ones(sheet.size))


def test_a_round_becomes_one_sheet_of_everybody_with_everything() -> None:
    round_ = make_round(
        previous=TEXTS[0],
        critiques=(Critique(ANA, "Too vague."), Critique(CEM, "Nobody asked me.")),
        ratings=(Rating(BEN, CANDIDATES[1].id, 2.0), Rating(CEM, CANDIDATES[0].id, 6.0)),
    )
    sheet = sheet_of(round_, CANDIDATES)
    assert sheet.question == round_.question.text
    assert sheet.opinions[0] == f"{OPINIONS['Ana']}\nToo vague."
    assert sheet.opinions[1:] == (OPINIONS["Ben"], OPINIONS["Chloé"], "")
    assert sheet.statements == TEXTS
    assert sheet.person.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert sheet.statement.tolist() == [0, 1, 2] * 4
    assert {int(k): sheet.ratings[k] for k in np.flatnonzero(sheet.known)} == {4: 2.0, 9: 6.0}


def test_what_everybody_saw_reaches_the_sheet() -> None:
    round_ = make_round()
    question = Question(round_.question.text, context="The council votes in May.")
    assert sheet_of(make_round(question=question.text), []).context == ""
    with_context = sheet_of(Round(question, round_.opinions), CANDIDATES)
    assert with_context.context == "The council votes in May."


def test_ratings_of_statements_that_are_not_candidates_are_left_out() -> None:
    round_ = make_round(ratings=(Rating(ANA, "0123456789ab", 5.0),))
    assert not sheet_of(round_, CANDIDATES).known.any()


def test_the_forecast_comes_back_as_people_times_candidates() -> None:
    scorer = Counting()
    agreement = ScoredPredictor(scorer).predict(make_round(), CANDIDATES, RNG, Unwatched())
    np.testing.assert_allclose(
        agreement.agreement.expected, [[1.0, 1.1, 1.2], [1.3, 1.4, 1.5], [1.6, 1.7, 1.8]]
    )
    assert ScoredPredictor(scorer).name == "counting"


class Louder(Counting):
    """Expects 3 of everybody, whatever they said."""

    name = "counting-with-ratings"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        self.sheet = sheet
        return Forecast(np.full(sheet.size, 3.0), np.ones(sheet.size))


def test_another_scorer_serves_rounds_with_ratings_and_is_named() -> None:
    predictor = ScoredPredictor(Counting(), informed=Louder())
    rated = make_round(ratings=(Rating(BEN, CANDIDATES[1].id, 2.0),))
    elsewhere = make_round(ratings=(Rating(BEN, "0123456789ab", 2.0),))
    found = [
        predictor.predict(round_, CANDIDATES, RNG, Unwatched())
        for round_ in (make_round(), elsewhere, rated)
    ]

    assert [one.by for one in found] == ["counting", "counting", "counting-with-ratings"]
    assert [one.agreement.expected[0, 1] for one in found] == [1.1, 1.1, 3.0]
    assert predictor.name == "counting"


def test_whoever_gave_neither_opinion_nor_rating_is_not_guessed_from_others() -> None:
    round_ = make_round(
        roster=(PersonId("Dora"), CEM), ratings=(Rating(CEM, CANDIDATES[0].id, 6.0),)
    )
    agreement = ScoredPredictor(Louder()).predict(round_, CANDIDATES, RNG, Unwatched()).agreement

    assert agreement.people[3:] == ("Dora", CEM)
    np.testing.assert_array_equal(np.isnan(agreement.expected[3]), True)
    np.testing.assert_array_equal(agreement.expected[4], 3.0)
    np.testing.assert_array_equal(np.isnan(agreement.spread), np.isnan(agreement.expected))


def leaning(request: Request) -> Completion:
    weights = [int(digit, 16) + 1 for digit in request.prompt_hash[:7]]
    return Completion("4", "stop", probabilities=tuple(w / sum(weights) for w in weights))


def test_the_judge_is_asked_the_same_on_a_sheet_as_in_a_round() -> None:
    of_round, of_sheet = ScriptedModel(leaning), ScriptedModel(leaning)
    in_round = JudgePredictor(of_round).predict(make_round(), CANDIDATES, RNG, Unwatched())
    on_sheet = JudgeScorer(of_sheet).score(sheet_of(make_round(), CANDIDATES), Unwatched())
    assert [r.messages for r in of_sheet.seen] == [r.messages for r in of_round.seen]
    np.testing.assert_array_equal(on_sheet.expected, in_round.agreement.expected.ravel())
    np.testing.assert_array_equal(on_sheet.spread, in_round.agreement.spread.ravel())


def test_a_certain_judge_keeps_a_spread() -> None:
    forecast = JudgeScorer(ScriptedModel(["7"])).score(
        sheet_of(make_round(), CANDIDATES), Unwatched()
    )
    assert (forecast.expected == 7).all()
    assert (forecast.spread > 0).all()


class Noting(Unwatched):
    def __init__(self) -> None:
        self.seen: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)


def test_a_judge_is_silent_where_a_request_failed_and_says_how_often() -> None:
    def failing(request: Request) -> Completion | Fault:
        if TEXTS[0] in request.messages[-1].content:
            return Fault("timeout", "No answer after 120 s.")
        return leaning(request)

    watch = Noting()
    forecast = JudgeScorer(ScriptedModel(failing)).score(sheet_of(make_round(), CANDIDATES), watch)
    silent = np.isnan(forecast.expected.reshape(3, 3))
    np.testing.assert_array_equal(silent, [[1, 0, 0]] * 3)
    assert watch.seen[-1].note == "3 requests failed"


def test_a_judge_that_never_answers_is_an_error() -> None:
    model = ScriptedModel(lambda _: Fault("timeout", "No answer after 120 s."))
    with pytest.raises(ModelError, match="none of 9 requests: No answer after 120 s"):
        JudgeScorer(model).score(sheet_of(make_round(), CANDIDATES), Unwatched())

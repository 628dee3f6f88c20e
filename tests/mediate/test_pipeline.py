"""One round over scripted parts: what is kept, who decides, what happens when parts fail."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled, ModelError
from acuerdo.domain.records import Opinion, PersonId, Question, Rating
from acuerdo.domain.rounds import Round, Terms
from acuerdo.domain.statements import NO_STATEMENT, Candidate, Provenance, candidate_id
from acuerdo.draft import ScriptedDrafter
from acuerdo.mediate import mediate
from acuerdo.ports import Prediction, Progress, Watch
from tests.parts import BrokenDrafter, MatrixPredictor, make_parts, opinions

TREES, PARKS = "Trees matter to us.", "Parks come first."


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def make_round(*people: str, **fields: object) -> Round:
    return Round(Question("What matters?"), opinions(*(people or ("Ana", "Ben"))), **fields)  # type: ignore[arg-type]


class BrokenPredictor:
    name = "broken"

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        raise ModelError("the model is not there")


def test_every_intermediate_is_kept() -> None:
    result = mediate(make_round(), make_parts(), rng())

    assert result.outcome == "agreement"
    assert result.statement == TREES
    assert [c.text for c in result.candidates[:2]] == [TREES, PARKS]
    assert result.candidates[-1].id == NO_STATEMENT
    assert result.agreement.expected.tolist() == [[6.0, 3.0, 4.0], [5.0, 3.0, 4.0]]
    assert result.ballots.ranks.tolist() == [[0, 2, 1], [0, 2, 1]]
    assert result.chosen.rule == "schulze"
    assert result.chosen.voters == 2
    assert set(result.rules) >= {"schulze", "utilitarian", "rawlsian", "borda", "veto_core"}
    assert result.rules["schulze"] is result.chosen
    assert result.worst_off == "Ben"
    assert result.support == 1.0
    assert result.margin.kind in ("exact", "at_most")
    assert result.round.question.language == "en"
    assert set(result.seconds) == {"draft", "predict", "choose"}


def test_the_same_round_and_seed_give_the_same_result() -> None:
    tied = [[5.0, 5.0], [5.0, 5.0]]
    first, second = (mediate(make_round(), make_parts(agreement=tied), rng()) for _ in range(2))

    assert first.chosen == second.chosen
    assert first.rules == second.rules


def test_ties_are_broken_differently_by_different_seeds() -> None:
    tied = [[5.0, 5.0], [5.0, 5.0]]
    won = {
        mediate(make_round(), make_parts(agreement=tied), np.random.default_rng(seed)).winner
        for seed in range(20)
    }

    assert won == {0, 1}


def test_known_ratings_overrule_predictions() -> None:
    ratings = tuple(
        Rating(PersonId(person), candidate_id(PARKS), value)
        for person, value in (("Ana", 7), ("Ben", 7))
    )
    result = mediate(make_round(ratings=ratings), make_parts(), rng())

    assert result.statement == PARKS
    assert result.agreement.known.tolist() == [[False, True, False], [False, True, False]]
    assert result.agreement.spread[:, 1].tolist() == [0.0, 0.0]
    assert all(view.known for view in result.people)


def test_a_rating_of_an_unknown_statement_is_reported_not_swallowed() -> None:
    ratings = (Rating(PersonId("Ana"), candidate_id("Never drafted."), 7),)
    result = mediate(make_round(ratings=ratings), make_parts(), rng())

    assert [problem.kind for problem in result.problems] == ["unknown_candidate"]


def test_absent_people_abstain_and_stall_nothing() -> None:
    matrix = [[6.0, 3.0], [5.0, 3.0], [math.nan, math.nan]]
    round_ = make_round(roster=(PersonId("Ana"), PersonId("Cem")))
    result = mediate(round_, make_parts(agreement=matrix), rng())

    assert round_.people == ("Ana", "Ben", "Cem")
    assert result.statement == TREES
    assert result.chosen.voters == 2
    assert [view.abstains for view in result.people] == [False, False, True]
    assert result.people[2].favourite is None


def test_an_absent_person_who_rated_everything_decides_too() -> None:
    matrix = [[6.0, 3.0], [5.0, 3.0], [math.nan, math.nan]]
    ratings = tuple(Rating(PersonId("Cem"), candidate_id(text), 2) for text in (TREES, PARKS))
    result = mediate(make_round(ratings=ratings), make_parts(agreement=matrix), rng())

    assert result.chosen.voters == 3
    assert result.worst_off == "Cem"


def test_a_statement_nobody_can_be_asked_about_does_not_silence_the_round() -> None:
    nan = math.nan
    result = mediate(
        make_round(), make_parts(("???", PARKS), agreement=[[nan, 3.0], [nan, 5.5]]), rng()
    )

    assert [candidate.text for candidate in result.candidates[:-1]] == [PARKS]
    assert result.outcome != "undecided"
    assert result.agreement.expected[:, 0].tolist() == [3.0, 5.5]
    assert [(p.kind, p.count, p.resumable) for p in result.problems] == [
        ("unreadable_candidate", 1, False)
    ]


def test_one_cannot_say_makes_a_person_abstain() -> None:
    result = mediate(make_round(), make_parts(agreement=[[6.0, math.nan], [2.0, 6.0]]), rng())

    assert result.chosen.voters == 1
    assert result.statement == PARKS


def test_no_statement_wins_where_people_would_rather_have_none() -> None:
    result = mediate(make_round(), make_parts(agreement=[[2.0, 3.0], [3.0, 3.5]]), rng())

    assert result.outcome == "no_common_ground"
    assert result.statement is None
    assert result.candidates[result.winner or 0].id == NO_STATEMENT
    assert result.runner_up == 1
    assert math.isnan(result.support)
    assert [view.agreement for view in result.people] == [3.0, 3.5]


def test_too_little_support_is_no_common_ground_even_for_a_winner() -> None:
    terms = Terms(threshold=0.9, no_statement=False)
    result = mediate(make_round(terms=terms), make_parts(agreement=[[6.0, 1.0], [3.0, 2.0]]), rng())

    assert result.winner == 0
    assert result.support == 0.5
    assert result.outcome == "no_common_ground"
    assert result.statement is None


def test_what_divides_people_is_named() -> None:
    matrix = [[7.0, 5.0], [1.0, 3.9]]
    result = mediate(make_round(), make_parts(agreement=matrix), rng())

    assert [(d.candidate, d.agrees, d.disagrees) for d in result.differences] == [
        (0, "Ana", "Ben"),
        (1, "Ana", "Ben"),
    ]
    assert result.differences[0].gap == 6.0


def test_each_person_sees_the_sentence_that_was_taken_up_least() -> None:
    said = (
        Opinion(PersonId("Ana"), "Trees matter to us. Buses are too slow."),
        Opinion(PersonId("Ben"), "Trees matter to us."),
    )
    result = mediate(Round(Question("What?"), said), make_parts(), rng())

    ana, ben = result.people
    assert ana.least_covered == "Buses are too slow."
    assert ana.coverage < 0.5
    assert ben.coverage == pytest.approx(1.0)


def test_a_broken_drafter_does_not_take_the_others_down() -> None:
    parts = make_parts(drafters=[BrokenDrafter(), ScriptedDrafter([TREES, PARKS])])
    result = mediate(make_round(), parts, rng())

    assert result.statement == TREES
    assert [(p.stage, p.kind) for p in result.problems] == [("draft", "ModelError")]
    assert result.degraded


def test_without_candidates_the_state_is_named() -> None:
    parts = make_parts(drafters=[BrokenDrafter()], agreement=[[], []])
    result = mediate(make_round(), parts, rng())

    assert result.outcome == "no_candidates"
    assert (result.winner, result.statement, result.worst_off) == (None, None, None)


def test_a_broken_predictor_leaves_a_round_that_can_be_resumed() -> None:
    stopped = mediate(make_round(), make_parts(predictor=BrokenPredictor()), rng())
    resumed = mediate(stopped.resumed(), make_parts(drafters=[]), rng())

    assert stopped.outcome == "undecided"
    assert [problem.stage for problem in stopped.problems] == ["predict"]
    assert resumed.statement == TREES


def test_the_record_names_what_predicted_this_round() -> None:
    class Naming(MatrixPredictor):
        def predict(self, *asked: Any) -> Prediction:
            return replace(super().predict(*asked), by="matrix-with-ratings")

    matrix = [[6.0, 3.0], [5.0, 3.0]]
    named = mediate(make_round(), make_parts(predictor=Naming(matrix)), rng())
    plain = mediate(make_round(), make_parts(predictor=MatrixPredictor(matrix)), rng())

    assert named.models["predicting"] == "matrix-with-ratings"
    assert plain.models["predicting"] == "matrix"
    assert named.models.keys() == plain.models.keys()


def test_a_candidate_written_by_a_person_can_win() -> None:
    own = Candidate("Benches for everybody.", Provenance(origin="person", author="Ana"))
    parts = make_parts([TREES], [[7.0, 5.0], [7.0, 5.0]])
    result = mediate(make_round(candidates=(own,)), parts, rng())

    assert result.statement == "Benches for everybody."
    assert result.candidates[0].provenance.origin == "person"


def test_the_same_text_stands_once_and_blank_texts_never() -> None:
    texts = [TREES, "trees matter to us", "   ", PARKS]
    result = mediate(make_round(), make_parts(texts), rng())

    assert [c.text for c in result.candidates[:-1]] == [TREES, PARKS]


def test_a_slate_holds_statements_only() -> None:
    result = mediate(make_round(terms=Terms(slate=5)), make_parts(), rng())

    assert sorted(result.slate) == [0, 1]


class _StopsAt:
    def __init__(self, stage: str) -> None:
        self.stage, self.seen = stage, False

    def report(self, progress: Progress) -> None:
        self.seen = self.seen or progress.stage == self.stage

    def stopped(self) -> bool:
        return self.stage == "at once" or self.seen


def test_stopping_is_a_clean_cancel() -> None:
    with pytest.raises(Cancelled):
        mediate(make_round(), make_parts(), rng(), _StopsAt("at once"))

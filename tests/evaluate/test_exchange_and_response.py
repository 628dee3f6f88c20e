"""Does a scorer know the person, and do empty words move it?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.evaluate.measures.area import area_within
from acuerdo.evaluate.measures.exchange import exchange_effect, exchanged
from acuerdo.evaluate.measures.pairwise import pairwise_accuracy
from acuerdo.evaluate.measures.response import CHANGES, mean_shift, rewritten
from acuerdo.evaluate.truth import Truth
from acuerdo.ports import Unwatched
from tests.evaluate.judging import (
    ToldScorer,
    invented_table,
    longer,
    make_forecast,
    make_judgement,
    make_table,
    same_side,
    value_of,
)

NAN = float("nan")


def make_sheet(opinions: tuple[str, ...], statements: tuple[str, ...] = ("s0", "s1")) -> Sheet:
    pairs = len(opinions) * len(statements)
    return Sheet(
        question="Cars?",
        opinions=opinions,
        statements=statements,
        person=np.repeat(np.arange(len(opinions)), len(statements)),
        statement=np.tile(np.arange(len(statements)), len(opinions)),
        ratings=np.full(pairs, np.nan),
    )


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 12), st.integers(0, 3), st.integers(0, 1000))
def test_everybody_with_an_opinion_gets_somebody_elses(said: int, silent: int, seed: int) -> None:
    opinions = (*(f"opinion {k}" for k in range(said)), *[""] * silent)
    given_ = exchanged(make_sheet(opinions), np.random.default_rng(seed)).sheet.opinions
    assert sorted(given_[:said]) == sorted(opinions[:said])
    assert all(new != old for new, old in zip(given_[:said], opinions[:said], strict=True))
    assert given_[said:] == ("",) * silent


def test_one_opinion_cannot_be_exchanged() -> None:
    sheet = make_sheet(("only this", ""))
    assert exchanged(sheet, np.random.default_rng(0)).sheet.opinions == sheet.opinions


def test_pairs_whose_statement_is_in_either_opinion_are_revealing() -> None:
    sheet = make_sheet(("I say: Cars are LOUD!", "Buses, please"), ("cars are loud", "trams"))
    found = exchanged(sheet, np.random.default_rng(0))
    assert found.sheet.opinions == sheet.opinions[::-1]
    assert found.revealing.tolist() == [True, False, True, False]


def effect_of(scorer: ToldScorer, measure) -> float:
    table = invented_table(conversations=1)
    truth = Truth.of(table)
    rows = next(table.questions())
    sheet = table.sheet(rows)
    given_ = [exchanged(sheet, np.random.default_rng(draw)) for draw in range(2)]
    others = [scorer.score(one.sheet, Unwatched()) for one in given_]
    own = scorer.score(sheet, Unwatched())
    revealing = given_[0].revealing | given_[1].revealing
    return value_of(exchange_effect(measure, truth, own, others, revealing), truth)


@pytest.mark.parametrize("measure", [area_within, pairwise_accuracy])
def test_a_scorer_blind_to_the_person_has_an_effect_of_exactly_nothing(measure) -> None:
    assert effect_of(ToldScorer(longer), measure) == 0.0


@pytest.mark.parametrize("measure", [area_within, pairwise_accuracy])
def test_a_scorer_that_knows_the_person_loses_by_the_exchange(measure) -> None:
    assert effect_of(ToldScorer(same_side), measure) > 0.2


def test_the_effect_by_hand_leaves_out_what_anybody_is_silent_on() -> None:
    rows = [make_judgement("ana", f"s{k}", value) for k, value in enumerate((1, -1, 1, -1, 1))]
    truth = Truth.of(make_table(*rows))
    own = make_forecast((5.0, 3.0, 5.0, 3.0, 1.0))
    others = [make_forecast((3.0, 5.0, 5.0, 3.0, 7.0)), make_forecast((5.0, 3.0, 5.0, 3.0, NAN))]
    revealing = np.zeros(5, dtype=np.bool_)
    # The last row is out. Own: 4 of 4 contests. First draw: 3 against 5, 3; 5 against 5, 3: 0, 0.5,
    # 0.5, 1. Second draw: 4 of 4.
    effect = exchange_effect(area_within, truth, own, others, revealing)
    assert value_of(effect, truth) == pytest.approx(1 - (0.5 + 1) / 2)
    revealing[1] = True
    effect = exchange_effect(area_within, truth, own, others, revealing)
    assert value_of(effect, truth) == pytest.approx(1 - (0.75 + 1) / 2)


def test_rewritten_statements_stand_beside_the_originals() -> None:
    sheet = make_sheet(("yes", "no"))
    found = rewritten(sheet, CHANGES["everyone_agrees"], np.array([1, 2]))
    assert found.sheet.statements == (
        "s0",
        "s1",
        "s0 Everyone agrees with this.",
        "s1 Everyone agrees with this.",
    )
    assert found.sheet.person.tolist() == [0, 1, 0, 1]
    assert found.sheet.statement.tolist() == [1, 0, 3, 2]
    assert np.isnan(found.sheet.ratings).all()
    assert found.shift(np.array([2.0, 3.0, 2.5, 2.0])).tolist() == [0.5, -1.0]


def test_pairs_without_a_rewording_are_left_out() -> None:
    found = rewritten(make_sheet(("yes", "no")), {"s1": "the first"}.get, np.arange(4))
    assert found.pairs.tolist() == [1, 3]
    assert found.sheet.statements == ("s0", "s1", "the first")
    assert found.sheet.statement.tolist() == [1, 1, 2, 2]


def test_the_mean_shift_counts_people_alike() -> None:
    truth = Truth.of(make_table(*(make_judgement(p, "s", 1) for p in ("ana", "ben", "eva"))))
    shift, person = np.array([1.0, 3.0, 0.5, NAN]), np.array([0, 0, 1, 2])
    found = mean_shift(shift, person, truth.person_conversation)
    assert value_of(found, truth) == pytest.approx((2 + 0.5) / 2)
    assert found.n == 2


def test_a_forecast_on_the_rewritten_sheet_shows_what_words_do() -> None:
    sheet = make_sheet(("yes", "no"), ("statement 0 1 x", "statement 0 2 y"))
    for change in CHANGES.values():
        found = rewritten(sheet, change, np.arange(4))
        said: Forecast = ToldScorer(longer).score(found.sheet, Unwatched())
        assert (found.shift(said.expected) > 0).all()

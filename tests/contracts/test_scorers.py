"""What every scorer promises, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.completions import Completion, Request
from acuerdo.domain.errors import Cancelled
from acuerdo.domain.sheets import Sheet
from acuerdo.llm.embeddings import HashedEmbedder
from acuerdo.llm.scripted import ScriptedModel
from acuerdo.ports import Progress, Scorer, Unwatched
from acuerdo.predict import (
    CentroidScorer,
    CosineScorer,
    EnsembleScorer,
    FactorScorer,
    JudgeScorer,
    LengthScorer,
    PreferenceScorer,
    RandomScorer,
    SimilarityScorer,
)
from tests.factories import OPINIONS, TEXTS
from tests.predict.preference.made import make_model

SILENT = 3
"""The person of the sheet who gave no opinion."""


def hashed_answer(request: Request) -> Completion:
    """Seven probabilities that depend on the prompt alone."""
    digits = [int(digit, 16) + 1 for digit in request.prompt_hash[:7]]
    return Completion("4", "stop", probabilities=tuple(d / sum(digits) for d in digits))


def trained() -> Scorer:
    embedder = HashedEmbedder(32)
    return PreferenceScorer(make_model(), embedder, embedder)


SCORERS: dict[str, Callable[[], Scorer]] = {
    "similarity": lambda: SimilarityScorer(HashedEmbedder()),
    "length": LengthScorer,
    "random": RandomScorer,
    "cosine": lambda: CosineScorer(HashedEmbedder()),
    "centroid": lambda: CentroidScorer(HashedEmbedder()),
    "trained": trained,
    "judge": lambda: JudgeScorer(ScriptedModel(hashed_answer)),
    "with ratings": lambda: FactorScorer(LengthScorer(), HashedEmbedder()),
    "ensemble": lambda: EnsembleScorer([LengthScorer(), SimilarityScorer(HashedEmbedder())]),
}


@pytest.fixture(params=SCORERS)
def scorer(request: pytest.FixtureRequest) -> Scorer:
    return SCORERS[request.param]()


def make_sheet() -> Sheet:
    """Return three people with an opinion and one without, all with all three statements."""
    return Sheet(
        question="Should our main street be closed to cars?",
        opinions=(*OPINIONS.values(), ""),
        statements=TEXTS,
        person=np.repeat(np.arange(4), 3),
        statement=np.tile(np.arange(3), 4),
        ratings=np.full(12, np.nan),
        context="The council votes in May.",
    )


def part_of(sheet: Sheet, pairs: np.ndarray) -> Sheet:
    return replace(
        sheet,
        person=sheet.person[pairs],
        statement=sheet.statement[pairs],
        ratings=sheet.ratings[pairs],
    )


def test_shape_range_and_name(scorer: Scorer) -> None:
    forecast = scorer.score(make_sheet(), Unwatched())
    said = ~np.isnan(forecast.expected)
    assert forecast.expected.shape == forecast.spread.shape == (12,)
    assert ((forecast.expected[said] >= 1) & (forecast.expected[said] <= 7)).all()
    assert ((forecast.spread[said] > 0) & (forecast.spread[said] <= 3)).all()
    assert scorer.name


def test_silent_exactly_where_there_is_no_opinion(scorer: Scorer) -> None:
    sheet = make_sheet()
    forecast = scorer.score(sheet, Unwatched())
    np.testing.assert_array_equal(np.isnan(forecast.expected), sheet.person == SILENT)


def test_blank_opinions_are_none(scorer: Scorer) -> None:
    sheet = replace(make_sheet(), opinions=(" \n", *make_sheet().opinions[1:]))
    silent = np.isnan(scorer.score(sheet, Unwatched()).expected)
    np.testing.assert_array_equal(silent, np.isin(sheet.person, (0, SILENT)))


def test_the_same_sheet_gives_the_same_forecast(scorer: Scorer) -> None:
    first, again = (scorer.score(make_sheet(), Unwatched()) for _ in range(2))
    np.testing.assert_array_equal(first.expected, again.expected)
    np.testing.assert_array_equal(first.spread, again.spread)


def test_the_order_of_pairs_does_not_matter(scorer: Scorer) -> None:
    sheet = make_sheet()
    shuffled = np.random.default_rng(0).permutation(sheet.size)
    straight = scorer.score(sheet, Unwatched())
    mixed = scorer.score(part_of(sheet, shuffled), Unwatched())
    np.testing.assert_allclose(mixed.expected, straight.expected[shuffled], atol=1e-9)
    np.testing.assert_allclose(mixed.spread, straight.spread[shuffled], atol=1e-9)


def test_a_pair_asked_twice_gets_the_same_answer_twice(scorer: Scorer) -> None:
    twice = part_of(make_sheet(), np.array([4, 4, 0]))
    forecast = scorer.score(twice, Unwatched())
    assert forecast.expected[0] == pytest.approx(forecast.expected[1], abs=1e-9)


def test_known_ratings_are_accepted_and_their_pairs_forecast_too(scorer: Scorer) -> None:
    sheet = make_sheet()
    ratings = sheet.ratings.copy()
    ratings[[0, 4, 9]] = (7.0, 1.0, 3.5)
    forecast = scorer.score(replace(sheet, ratings=ratings), Unwatched())
    assert not np.isnan(forecast.expected[sheet.person != SILENT]).any()


def test_a_sheet_without_pairs_is_answered(scorer: Scorer) -> None:
    none = np.empty(0, dtype=np.int64)
    assert scorer.score(part_of(make_sheet(), none), Unwatched()).expected.shape == (0,)
    bare = replace(part_of(make_sheet(), none), opinions=(), statements=())
    assert scorer.score(bare, Unwatched()).expected.shape == (0,)


def test_a_sheet_on_which_nobody_has_an_opinion_is_answered_with_silence(scorer: Scorer) -> None:
    sheet = replace(make_sheet(), opinions=("",) * 4)
    assert np.isnan(scorer.score(sheet, Unwatched()).expected).all()


class Stopping(Unwatched):
    def stopped(self) -> bool:
        return True


def test_a_stop_is_obeyed(scorer: Scorer) -> None:
    with pytest.raises(Cancelled):
        scorer.score(make_sheet(), Stopping())


class Noting(Unwatched):
    def __init__(self) -> None:
        self.seen: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)


def test_progress_ends_complete(scorer: Scorer) -> None:
    watch = Noting()
    scorer.score(make_sheet(), watch)
    assert {progress.stage for progress in watch.seen} == {"predict"}
    assert watch.seen[-1].done == watch.seen[-1].total == 12

"""The trained model as a scorer: when it is silent, what it reads, how wide its intervals are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import Cancelled
from acuerdo.domain.sheets import Sheet
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Progress, Unwatched
from acuerdo.predict import PreferenceModel, PreferenceScorer
from acuerdo.predict.preference import scorer as scoring
from tests.predict.preference.made import THRESHOLDS, make_model, make_sheet

OPINIONS = ("Trees cool the street in summer.", "Cars need the street.", "More trees, less cars!")
STATEMENTS = (
    "Plant trees along the street.",
    "Keep the street for cars.",
    "Nothing changes.",
)


def make_scorer(model: PreferenceModel | None = None) -> PreferenceScorer:
    embedder = HashedEmbedder(32)
    return PreferenceScorer(model or make_model(), embedder, embedder)


def silent(sheet: Sheet, model: PreferenceModel | None = None) -> np.ndarray:
    forecast = make_scorer(model).score(sheet, Unwatched())
    return np.isnan(forecast.expected).reshape(len(sheet.opinions), -1)


def test_a_forecast_is_the_calibrated_latent() -> None:
    sheet = make_sheet(OPINIONS, STATEMENTS)
    scorer = make_scorer()
    latents = scorer.latents(sheet, Unwatched())
    expected, spread = make_model().calibration.expected_and_spread(latents)
    forecast = scorer.score(sheet, Unwatched())
    np.testing.assert_array_equal(forecast.expected, expected)
    np.testing.assert_array_equal(forecast.spread, spread)
    assert forecast.expected.std() > 0.01


@pytest.mark.parametrize("text", ["", "  \n", "12 345", "?!", "Δεν θέλω δέντρα"])
def test_silent_where_a_text_gives_no_ground(text: str) -> None:
    said = silent(make_sheet((*OPINIONS, text), STATEMENTS))
    assert said.tolist() == [[False] * 3] * 3 + [[True] * 3]
    stated = silent(make_sheet(OPINIONS, (*STATEMENTS, text)))
    assert stated.tolist() == [[False] * 3 + [True]] * 3


def test_who_gives_no_ground_changes_nothing_for_the_others() -> None:
    few, many = (make_sheet(o, STATEMENTS) for o in (OPINIONS, (*OPINIONS, "12 345 !?")))
    alone = make_scorer().latents(few, Unwatched())
    np.testing.assert_allclose(make_scorer().latents(many, Unwatched())[: few.size], alone)


def test_silent_off_topic() -> None:
    sheet = make_sheet((*OPINIONS, "Qwertz uiop asdf"), STATEMENTS)
    assert not silent(sheet, make_model(least_likeness=-1.0)).any()
    strict = silent(sheet, make_model(least_likeness=0.3))
    assert strict.tolist() == [[False] * 3] * 3 + [[True] * 3]


def test_known_ratings_change_nothing() -> None:
    sheet = make_sheet(OPINIONS, STATEMENTS)
    rated = replace(sheet, ratings=np.where(np.arange(sheet.size) % 2, 7.0, np.nan))
    scorer = make_scorer()
    np.testing.assert_array_equal(
        scorer.score(rated, Unwatched()).expected, scorer.score(sheet, Unwatched()).expected
    )


@pytest.mark.parametrize("block", [1, 2, 5, 9])
def test_blocks_leave_no_seam(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    sheet = make_sheet((*OPINIONS, ""), STATEMENTS)
    whole = make_scorer().latents(sheet, Unwatched())
    monkeypatch.setattr(scoring, "BLOCK", block)
    np.testing.assert_allclose(make_scorer().latents(sheet, Unwatched()), whole, atol=1e-6)


class Watching(Unwatched):
    def __init__(self, stop_after: int = 1000) -> None:
        self.seen: list[Progress] = []
        self._stop_after = stop_after

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def stopped(self) -> bool:
        return len(self.seen) >= self._stop_after


def test_progress_rises_block_by_block_and_counts_silent_pairs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scoring, "BLOCK", 4)
    watch = Watching()
    make_scorer().score(make_sheet((*OPINIONS, ""), STATEMENTS), watch)
    assert [(p.done, p.total) for p in watch.seen] == [(7, 12), (11, 12), (12, 12)]
    watch = Watching()
    make_scorer().score(make_sheet(("", "1"), STATEMENTS), watch)
    assert [(p.done, p.total) for p in watch.seen] == [(6, 6)]


def test_a_stop_between_blocks_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "BLOCK", 4)
    watch = Watching(stop_after=1)
    with pytest.raises(Cancelled):
        make_scorer().score(make_sheet(OPINIONS, STATEMENTS), watch)
    assert len(watch.seen) == 1


def test_intervals_hold_the_expectation_and_widen_with_the_level() -> None:
    sheet = make_sheet((*OPINIONS, ""), STATEMENTS)
    scorer = make_scorer()
    forecast = scorer.score(sheet, Unwatched())
    said = ~np.isnan(forecast.expected)
    narrower = np.zeros(sheet.size)
    for level in (0.1, 0.5, 0.8, 0.95):
        low, high = scorer.interval(sheet, level)
        np.testing.assert_array_equal(np.isnan(low), ~said)
        np.testing.assert_array_equal(np.isnan(high), ~said)
        assert (low[said] >= 1).all()
        assert (high[said] <= 7).all()
        assert (low[said] <= forecast.expected[said]).all()
        assert (forecast.expected[said] <= high[said]).all()
        assert (high[said] - low[said] > narrower[said]).all()
        narrower = high - low


def test_at_the_calibrated_level_the_width_is_the_radius() -> None:
    calibration = Calibration(1.0, THRESHOLDS, radius=0.5, coverage=0.8)
    scorer = make_scorer(make_model(calibration=calibration))
    sheet = make_sheet(OPINIONS, STATEMENTS)
    forecast = scorer.score(sheet, Unwatched())
    low, high = scorer.interval(sheet, 0.8)
    inside = (low > 1) & (high < 7)
    assert inside.any()
    np.testing.assert_allclose((high - low)[inside], forecast.spread[inside])


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, 80])
def test_a_level_that_is_none(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        make_scorer().interval(make_sheet(OPINIONS, STATEMENTS), level)

"""Scorers by name and by folder: the right kind, and clear words where there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import SettingsError, WeightsError
from acuerdo.llm import encoder_parts
from acuerdo.ports import Scorer, Unwatched
from acuerdo.predict import FactorScorer, PreferenceScorer, save_model
from acuerdo.settings import read_settings
from acuerdo.wiring import STATEMENT_ONLY, scorer_named
from tests.predict.preference.made import make_model, make_sheet

SHEET = make_sheet(
    ["Trees cool the street in summer.", "My shop needs the street.", "I like it as it is."],
    ["Plant trees along the street.", "Keep the street for cars."],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence model of random weights on the encoder's own arrays."""
    path = tmp_path_factory.mktemp("model")
    save_model(make_model(512, encoder=encoder_parts().arrays), path)
    return path


def named(name: str, *, with_ratings: bool = False) -> Scorer:
    return scorer_named(name, read_settings(), Unwatched(), with_ratings=with_ratings)


def expected(name: str) -> np.ndarray:
    return named(name).score(SHEET, Unwatched()).expected.reshape(3, 2)


def test_a_folder_of_a_sentence_model_is_a_scorer(folder: Path) -> None:
    assert isinstance(named(str(folder)), PreferenceScorer)
    found = expected(str(folder))
    assert not np.isnan(found).any()
    assert np.ptp(found, axis=0).min() > 0.001, "people differ"


def test_it_can_be_asked_about_statements_alone(folder: Path) -> None:
    found = expected(f"{STATEMENT_ONLY}{folder}")
    np.testing.assert_allclose(np.ptp(found, axis=0), 0, atol=1e-9)
    assert found[0, 0] != found[0, 1]


def test_ratings_can_be_brought_in(folder: Path) -> None:
    assert isinstance(named(str(folder), with_ratings=True), FactorScorer)


def test_nobody_knows_the_name(tmp_path: Path) -> None:
    for name in ("sophistry", str(tmp_path / "nowhere")):
        with pytest.raises(SettingsError, match="no predictor called") as error:
            named(name)
        assert "trained" in error.value.fix


@pytest.mark.parametrize("spoiled", ["weights.npz", "card.json"])
def test_a_damaged_folder_says_which_file(folder: Path, tmp_path: Path, spoiled: str) -> None:
    for name in ("weights.npz", "card.json"):
        content = (folder / name).read_bytes()
        cut = name == spoiled
        (tmp_path / name).write_bytes(content[:-5] if cut else content)
    with pytest.raises(WeightsError) as error:
        named(str(tmp_path))
    assert error.value.where == str(tmp_path / spoiled)


def test_statements_alone_need_a_sentence_model(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no card"):
        named(f"{STATEMENT_ONLY}{tmp_path}")


def test_another_kind_of_folder_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "acuerdo.neural", None)
    with pytest.raises(SettingsError, match="not installed") as error:
        named(str(tmp_path))
    assert error.value.where == str(tmp_path)
    assert "acuerdo[train]" in error.value.fix

"""The model that comes with the package: there, small, described, and free of torch."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

from acuerdo.predict import FEATURES, PreferenceModel, shipped_model

SHIPPED = files("acuerdo.predict.preference") / "shipped"
MEGABYTES = 30
WITHOUT_TORCH = """
import sys
import acuerdo
from acuerdo.domain.sheets import Sheet
from acuerdo.ports import Unwatched
from acuerdo.settings import read_settings
from acuerdo.wiring import scorer_named
import numpy as np

sheet = Sheet(
    question="Should our main street be closed to cars?",
    opinions=("I want it closed to traffic at weekends.", "Closing it would hurt my shop."),
    statements=("We close the main street to cars on Sundays.",),
    person=np.array([0, 1]),
    statement=np.array([0, 0]),
    ratings=np.full(2, np.nan),
)
found = scorer_named("trained", read_settings(), Unwatched()).score(sheet, Unwatched())
assert not np.isnan(found.expected).any(), found
heavy = {"torch", "transformers", "matplotlib", "pyarrow", "pandas"} & set(sys.modules)
assert not heavy, heavy
"""


@pytest.fixture(scope="module")
def model() -> PreferenceModel:
    return shipped_model()


def test_it_is_small(model: PreferenceModel) -> None:
    size = sum(len(file.read_bytes()) for file in SHIPPED.iterdir())
    assert size <= MEGABYTES * 2**20
    assert model.encoder


def test_its_card_says_what_it_learned_from(model: PreferenceModel) -> None:
    assert model.card["data"]
    for entry in model.card["data"]:
        assert entry["source"]
        assert entry["licence"], entry["source"]
        assert entry["languages"], entry["source"]
        assert entry["rows"] > 0
    assert {entry["phase"] for entry in model.card["data"]} == {"stance", "ratings"}


def test_its_card_says_what_it_cannot_do_and_how_it_was_calibrated(model: PreferenceModel) -> None:
    assert all(limit.endswith(".") for limit in model.card["limits"])
    assert model.card["limits"]
    assert model.card["calibrated_on"]["rows"] > 0
    assert model.card["calibrated_on"]["questions"] > 1
    assert set(model.card["features"]) == set(FEATURES)


def test_it_needs_no_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

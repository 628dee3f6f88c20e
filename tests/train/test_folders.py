"""Run folders of networks as scorers by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.datasets import write_judgements
from acuerdo.domain.errors import WeightsError
from acuerdo.neural import NeuralScorer
from acuerdo.ports import Scorer, Unwatched
from acuerdo.settings import read_settings
from acuerdo.train import Run, train_predictor
from acuerdo.wiring import scorer_named
from tests.train import invented, tiny

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::FutureWarning")]


def named(folder: Path) -> Scorer:
    return scorer_named(str(folder), read_settings(), Unwatched())


def test_a_trained_network_is_found_by_its_folder_and_damage_is_named(tmp_path: Path) -> None:
    write_judgements(invented.judgements(8), tmp_path / "judgements.parquet")
    run = Run.model_validate(
        {
            "name": "tiny",
            "kind": "cross_encoder",
            "base": str(tiny.encoder(tmp_path / "encoder")),
            "data": ({"reader": "parquet", "path": str(tmp_path / "judgements.parquet")},),
            "training": {"steps": 1, "batch": 8, "max_tokens": 64, "device": "cpu"},
        }
    )
    folder = train_predictor(run, tmp_path / "model", Unwatched())
    assert isinstance(named(folder), NeuralScorer)
    (weights,) = (folder / "model").glob("model*.safetensors")
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="not the weights that the card describes") as error:
        named(folder)
    assert error.value.where == str(weights)


def test_an_empty_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no card"):
        named(tmp_path)

"""Whole runs on tiny random networks: what comes out, and going on after a kill."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from acuerdo.datasets import write_judgements
from acuerdo.domain.errors import Cancelled, InputError, ModelError, WeightsError
from acuerdo.neural import Batch, CrossEncoder, NeuralScorer, read_card
from acuerdo.ports import Unwatched
from acuerdo.train import Run, learner, train_predictor
from tests.train import invented, tiny
from tests.train.watcher import Killed, Watcher

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::FutureWarning")]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny encoder, a tiny causal model and judgements."""
    folder = tmp_path_factory.mktemp("shelf")
    tiny.encoder(folder / "encoder")
    tiny.causal(folder / "causal")
    write_judgements(invented.judgements(8), folder / "judgements.parquet")
    return folder


def run_of(shelf: Path, kind: str = "cross_encoder", **training: Any) -> Run:
    settings = {
        "steps": 12,
        "batch": 8,
        "learning_rate": 1e-3,
        "max_tokens": 64,
        "checkpoint_every": 5,
        "validate_every": 4,
        "device": "cpu",
        "precision": "fp32",
        **training,
    }
    return Run.model_validate(
        {
            "name": "tiny",
            "kind": kind,
            "base": str(shelf / ("causal" if kind == "causal" else "encoder")),
            "data": ({"reader": "parquet", "path": str(shelf / "judgements.parquet")},),
            "training": settings,
        }
    )


def weights(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "model").glob("*.safetensors")}


@pytest.mark.parametrize("kind", ["cross_encoder", "causal"])
def test_a_run_leaves_a_folder_that_predicts(shelf: Path, tmp_path: Path, kind: str) -> None:
    run = run_of(shelf, kind, steps=60)
    watch = Watcher()
    train_predictor(run, tmp_path, watch, text="name = 'tiny'\n")

    assert (tmp_path / "config.toml").read_text() == "name = 'tiny'\n"
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    with (tmp_path / "curves.csv").open() as file:
        steps = [int(point["step"]) for point in csv.DictReader(file)]
    assert steps == list(range(4, 61, 4))[: len(steps)]
    card = read_card(tmp_path)
    assert [entry["rows"] for entry in card["data"]] == [72, 24]
    assert card["data"][0]["licence"] == "CC0"
    assert watch.seen[-1].note.endswith("0 s left") or "left" in watch.seen[-1].note
    assert not (tmp_path / "checkpoints").exists()

    table = invented.judgements(8)
    sheet = table.sheet(next(table.questions()))
    forecast = NeuralScorer(tmp_path).score(sheet, Unwatched())
    assert forecast.expected.shape == (12,)
    assert not np.isnan(forecast.expected).any()


def test_training_learns(shelf: Path, tmp_path: Path) -> None:
    train_predictor(run_of(shelf, steps=120, patience=100), tmp_path, Unwatched())
    assert read_card(tmp_path)["measures"]["validation_pairwise_accuracy"] > 0.8


@pytest.mark.parametrize("kind", ["cross_encoder", "causal"])
def test_killed_and_resumed_is_the_same_bit_for_bit(shelf: Path, tmp_path: Path, kind: str) -> None:
    run = run_of(shelf, kind)
    train_predictor(run, tmp_path / "whole", Unwatched())
    for kill_at in (7, 11):
        with pytest.raises(Killed):
            train_predictor(run, tmp_path / "killed", Watcher(kill_at=kill_at))
    watch = Watcher()
    train_predictor(run, tmp_path / "killed", watch)

    assert watch.seen[0].done == 11, "goes on behind the checkpoint of step 10"
    assert weights(tmp_path / "killed") == weights(tmp_path / "whole")
    assert (tmp_path / "killed" / "curves.csv").read_text() == (
        tmp_path / "whole" / "curves.csv"
    ).read_text()


def test_stopped_keeps_a_checkpoint_of_that_step(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf)
    with pytest.raises(Cancelled):
        train_predictor(run, tmp_path / "stopped", Watcher(stop_at=3))
    assert [path.name for path in (tmp_path / "stopped/checkpoints/last").iterdir()] == [
        "step-00000003"
    ]
    watch = Watcher()
    train_predictor(run, tmp_path / "stopped", watch)
    train_predictor(run, tmp_path / "whole", Unwatched())
    assert watch.seen[0].done == 4
    assert weights(tmp_path / "stopped") == weights(tmp_path / "whole")


def test_fresh_starts_again_and_finished_stays(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf, steps=4)
    train_predictor(run, tmp_path, Unwatched())
    watch = Watcher()
    train_predictor(run, tmp_path, watch)
    assert not watch.seen
    train_predictor(run, tmp_path, watch, fresh=True)
    assert watch.seen[0].done == 1


def test_another_run_does_not_take_up_a_checkpoint(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        train_predictor(run_of(shelf), tmp_path, Watcher(stop_at=2))
    with pytest.raises(WeightsError, match="another run file") as error:
        train_predictor(run_of(shelf, seed=1), tmp_path, Unwatched())
    assert "--fresh" in error.value.fix


def test_a_truncated_checkpoint_is_an_error(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        train_predictor(run_of(shelf), tmp_path, Watcher(stop_at=2))
    (kept,) = (tmp_path / "checkpoints" / "last").glob("*/weights.safetensors")
    kept.write_bytes(kept.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="truncated"):
        train_predictor(run_of(shelf), tmp_path, Unwatched())


def test_patience_ends_training_and_the_best_weights_stay(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf, steps=400, learning_rate=0.02, patience=2)
    train_predictor(run, tmp_path, Unwatched())
    measures = read_card(tmp_path)["measures"]
    assert measures["steps"]["ratings"] == measures["best_step"]["ratings"] + 8
    with (tmp_path / "curves.csv").open() as file:
        losses = [float(point["validation_loss"]) for point in csv.DictReader(file)]
    assert measures["validation_loss_per_person"] == pytest.approx(min(losses), abs=1e-5)


def test_a_loss_that_is_no_number_names_the_step(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = learner.ordinal_loss
    calls = iter(range(100))

    def broken(*given: torch.Tensor) -> torch.Tensor:
        return true(*given) * (float("nan") if next(calls) == 2 else 1.0)

    monkeypatch.setattr(learner, "ordinal_loss", broken)
    with pytest.raises(ModelError, match="step 3 of phase ratings") as error:
        train_predictor(run_of(shelf), tmp_path, Unwatched())
    assert "checkpoint" in error.value.fix


def test_out_of_memory_halves_the_batch_says_so_and_takes_the_same_steps(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = CrossEncoder.forward

    def small(self: CrossEncoder, batch: Batch) -> torch.Tensor:
        if self.training and len(batch) > 4:
            raise torch.OutOfMemoryError
        return true(self, batch)

    base = str(tiny.encoder(tmp_path / "calm", dropout=0.0))
    run = run_of(shelf, steps=6, dropout=0.0, patience=10).model_copy(update={"base": base})
    train_predictor(run, tmp_path / "whole", Unwatched())
    monkeypatch.setattr(CrossEncoder, "forward", small)
    watch = Watcher()
    train_predictor(run, tmp_path / "small", watch)
    said = [progress.note for progress in watch.seen if "out of memory" in progress.note]
    assert said == ["out of memory: batches are now read in 2 parts"]
    name = "model/model.safetensors"
    small_steps = load_file(tmp_path / "small" / name)
    for key, value in load_file(tmp_path / "whole" / name).items():
        torch.testing.assert_close(small_steps[key], value, rtol=1e-3, atol=1e-4)


def test_one_person_who_does_not_fit_is_an_error(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(self: CrossEncoder, batch: Batch) -> torch.Tensor:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(CrossEncoder, "forward", none)
    with pytest.raises(ModelError, match="too little memory") as error:
        train_predictor(run_of(shelf), tmp_path, Unwatched())
    assert "max_tokens" in error.value.fix


def test_an_empty_part_is_an_error(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf)
    entry = run.data[0].model_copy(update={"validation": ("nowhere",)})
    with pytest.raises(InputError, match="no rows in nowhere") as error:
        train_predictor(run.model_copy(update={"data": (entry,)}), tmp_path, Unwatched())
    assert "train, validation" in error.value.fix


def test_a_card_that_does_not_match_its_weights(shelf: Path, tmp_path: Path) -> None:
    train_predictor(run_of(shelf, steps=2), tmp_path, Unwatched())
    card = json.loads((tmp_path / "card.json").read_text())
    card["sha256"]["model/head.safetensors"] = "0" * 64
    (tmp_path / "card.json").write_text(json.dumps(card))
    with pytest.raises(WeightsError, match="not the weights that the card describes"):
        NeuralScorer(tmp_path)

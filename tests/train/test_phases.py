"""Two phases: arguments first, then judgements, and going on after a kill in either."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from acuerdo.datasets import write_judgements
from acuerdo.neural import read_card
from acuerdo.ports import Unwatched
from acuerdo.train import Run, train_predictor
from tests.train import invented, tiny
from tests.train.watcher import Killed, Watcher

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("phases")
    tiny.encoder(folder / "encoder")
    write_judgements(invented.judgements(8), folder / "judgements.parquet")
    (folder / "arguments").mkdir()
    with (folder / "arguments" / "arg_quality_rank_30k.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["argument", "topic", "set", "WA", "MACE-P", "stance_WA", "stance_WA_conf"])
        for number in range(40):
            side = 1 if number % 2 else -1
            said = f"{'ban cars' if side > 0 else 'keep cars'} {invented.WORDS[number % 30]}"
            writer.writerow([said, f"thesis {number // 8}", "train", 0.5, 0.5, side, 1.0])
    return Run.model_validate(
        {
            "name": "phases",
            "kind": "cross_encoder",
            "base": str(folder / "encoder"),
            "data": ({"reader": "parquet", "path": str(folder / "judgements.parquet")},),
            "stance": {
                "data": ({"reader": "ibm_argq_rank_30k", "path": str(folder / "arguments")},),
                "steps": 6,
                "per_argument": 4,
            },
            "training": {
                "steps": 8,
                "batch": 8,
                "learning_rate": 1e-3,
                "max_tokens": 64,
                "checkpoint_every": 3,
                "validate_every": 2,
                "device": "cpu",
                "precision": "fp32",
            },
        }
    )


def test_both_phases_are_trained_and_told(run: Run, tmp_path: Path) -> None:
    watch = Watcher()
    train_predictor(run, tmp_path, watch)
    assert [progress.stage for progress in watch.seen][:14] == ["train stance"] * 6 + [
        "train ratings"
    ] * 8
    card = read_card(tmp_path)
    assert set(card["thresholds"]) == {"ibm_argq_rank_30k (binary)", "invented (vote)"}
    assert {entry["phase"] for entry in card["data"]} == {"stance", "ratings"}
    with (tmp_path / "curves.csv").open() as file:
        assert [point["phase"] for point in csv.DictReader(file)][:4] == ["stance"] * 3 + [
            "ratings"
        ]


@pytest.mark.parametrize("kill_in", ["stance", "ratings"])
def test_a_kill_in_a_phase_changes_nothing(run: Run, tmp_path: Path, kill_in: str) -> None:
    train_predictor(run, tmp_path / "whole", Unwatched())
    with pytest.raises(Killed):
        train_predictor(run, tmp_path / "killed", Watcher(kill_at=5, stage=f"train {kill_in}"))
    train_predictor(run, tmp_path / "killed", Unwatched())
    for name in ("model/model.safetensors", "model/head.safetensors", "curves.csv"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()

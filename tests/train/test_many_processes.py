"""Two processes train what one would, from the same run file."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from acuerdo.datasets import write_judgements
from acuerdo.neural import read_card
from acuerdo.ports import Unwatched
from acuerdo.train import read_run, train_predictor
from tests.train import invented, tiny
from tests.train.two_processes import train_in_two

pytestmark = [pytest.mark.training, pytest.mark.slow]

RUN = """
name = "two"
kind = "cross_encoder"
base = "{folder}/encoder"

[[data]]
reader = "parquet"
path = "{folder}/judgements.parquet"

[training]
steps = 6
batch = 8
accumulation = 2
learning_rate = 1e-3
max_tokens = 64
dropout = 0.0
device = "cpu"
precision = "fp32"
validate_every = 3
"""


def test_two_processes_come_to_the_weights_of_one(tmp_path: Path) -> None:
    """Gradients are added up over people, wherever they were read, so only rounding differs."""
    tiny.encoder(tmp_path / "encoder")
    write_judgements(invented.judgements(8), tmp_path / "judgements.parquet")
    run_file = tmp_path / "run.toml"
    run_file.write_text(RUN.format(folder=tmp_path))
    train_predictor(read_run(run_file), tmp_path / "one", Unwatched())

    train_in_two(run_file, tmp_path / "two")

    name = "model/model.safetensors"
    alone, together = load_file(tmp_path / "one" / name), load_file(tmp_path / "two" / name)
    for key, value in alone.items():
        torch.testing.assert_close(together[key], value, rtol=1e-3, atol=1e-4)
    losses = [
        read_card(tmp_path / folder)["measures"]["validation_loss_per_person"]
        for folder in ("one", "two")
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)

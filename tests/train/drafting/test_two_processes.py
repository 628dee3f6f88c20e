"""Two processes tune what one would, from the same run file, with whole weights or with shards."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from acuerdo.neural import read_card
from acuerdo.ports import Unwatched
from acuerdo.train import read_drafter_run, train_drafter
from acuerdo.train.drafting.finishing import FORMAT
from tests.train.drafting import small
from tests.train.two_processes import train_in_two

pytestmark = [pytest.mark.training, pytest.mark.slow]

RUN = """
name = "two"
kind = "drafter"
base = "{folder}/llama"

[[data]]
reader = "statements"
path = "{folder}/groups.jsonl"

[lora]
rank = 4
alpha = 8.0

[training]
steps = 6
batch = 1
accumulation = 2
row_tokens = 256
learning_rate = 5e-3
validate_every = 3
precision = "fp32"
device = "cpu"

[samples]
groups = 1
tokens = 4
"""


PREFERENCES = """
[dpo]
pairs = ["{folder}/pairs.jsonl"]
sft_weight = 0.5
"""


@pytest.mark.parametrize("shards", [(), ("fsdp",)], ids=["whole", "shards"])
def test_two_processes_come_to_the_weights_of_one(tmp_path: Path, shards: tuple[str, ...]) -> None:
    """The loss is a mean over tokens, wherever they were read, so only rounding differs."""
    small.llama(tmp_path / "llama")
    small.groups(tmp_path / "groups.jsonl")
    run_file = tmp_path / "run.toml"
    run_file.write_text(RUN.format(folder=tmp_path))
    assert_one_is_as_two(run_file, tmp_path, *shards)


def test_two_processes_learn_the_preferences_that_one_does(tmp_path: Path) -> None:
    small.llama(tmp_path / "llama")
    small.groups(tmp_path / "groups.jsonl")
    small.pairs(tmp_path / "pairs.jsonl")
    run_file = tmp_path / "run.toml"
    run_file.write_text((RUN + PREFERENCES).format(folder=tmp_path))
    assert_one_is_as_two(run_file, tmp_path)


def assert_one_is_as_two(run_file: Path, tmp_path: Path, *shards: str) -> None:
    train_drafter(read_drafter_run(run_file), tmp_path / "one", Unwatched())
    train_in_two(run_file, tmp_path / "two", *shards)
    name = "adapter/adapter_model.safetensors"
    alone, together = load_file(tmp_path / "one" / name), load_file(tmp_path / "two" / name)
    assert alone.keys() == together.keys()
    for key, value in alone.items():
        torch.testing.assert_close(together[key], value, rtol=1e-3, atol=1e-4)
    losses = [
        read_card(tmp_path / folder, FORMAT)["measures"]["held_out_loss"]
        for folder in ("one", "two")
    ]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)

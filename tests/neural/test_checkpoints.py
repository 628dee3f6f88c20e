"""Checkpoints and cards: whole or not there, and never mistaken for others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from acuerdo.domain.errors import WeightsError
from acuerdo.neural import (
    Checkpoint,
    kept_weights,
    load_checkpoint,
    load_weights,
    read_card,
    save_checkpoint,
    write_card,
)

pytestmark = pytest.mark.training


def checkpoint(step: int) -> Checkpoint:
    weights = {"a": torch.full((2, 2), float(step)), "b": torch.arange(3)}
    return Checkpoint(step, weights, {"m:a": torch.ones(2, 2)}, {"position": [1, 2]})


def test_it_comes_back_as_it_was_and_older_ones_go(tmp_path: Path) -> None:
    assert load_checkpoint(tmp_path) is None
    for step in (9, 10, 100):
        save_checkpoint(tmp_path, checkpoint(step))
    back = load_checkpoint(tmp_path)
    assert back is not None
    assert back.step == 100
    assert back.state == {"position": [1, 2]}
    assert torch.equal(back.weights["a"], torch.full((2, 2), 100.0))
    assert back.weights["b"].dtype == torch.int64
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000100"]


def test_those_of_later_steps_stem_from_a_course_that_was_given_up(tmp_path: Path) -> None:
    for step in (9, 10, 100, 50):
        save_checkpoint(tmp_path, checkpoint(step), keep=0)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["step-00000009", "step-00000010", "step-00000050"]
    save_checkpoint(tmp_path, checkpoint(12), keep=2)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["step-00000010", "step-00000012"]


def test_a_kill_while_writing_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path, checkpoint(1))

    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            save_checkpoint(tmp_path, checkpoint(2))
    back = load_checkpoint(tmp_path)
    assert back is not None
    assert back.step == 1
    save_checkpoint(tmp_path, checkpoint(2))
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000002"]


@pytest.mark.parametrize("name", ["weights.safetensors", "optimizer.safetensors", "state.json"])
def test_truncated_files_are_errors(tmp_path: Path, name: str) -> None:
    path = save_checkpoint(tmp_path, checkpoint(1)) / name
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(WeightsError, match=r"truncated|cannot be read") as error:
        load_checkpoint(tmp_path)
    assert "--fresh" in error.value.fix


def test_weights_of_another_network_are_an_error() -> None:
    small, large = torch.nn.Linear(2, 2), torch.nn.Linear(2, 3)
    with pytest.raises(WeightsError, match="another network"):
        load_weights(large, kept_weights(small), "here")
    load_weights(torch.nn.Linear(2, 2), kept_weights(small), "here")


def test_a_card_vouches_for_its_weights(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"abc")
    write_card(tmp_path, {"name": "x", "measures": {"loss": 1.5}}, ("weights",))
    assert read_card(tmp_path)["measures"] == {"loss": 1.5}
    (tmp_path / "weights").write_bytes(b"abd")
    with pytest.raises(WeightsError, match="not the weights that the card describes"):
        read_card(tmp_path)
    (tmp_path / "weights").unlink()
    with pytest.raises(WeightsError, match="cannot be read"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"format": "acuerdo-predictor/1", "sha256": {}})]
)
def test_cards_that_are_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(WeightsError, match="no card"):
        read_card(tmp_path)
    (tmp_path / "card.json").write_text(text)
    with pytest.raises(WeightsError):
        read_card(tmp_path)


def test_a_card_does_not_take_what_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"abc")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_card(tmp_path, {"loss": float(np.nan)}, ("weights",))

"""The first lesson of a sentence model: it learns, goes on after a kill, and says what is wrong."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acuerdo.domain.errors import Cancelled, InputError, ModelError, WeightsError
from acuerdo.ports import Unwatched
from acuerdo.train import Run, encoder
from acuerdo.train.encoder import TunedEncoder, train_encoder
from tests.train.sentence_parts import tiny_parts, write_arguments
from tests.train.watcher import Killed, Watcher

pytestmark = pytest.mark.training


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published encoder would take seconds a step."""
    monkeypatch.setattr(encoder, "encoder_parts", tiny_parts)
    monkeypatch.setattr(encoder, "VALIDATION_BATCHES", 2)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_arguments(tmp_path_factory.mktemp("arguments"))


def run_of(shelf: Path, **changes: Any) -> Run:
    arguments = {
        "reader": "ibm_argq_rank_30k",
        "path": str(shelf),
        "shares": {"train": 0.5, "validation": 0.5},
    }
    training = {
        "steps": 12,
        "learning_rate": 1e-2,
        "head_learning_rate": 1e-2,
        "checkpoint_every": 5,
        "validate_every": 4,
        "max_tokens": 32,
        "precision": "fp32",
        **changes.pop("training", {}),
    }
    settings: dict[str, Any] = {
        "name": "tiny",
        "kind": "sentences",
        "data": ({"reader": "parquet", "path": "nowhere"},),
        "stance": {"data": (arguments,)},
        "sentences": {"theses": (2,), "texts": 6},
        "training": training,
    }
    return Run.model_validate(settings | changes)


def trained(run: Run, folder: Path, watch: Any = None, *, fresh: bool = False) -> TunedEncoder:
    folder.mkdir(exist_ok=True)
    return train_encoder(run, folder, watch or Unwatched(), fresh=fresh)


def assert_same(one: TunedEncoder, other: TunedEncoder) -> None:
    for name, array in one.arrays.items():
        np.testing.assert_array_equal(array, other.arrays[name], err_msg=name)
    np.testing.assert_array_equal(one.stance_weights, other.stance_weights)
    np.testing.assert_array_equal(one.stance_bias, other.stance_bias)
    assert one.measures == other.measures


def test_it_learns_and_leaves_curves(shelf: Path, tmp_path: Path) -> None:
    found = trained(run_of(shelf, training={"steps": 60, "validate_every": 20}), tmp_path)
    assert found.measures["steps"] == 60
    assert found.measures["validation_loss"] < np.log(2)
    assert found.measures["validation_pairs_right"] > 0.8, "theses it has not seen"
    assert any((array != tiny_parts().arrays[name]).any() for name, array in found.arrays.items())
    with (tmp_path / "curves.csv").open() as file:
        assert [int(point["step"]) for point in csv.DictReader(file)] == [20, 40, 60]
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_it_says_which_arguments_it_learned_from(shelf: Path, tmp_path: Path) -> None:
    found = trained(run_of(shelf, training={"steps": 1}), tmp_path)
    training, validation = found.data
    assert [training["part"], validation["part"]] == ["train", "validation"]
    assert training["rows"] == validation["rows"] == 30
    assert not set(training["conversations"]) & set(validation["conversations"])


def test_killed_and_resumed_is_the_same_bit_for_bit(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf)
    whole = trained(run, tmp_path / "whole")
    for kill_at in (7, 11):
        with pytest.raises(Killed):
            trained(run, tmp_path / "killed", Watcher(kill_at=kill_at))
    watch = Watcher()
    resumed = trained(run, tmp_path / "killed", watch)
    assert watch.seen[0].done == 11, "goes on behind the checkpoint of step 10"
    assert_same(resumed, whole)
    curves = [(tmp_path / name / "curves.csv").read_text() for name in ("whole", "killed")]
    assert curves[0] == curves[1]


def test_stopped_keeps_a_checkpoint_of_that_step(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf)
    with pytest.raises(Cancelled):
        trained(run, tmp_path / "stopped", Watcher(stop_at=3))
    assert [path.name for path in (tmp_path / "stopped" / "checkpoints").iterdir()] == [
        "step-00000003"
    ]
    watch = Watcher()
    resumed = trained(run, tmp_path / "stopped", watch)
    assert watch.seen[0].done == 4
    assert_same(resumed, trained(run, tmp_path / "whole"))


def test_a_finished_lesson_is_not_taught_again_unless_fresh(shelf: Path, tmp_path: Path) -> None:
    run = run_of(shelf, training={"steps": 4})
    first = trained(run, tmp_path)
    watch = Watcher()
    assert_same(trained(run, tmp_path, watch), first)
    assert not watch.seen
    assert_same(trained(run, tmp_path, watch, fresh=True), first)
    assert watch.seen[0].done == 1


def test_a_seed_decides(shelf: Path, tmp_path: Path) -> None:
    one = trained(run_of(shelf, training={"steps": 2}), tmp_path / "0")
    other = trained(run_of(shelf, training={"steps": 2, "seed": 1}), tmp_path / "1")
    assert (one.stance_weights != other.stance_weights).any()


def test_another_run_does_not_take_up_a_checkpoint(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        trained(run_of(shelf), tmp_path, Watcher(stop_at=2))
    with pytest.raises(WeightsError, match="another run file") as error:
        trained(run_of(shelf, training={"seed": 1}), tmp_path)
    assert "--fresh" in error.value.fix
    trained(run_of(shelf, training={"seed": 1, "steps": 1}), tmp_path, fresh=True)


def test_a_truncated_checkpoint(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        trained(run_of(shelf), tmp_path, Watcher(stop_at=2))
    (kept,) = (tmp_path / "checkpoints").glob("*/weights.safetensors")
    kept.write_bytes(kept.read_bytes()[:-10])
    with pytest.raises(WeightsError, match="truncated"):
        trained(run_of(shelf), tmp_path)


def test_a_loss_that_is_no_number_names_the_step_and_keeps_the_weights_before(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, calls = encoder.batch_loss, iter(range(100))

    def broken(*given: Any) -> torch.Tensor:
        return true(*given) * (float("nan") if next(calls) == 6 else 1.0)

    run = run_of(shelf, training={"validate_every": 100})
    monkeypatch.setattr(encoder, "batch_loss", broken)
    with pytest.raises(ModelError, match="not a number at step 7") as error:
        trained(run, tmp_path / "broken")
    assert "learning_rate" in error.value.fix
    monkeypatch.setattr(encoder, "batch_loss", true)
    assert_same(trained(run, tmp_path / "broken"), trained(run, tmp_path / "whole"))


def test_theses_of_one_side_only_leave_a_measure_undefined(shelf: Path, tmp_path: Path) -> None:
    lines = (shelf / "arg_quality_rank_30k.csv").read_text().replace(",-1,", ",1,")
    (tmp_path / "arg_quality_rank_30k.csv").write_text(lines)
    found = trained(run_of(tmp_path, training={"steps": 1}), tmp_path / "out")
    assert found.measures["validation_pairs_right"] is None, "as a card can keep it"


@pytest.mark.parametrize(
    ("changes", "what", "where"),
    [
        ({"stance": None}, "learns sides from arguments", "[stance]"),
        ({"sentences": {"theses": (2, 3)}}, "2 numbers for 1 sources", "[sentences], theses"),
        ({"training": {"steps": 0}}, "how many steps", "[training], steps"),
    ],
)
def test_runs_that_cannot_start(
    shelf: Path, tmp_path: Path, changes: dict[str, Any], what: str, where: str
) -> None:
    with pytest.raises(InputError, match=what) as error:
        trained(run_of(shelf, **changes), tmp_path)
    assert error.value.where == where


def test_too_few_texts(tmp_path: Path) -> None:
    folder = write_arguments(tmp_path / "arguments")
    path = folder / "arg_quality_rank_30k.csv"
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, *lines[::5]]) + "\n")
    with pytest.raises(InputError, match="too few texts"):
        trained(run_of(folder), tmp_path / "out")


def test_the_caller_s_random_state_is_left_alone(shelf: Path, tmp_path: Path) -> None:
    before = torch.get_rng_state()
    trained(run_of(shelf, training={"steps": 2}), tmp_path)
    assert torch.equal(torch.get_rng_state(), before)

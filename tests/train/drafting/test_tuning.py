"""Whole runs on a tiny random model: what comes out, and going on after a kill."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from acuerdo.datasets import gather
from acuerdo.domain.errors import Cancelled, InputError, ModelError, StorageError, WeightsError
from acuerdo.neural import checkpoints, read_card
from acuerdo.ports import Unwatched
from acuerdo.train.drafting import train_drafter
from acuerdo.train.drafting.diary import Pace
from acuerdo.train.drafting.finishing import FORMAT
from acuerdo.train.drafting.tuner import StatementTuner
from tests.train.drafting import small
from tests.train.watcher import Killed, Watcher

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model and material."""
    folder = tmp_path_factory.mktemp("shelf")
    small.llama(folder / "llama")
    small.groups(folder / "groups.jsonl")
    return folder


@pytest.fixture(scope="module")
def whole(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    return train_drafter(small.run_of(shelf), folder, Unwatched(), text="name = 'tiny'\n")


def killer(step: int) -> Watcher:
    return Watcher(kill_at=step, stage="tune")


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter" / "adapter_model.safetensors")


def assert_same(one: Path, other: Path) -> None:
    first, second = weights(one), weights(other)
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (one / "curves.csv").read_text() == (other / "curves.csv").read_text()
    assert (one / "samples.jsonl").read_text() == (other / "samples.jsonl").read_text()


def points(folder: Path) -> list[dict[str, str]]:
    with (folder / "curves.csv").open() as file:
        return list(csv.DictReader(file))


def test_a_run_leaves_an_adapter_and_says_what_it_is(shelf: Path, whole: Path) -> None:
    names = {path.name for path in whole.iterdir()}
    expected = {"card.json", "card.md", "config.toml", "curves.csv", "curves.png", "adapter"}
    assert names == {*expected, "samples.jsonl", "samples.md"}
    assert (whole / "config.toml").read_text() == "name = 'tiny'\n"
    card = read_card(whole, FORMAT)
    parts = Counter(found.split for found in gather(small.run_of(shelf).data).materials)
    assert {e["part"]: e["first_drafts"] for e in card["data"]} == parts
    assert {e["statements_written_by"] for e in card["data"]} == {"a large language model"}
    assert card["template"] == "plain" and card["chat_template"] == "chatml"
    assert card["measures"]["held_out_loss"] < card["measures"]["held_out_loss_before"]
    assert card["measures"]["steps"] == 12 and card["measures"]["tokens"] > 0
    assert any("large language model" in limit for limit in card["limits"])
    assert "a large language model" in (whole / "card.md").read_text()
    config = json.loads((whole / "adapter" / "adapter_config.json").read_text())
    assert (config["r"], config["base_model_name_or_path"]) == (4, "llama")
    everything = "".join(p.read_text() for p in whole.rglob("*.json")) + str(card)
    assert str(whole.parent) not in everything, "no path of this machine leaves it"


def test_curves_and_samples_stand_at_every_validation(whole: Path) -> None:
    assert [int(point["step"]) for point in points(whole)] == [0, 4, 8, 12]
    samples = [json.loads(line) for line in (whole / "samples.jsonl").read_text().splitlines()]
    assert [sample["step"] for sample in samples] == [0, 4, 8, 12]
    assert len({sample["group"] for sample in samples}) == 1
    assert "Draft:" in (whole / "samples.md").read_text()


@pytest.mark.parametrize("kills", [(3,), (7, 11)])
def test_killed_and_resumed_is_the_same_bit_for_bit(
    shelf: Path, whole: Path, tmp_path: Path, kills: tuple[int, ...]
) -> None:
    run = small.run_of(shelf)
    for step in kills:
        with pytest.raises(Killed):
            train_drafter(run, tmp_path, killer(step))
    watch = Watcher()
    train_drafter(run, tmp_path, watch)
    steps = [seen.done for seen in watch.seen if seen.stage == "tune"]
    assert steps[0] == kills[-1] // 5 * 5 + 1, "goes on behind the last checkpoint"
    assert_same(tmp_path, whole)
    assert not (tmp_path / "checkpoints").exists()


def test_with_dropout_it_is_the_same_too(shelf: Path, tmp_path: Path) -> None:
    """Killed behind a later checkpoint, and with none but that of the beginning."""
    run = small.run_of(shelf, lora={"rank": 4, "alpha": 8.0, "dropout": 0.3})
    train_drafter(run, tmp_path / "whole", Unwatched())
    for step in (9, 3):
        folder = tmp_path / f"killed at {step}"
        with pytest.raises(Killed):
            train_drafter(run, folder, killer(step))
        train_drafter(run, folder, Unwatched())
        assert_same(folder, tmp_path / "whole")


def test_stopped_keeps_a_checkpoint_of_that_step(shelf: Path, whole: Path, tmp_path: Path) -> None:
    run = small.run_of(shelf)
    with pytest.raises(Cancelled):
        train_drafter(run, tmp_path, Watcher(stop_at=3, stage="tune"))
    kept = sorted(path.name for path in (tmp_path / "checkpoints" / "last").iterdir())
    assert kept == ["step-00000000", "step-00000003"]
    train_drafter(run, tmp_path, Unwatched())
    assert_same(tmp_path, whole)


def test_a_damaged_checkpoint_costs_only_the_steps_since_the_one_before(
    shelf: Path, whole: Path, tmp_path: Path
) -> None:
    run = small.run_of(shelf)
    with pytest.raises(Killed):
        train_drafter(run, tmp_path, killer(11))
    newest = tmp_path / "checkpoints" / "last" / "step-00000010" / "optimizer.safetensors"
    newest.write_bytes(newest.read_bytes()[:-7])
    watch = Watcher()
    train_drafter(run, tmp_path, watch)
    first = next(seen for seen in watch.seen if seen.stage == "tune")
    assert first.done == 6
    assert "step-00000010 was damaged" in first.note
    assert_same(tmp_path, whole)


def test_all_damaged_is_an_error(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        train_drafter(small.run_of(shelf), tmp_path, killer(6))
    for path in (tmp_path / "checkpoints" / "last").glob("*/weights.safetensors"):
        path.write_bytes(b"")
    with pytest.raises(WeightsError, match="damaged"):
        train_drafter(small.run_of(shelf), tmp_path, Unwatched())


def test_patience_ends_it_and_the_best_weights_stay(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pace, "wall", lambda _: 1.0)
    run = small.run_of(
        shelf, training={"steps": 200, "learning_rate": 0.1, "patience": 2, "validate_every": 3}
    )
    train_drafter(run, tmp_path, Unwatched())
    measures = read_card(tmp_path, FORMAT)["measures"]
    assert measures["steps"] == measures["best_step"] + 6 < 200
    checkpoints_kept = 1 + measures["steps"] // 5
    assert measures["seconds"] == checkpoints_kept + 1, "what came after the last one counts too"
    losses = {int(p["step"]): float(p["validation_loss"]) for p in points(tmp_path)}
    assert measures["held_out_loss"] == min(losses.values()) == losses[measures["best_step"]]


def test_a_loss_that_is_no_number_stops_at_once(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = StatementTuner.__mro__[2].compute_loss
    calls = iter(range(100))

    def broken(self: Any, *given: Any, **more: Any) -> Any:
        return true(self, *given, **more) * (float("nan") if next(calls) == 13 else 1.0)

    monkeypatch.setattr(StatementTuner.__mro__[2], "compute_loss", broken)
    with pytest.raises(ModelError, match="loss is not a number at step 7") as error:
        train_drafter(small.run_of(shelf), tmp_path, Unwatched())
    assert "learning_rate" in error.value.fix
    kept = checkpoints.load_checkpoint(tmp_path / "checkpoints" / "last")
    assert kept is not None and kept.step == 5
    assert all(torch.isfinite(tensor).all() for tensor in kept.weights.values())


def test_a_full_disk_leaves_the_last_checkpoint(
    shelf: Path, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true, saved = checkpoints.save_file, iter(range(100))

    def full(tensors: Any, path: Path) -> None:
        if next(saved) >= 10:
            path.write_bytes(b"half of it")
            raise OSError(28, "No space left on device")
        true(tensors, path)

    run = small.run_of(shelf)
    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "save_file", full)
        with pytest.raises(StorageError, match="No space left") as error:
            train_drafter(run, tmp_path, Unwatched())
    assert "Make room" in error.value.fix
    assert not list((tmp_path / "checkpoints").glob("*/.*partial"))
    train_drafter(run, tmp_path, Unwatched())
    assert_same(tmp_path, whole)


@pytest.mark.parametrize("part", ["making", "training"])
def test_out_of_memory_halves_the_batch_says_so_and_takes_the_same_steps(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    made, stepped = StatementTuner.__init__, StatementTuner.training_step
    run = small.run_of(shelf, training={"batch": 2, "accumulation": 1, "steps": 4})
    train_drafter(run, tmp_path / "whole", Unwatched())

    def scarce(rows: int) -> None:
        if rows > 1:
            raise torch.OutOfMemoryError("out of memory")

    def make(self: Any, *given: Any, **options: Any) -> None:
        scarce(options["args"].per_device_train_batch_size if part == "making" else 1)
        made(self, *given, **options)

    def step(self: Any, model: Any, inputs: Any, *more: Any, **options: Any) -> Any:
        # Rows of a batch are read as one.
        scarce(-(-inputs["input_ids"].numel() // 256) if part == "training" else 1)
        return stepped(self, model, inputs, *more, **options)

    monkeypatch.setattr(StatementTuner, "__init__", make)
    monkeypatch.setattr(StatementTuner, "training_step", step)
    watch = Watcher()
    train_drafter(run, tmp_path / "scarce", watch)
    assert "1 row(s) at once" in next(s for s in watch.seen if s.stage == "tune").note
    for name, tensor in weights(tmp_path / "whole").items():
        torch.testing.assert_close(weights(tmp_path / "scarce")[name], tensor, rtol=1e-3, atol=1e-4)


def test_a_single_row_that_does_not_fit_is_an_error(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scarce(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("out of memory")

    monkeypatch.setattr(StatementTuner, "__init__", scarce)
    with pytest.raises(ModelError, match="do not fit") as error:
        train_drafter(small.run_of(shelf), tmp_path, Unwatched())
    assert "recompute" in error.value.fix


def test_examples_longer_than_a_row_are_refused_if_many(shelf: Path, tmp_path: Path) -> None:
    run = small.run_of(shelf, training={"row_tokens": 64})
    with pytest.raises(InputError, match="longer than the 64 tokens of a row") as error:
        train_drafter(run, tmp_path, Unwatched())
    assert "row_tokens" in error.value.fix


def test_all_weights_can_be_tuned(shelf: Path, tmp_path: Path) -> None:
    run = small.run_of(shelf, lora="none", training={"steps": 3})
    train_drafter(run, tmp_path, Unwatched())
    tuned = load_file(tmp_path / "model" / "model.safetensors")
    base = load_file(shelf / "llama" / "model.safetensors")
    assert tuned.keys() == base.keys()
    assert any(not torch.equal(tuned[name].float(), base[name].float()) for name in base)
    assert (tmp_path / "model" / "tokenizer.json").is_file()
    assert read_card(tmp_path, FORMAT)["measures"]["steps"] == 3


def test_without_anything_held_out_the_last_weights_stay(shelf: Path, tmp_path: Path) -> None:
    data = {"reader": "statements", "path": str(shelf / "groups.jsonl"), "validation": ("none",)}
    run = small.run_of(shelf, data=(data,), training={"steps": 3})
    train_drafter(run, tmp_path, Unwatched())
    measures = read_card(tmp_path, FORMAT)["measures"]
    assert (measures["held_out_loss"], measures["best_step"]) == (None, 3)

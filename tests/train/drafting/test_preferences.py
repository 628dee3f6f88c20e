"""Preference optimisation on a tiny random model: it learns the order, and goes on after a kill."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from acuerdo.domain.errors import InputError, SettingsError, WeightsError
from acuerdo.neural import read_card
from acuerdo.ports import Unwatched
from acuerdo.train.drafting import train_drafter
from acuerdo.train.drafting.finishing import FORMAT
from acuerdo.train.drafting.preference_rows import PreferenceCollator, ordered
from acuerdo.train.drafting.preferences import refuse_shards
from acuerdo.train.drafting.starting import start_of
from tests.train.drafting import small
from tests.train.watcher import Killed, Watcher

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model, an adapter tuned a little, and pairs."""
    folder = tmp_path_factory.mktemp("shelf")
    small.llama(folder / "llama")
    small.groups(folder / "groups.jsonl")
    small.pairs(folder / "pairs.jsonl")
    train_drafter(small.run_of(folder, training={"steps": 2}), folder / "tuned", Unwatched())
    return folder


def run_of(shelf: Path, **changes: Any) -> Any:
    dpo = {"pairs": (str(shelf / "pairs.jsonl"),), "adapter": str(shelf / "tuned")}
    training = {"steps": 8, "batch": 2, "accumulation": 1, **changes.pop("training", {})}
    dpo |= changes.pop("dpo", {})
    return small.run_of(
        shelf,
        dpo=dpo,
        training=training,
        **{"data": (), "lora": {"rank": 8, "alpha": 16.0}, **changes},
    )


@pytest.fixture(scope="module")
def whole(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_drafter(run_of(shelf), tmp_path_factory.mktemp("whole"), Unwatched())


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter" / "adapter_model.safetensors")


def doubled(adapter: Path) -> None:
    path = adapter / "adapter_model.safetensors"
    save_file({name: 2 * tensor for name, tensor in load_file(path).items()}, path)


def points(folder: Path) -> list[dict[str, str]]:
    with (folder / "curves.csv").open() as file:
        return list(csv.DictReader(file))


def test_it_begins_as_the_reference_and_learns_the_order(shelf: Path, whole: Path) -> None:
    first, *_, last = points(whole)
    assert float(first["validation_loss"]) == pytest.approx(0.6931, abs=1e-3), (
        "log 2: no margin yet"
    )
    assert float(last["validation_loss"]) < 0.6
    assert float(last["pairwise"]) == 1.0
    card = read_card(whole, FORMAT)
    assert card["measures"]["held_out_pairs_right"] == 1.0
    parts = {entry["part"]: entry for entry in card["data"]}
    assert list(parts) == ["before: train", "before: validation", "train", "validation"]
    assert parts["train"]["decided_by"] == parts["validation"]["decided_by"] == "stance"
    assert parts["before: train"]["statements_written_by"] == "a large language model"
    assert any("a large language model, invented" in limit for limit in card["limits"])
    start = start_of(str(shelf / "tuned"))
    assert card["start"] == {"name": "tiny", "sha256": start.sha256}
    assert start.sha256 in (whole / "card.md").read_text()
    tuned = card["settings"]["lora"]
    assert (tuned["rank"], tuned["alpha"]) == (4, 8.0), "those of the adapter that was tuned on"
    layers = ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
    assert tuned["targets"] == layers
    before, after = weights(shelf / "tuned"), weights(whole)
    assert before.keys() == after.keys(), "the reference's copy is not saved"
    assert any(not torch.equal(before[name], after[name]) for name in before)
    assert [path.name for path in (whole / "adapter").iterdir() if path.is_dir()] == []


def test_killed_and_resumed_is_the_same_bit_for_bit(
    shelf: Path, whole: Path, tmp_path: Path
) -> None:
    with pytest.raises(Killed):
        train_drafter(run_of(shelf), tmp_path, Watcher(kill_at=7, stage="prefer"))
    watch = Watcher()
    train_drafter(run_of(shelf), tmp_path, watch)
    assert "reference" not in {seen.stage for seen in watch.seen}, "it was kept"
    assert next(seen for seen in watch.seen if seen.stage == "prefer").done == 6
    first, second = weights(whole), weights(tmp_path)
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_the_supervised_part_is_added(shelf: Path, whole: Path, tmp_path: Path) -> None:
    train_drafter(run_of(shelf, dpo={"sft_weight": 1.0}), tmp_path, Unwatched())
    plain, more = (float(points(folder)[1]["training_loss"]) for folder in (whole, tmp_path))
    assert more > plain + 1


def test_it_can_start_from_the_bare_base(shelf: Path, tmp_path: Path) -> None:
    """And without material to train on, which is for samples alone."""
    data = {"reader": "statements", "path": str(shelf / "groups.jsonl"), "train": ("none",)}
    run = run_of(shelf, dpo={"adapter": ""}, data=(data,))
    train_drafter(run, tmp_path, Unwatched())
    assert float(points(tmp_path)[-1]["validation_loss"]) < 0.69
    assert (tmp_path / "samples.jsonl").read_text()
    card = read_card(tmp_path, FORMAT)
    assert "start" not in card
    assert card["settings"]["lora"]["rank"] == 8


def test_a_start_without_a_card_tells_nothing_of_before(shelf: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(shelf / "tuned" / "adapter", tmp_path / "bare")
    found = start_of(str(bare))
    assert (found.name, found.learned()) == ("", [])
    within = start_of(str(shelf / "tuned" / "adapter"))
    assert within == start_of(str(shelf / "tuned"))
    assert (within.name, within.sha256) == ("tiny", found.sha256)


def test_a_start_is_the_one_that_its_card_describes(shelf: Path, tmp_path: Path) -> None:
    tuned = shutil.copytree(shelf / "tuned", tmp_path / "tuned")
    doubled(tuned / "adapter")
    with pytest.raises(WeightsError, match="not the weights that the card describes"):
        start_of(str(tuned))


def test_another_start_is_another_reference_and_another_run(shelf: Path, tmp_path: Path) -> None:
    bare = shutil.copytree(shelf / "tuned" / "adapter", tmp_path / "bare")
    run, folder = run_of(shelf, dpo={"adapter": str(bare)}), tmp_path / "out"
    with pytest.raises(Killed):
        train_drafter(run, folder, Watcher(kill_at=0, stage="validate"))
    doubled(bare)
    watch = Watcher(kill_at=2, stage="prefer")
    with pytest.raises(Killed):
        train_drafter(run, folder, watch)
    assert "reference" in {seen.stage for seen in watch.seen}
    assert float(points(folder)[0]["validation_loss"]) == pytest.approx(0.6931, abs=1e-3)
    doubled(bare)
    with pytest.raises(InputError, match="the adapter it starts from is not"):
        train_drafter(run, folder, Unwatched())


def test_some_of_the_held_out_pairs_are_evenly_spread(shelf: Path, tmp_path: Path) -> None:
    """Of four the first two are the wrong way round, and of two that are measured, one."""
    lines = [json.loads(line) for line in (shelf / "pairs.jsonl").read_text().splitlines()]
    held_out = [line for line in lines if line["split"] == "validation"]
    for line in held_out[:2]:
        line["chosen"], line["rejected"] = line["rejected"], line["chosen"]
    path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    run = run_of(shelf, dpo={"pairs": (str(path),)}, training={"validation_rows": 2})
    train_drafter(run, tmp_path / "out", Unwatched())
    assert float(points(tmp_path / "out")[-1]["pairwise"]) == 0.5


def test_shards_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_shards(2)
    monkeypatch.setenv("ACCELERATE_USE_FSDP", "true")
    refuse_shards(1)
    with pytest.raises(SettingsError, match="with whole weights") as error:
        refuse_shards(2)
    assert "FSDP" in error.value.fix


def test_an_adapter_that_is_not_there_or_of_another_base_is_an_error(
    shelf: Path, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError, match="no adapter here"):
        train_drafter(run_of(shelf, dpo={"adapter": str(tmp_path)}), tmp_path / "a", Unwatched())
    wide = small.llama(tmp_path / "wide", width=48)
    other = run_of(shelf, base=str(wide))
    with pytest.raises(WeightsError, match="does not fit this base"):
        train_drafter(other, tmp_path / "b", Unwatched())


def test_pairs_that_are_too_long_are_refused(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="longer than 32 tokens"):
        train_drafter(run_of(shelf, training={"row_tokens": 32}), tmp_path, Unwatched())


def test_batches_are_padded_on_the_right_to_few_lengths() -> None:
    rows = [
        {"prompt_ids": [1, 2, 3], "chosen_ids": [4, 5], "rejected_ids": [6]},
        {"prompt_ids": [7], "chosen_ids": [8], "rejected_ids": [9, 10]},
    ]
    batch = PreferenceCollator(0)(rows)
    assert batch["input_ids"].shape == (4, 64)
    assert batch["input_ids"][:, :6].tolist() == [
        [1, 2, 3, 4, 5, 0],
        [7, 8, 0, 0, 0, 0],
        [1, 2, 3, 6, 0, 0],
        [7, 9, 10, 0, 0, 0],
    ]
    assert batch["completion_mask"][:, :6].tolist() == [
        [0, 0, 0, 1, 1, 0],
        [0, 1, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0],
        [0, 1, 1, 0, 0, 0],
    ]
    assert (batch["attention_mask"] == 1).all()


def test_an_epoch_holds_every_pair_once() -> None:
    rows = [
        {"prompt_ids": [1] * (number % 9 + 1), "chosen_ids": [2], "rejected_ids": [3]}
        for number in range(23)
    ]
    order = ordered(rows, 4, 0, 0)
    assert sorted(order) == list(range(23))
    assert order != ordered(rows, 4, 0, 1)
    assert order == ordered(rows, 4, 0, 0)

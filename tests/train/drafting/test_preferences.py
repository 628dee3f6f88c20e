"""Preference optimisation on a tiny random model: it learns the order, and goes on after a kill."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from acuerdo.domain.errors import InputError, WeightsError
from acuerdo.neural import read_card
from acuerdo.ports import Unwatched
from acuerdo.train.drafting import train_drafter
from acuerdo.train.drafting.finishing import FORMAT
from acuerdo.train.drafting.preference_rows import PreferenceCollator, ordered
from tests.train.drafting import small
from tests.train.watcher import Killed, Watcher

pytestmark = pytest.mark.training


def pairs(path: Path, count: int = 16) -> Path:
    lines = []
    for number in range(count):
        word = small.WORDS[number]
        lines.append(
            {
                "prompt": [
                    {"role": "user", "content": f"Should parks stay {word} at night? {small.SAID}"}
                ],
                "chosen": "We think that parks should stay open" + " at night" * (number % 3),
                "rejected": "some fear noise",
                "split": "validation" if number % 4 == 3 else "train",
                "author": "invented",
                "reason": "stance",
            }
        )
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny model, an adapter tuned a little, and pairs."""
    folder = tmp_path_factory.mktemp("shelf")
    small.llama(folder / "llama")
    small.groups(folder / "groups.jsonl")
    pairs(folder / "pairs.jsonl")
    train_drafter(small.run_of(folder, training={"steps": 2}), folder / "tuned", Unwatched())
    return folder


def run_of(shelf: Path, **changes: Any) -> Any:
    dpo = {"pairs": (str(shelf / "pairs.jsonl"),), "adapter": str(shelf / "tuned")}
    training = {"steps": 8, "batch": 2, "accumulation": 1, **changes.pop("training", {})}
    dpo |= changes.pop("dpo", {})
    return small.run_of(shelf, data=(), dpo=dpo, training=training, **changes)


@pytest.fixture(scope="module")
def whole(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_drafter(run_of(shelf), tmp_path_factory.mktemp("whole"), Unwatched())


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "adapter" / "adapter_model.safetensors")


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
    assert {entry["decided_by"] for entry in card["data"]} == {"stance"}
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
    train_drafter(run_of(shelf, dpo={"adapter": ""}), tmp_path, Unwatched())
    assert float(points(tmp_path)[-1]["validation_loss"]) < 0.69


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

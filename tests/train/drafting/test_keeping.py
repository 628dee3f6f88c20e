"""Which checkpoints and best weights are kept, and which ones a run goes on from."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from acuerdo.domain.errors import InputError, WeightsError
from acuerdo.train.drafting.diary import Diary
from acuerdo.train.drafting.keeping import Keeper

pytestmark = pytest.mark.training


class Run:
    """A network whose weights are the number of steps, with its keeper."""

    def __init__(self, folder: Path) -> None:
        self.keeper = Keeper(folder, {}, "data", first=True)
        self.network = torch.nn.Linear(1, 1, bias=False)
        self.optimiser = torch.optim.AdamW(self.network.parameters())

    def best_at(self, step: int) -> None:
        torch.nn.init.constant_(self.network.weight, step)
        self.keeper.keep_best(self.network, step)

    def checkpoint_at(self, step: int, best_step: int) -> None:
        self.keeper.keep(self.network, self.optimiser, Diary("tune", step, best_step=best_step))


def steps_in(folder: Path) -> list[int]:
    return sorted(int(path.name.removeprefix("step-")) for path in folder.iterdir())


def test_best_weights_that_a_run_has_not_come_to_are_forgotten(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.best_at(4)
    run.checkpoint_at(5, best_step=4)
    run.best_at(8)
    again = Run(tmp_path)
    found, _ = again.keeper.last()
    assert found is not None and found.step == 5
    assert steps_in(tmp_path / "best") == [4]
    again.keeper.restore_best(again.network, Diary("tune", 5, best_step=4))
    assert again.network.weight.item() == 4


def test_only_the_first_process_forgets(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.checkpoint_at(5, best_step=0)
    run.best_at(8)
    Keeper(tmp_path, {}, "data", first=False).last()
    assert steps_in(tmp_path / "best") == [8]


def test_best_weights_stay_as_long_as_a_checkpoint_counts_on_them(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.best_at(4)
    run.checkpoint_at(5, best_step=4)
    run.best_at(7)
    run.best_at(8)
    run.checkpoint_at(10, best_step=8)
    assert steps_in(tmp_path / "best") == [4, 8]
    (tmp_path / "last" / "step-00000010" / "state.json").unlink()
    found, note = Run(tmp_path).keeper.last()
    assert found is not None and found.step == 5 and "was damaged" in note
    assert steps_in(tmp_path / "best") == [4]
    run.best_at(8)
    run.checkpoint_at(10, best_step=8)
    run.checkpoint_at(15, best_step=8)
    assert steps_in(tmp_path / "best") == [8]
    assert steps_in(tmp_path / "last") == [10, 15]


def test_best_weights_of_another_step_are_an_error(tmp_path: Path) -> None:
    run = Run(tmp_path)
    with pytest.raises(WeightsError, match="step 4, but there are none"):
        run.keeper.restore_best(run.network, Diary("tune", 5, best_step=4))
    run.best_at(3)
    with pytest.raises(WeightsError, match="step 4, but these are of step 3") as error:
        run.keeper.restore_best(run.network, Diary("tune", 5, best_step=4))
    assert "--fresh" in error.value.fix


def test_a_step_of_another_size_is_named(tmp_path: Path) -> None:
    then = Keeper(tmp_path, {"rows_per_step": 2}, "data", first=True)
    run = Run(tmp_path)
    then.keep(run.network, run.optimiser, Diary("tune", 5))
    with pytest.raises(InputError, match="rows_per_step was 2 and is 3"):
        Keeper(tmp_path, {"rows_per_step": 3}, "data", first=True).last()

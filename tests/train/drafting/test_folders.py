"""A folder that holds a run already: which run goes on in it, and which one is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError, StorageError
from acuerdo.ports import Unwatched
from acuerdo.train.drafting import lessons, train_drafter
from acuerdo.train.drafting.sitting import Split, split_of
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


def killer(step: int) -> Watcher:
    return Watcher(kill_at=step, stage="tune")


def test_another_run_in_the_folder_names_what_differs(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        train_drafter(small.run_of(shelf), tmp_path, killer(2))
    other = small.run_of(shelf, seed=1, training={"learning_rate": 1e-3})
    with pytest.raises(InputError) as error:
        train_drafter(other, tmp_path, Unwatched())
    assert "training.learning_rate was 0.005 and is 0.001" in error.value.what
    assert "seed was 0 and is 1" in error.value.what
    assert "--fresh" in error.value.fix


def test_processes_that_make_a_larger_step_are_refused(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = small.run_of(shelf)
    with pytest.raises(Killed):
        train_drafter(run, tmp_path, killer(2))

    def of_three(*_: object) -> Split:
        return split_of(run, 3)

    monkeypatch.setattr(lessons, "split_of", of_three)
    with pytest.raises(InputError, match="rows_per_step was 2 and is 3"):
        train_drafter(run, tmp_path, Unwatched())


@pytest.mark.parametrize("part", ["train", "validation"])
def test_other_data_are_noticed(shelf: Path, tmp_path: Path, part: str) -> None:
    copy = tmp_path / "shelf"
    shutil.copytree(shelf, copy)
    run = small.run_of(copy)
    with pytest.raises(Killed):
        train_drafter(run, tmp_path / "out", killer(2))
    lines = (copy / "groups.jsonl").read_text().splitlines()
    changed = [
        line.replace("We think that", "We think") if f'"{part}"' in line else line for line in lines
    ]
    assert changed != lines
    (copy / "groups.jsonl").write_text("\n".join(changed))
    with pytest.raises(InputError, match="the data are not those"):
        train_drafter(run, tmp_path / "out", Unwatched())


def test_finished_stays_and_fresh_starts_again(shelf: Path, tmp_path: Path) -> None:
    run = small.run_of(shelf, training={"steps": 2})
    written = tmp_path / "config.toml"
    train_drafter(run, tmp_path, Unwatched(), text="steps = 2\n")
    card = (tmp_path / "card.json").read_text()
    watch = Watcher()
    train_drafter(run, tmp_path, watch, text="steps = 2\n")
    assert not watch.seen
    with pytest.raises(InputError, match="finished run of another run file") as error:
        train_drafter(run, tmp_path, watch, text="steps = 3\n")
    assert "--out" in error.value.fix and "--fresh" in error.value.fix
    assert written.read_text() == "steps = 2\n"
    assert (tmp_path / "card.json").read_text() == card
    train_drafter(run, tmp_path, watch, text="steps = 3\n", fresh=True)
    assert [seen.done for seen in watch.seen if seen.stage == "tune"] == [1, 2]
    assert written.read_text() == "steps = 3\n"


def test_a_run_file_that_cannot_be_kept_is_an_error(shelf: Path, tmp_path: Path) -> None:
    run = small.run_of(shelf, training={"steps": 1})
    in_its_way = tmp_path / "config.toml"
    in_its_way.mkdir()
    with pytest.raises(StorageError, match="cannot be written"):
        train_drafter(run, tmp_path, Unwatched(), text="steps = 1\n")
    assert not (tmp_path / "card.json").exists(), "it is not finished"
    in_its_way.rmdir()
    watch = Watcher()
    train_drafter(run, tmp_path, watch, text="steps = 1\n")
    assert not [seen for seen in watch.seen if seen.stage == "tune"], "all steps were done"
    assert in_its_way.read_text() == "steps = 1\n"

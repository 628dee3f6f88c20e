"""Kept answers: used when they fit, never when anything changed, whole after a kill."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import ModelError, StorageError
from acuerdo.domain.sheets import Sheet, Values
from acuerdo.evaluate.forecasts import ForecastStore
from acuerdo.ports import Unwatched, Watch


def sheets(count: int = 4) -> list[Sheet]:
    return [
        Sheet(
            question=f"q{k}",
            opinions=("a", "b"),
            statements=("s",),
            person=np.array([0, 1]),
            statement=np.array([0, 0]),
            ratings=np.full(2, np.nan),
        )
        for k in range(count)
    ]


class Asker:
    def __init__(self, fail_at: int = 99) -> None:
        self.asked: list[str] = []
        self._fail_at = fail_at

    def __call__(self, sheet: Sheet, watch: Watch) -> Values:
        if len(self.asked) == self._fail_at:
            raise ModelError("the model is gone")
        self.asked.append(sheet.question)
        number = float(sheet.question[1:])
        return np.array([[number, number + 0.5], [1.0, np.nan]])


def test_answers_come_sheet_after_sheet(tmp_path: Path) -> None:
    found = ForecastStore(tmp_path).answers("arm", "key", Asker(), sheets(2), Unwatched())
    np.testing.assert_array_equal(found, [[0, 0.5, 1, 1.5], [1, np.nan, 1, np.nan]])


def test_a_failing_scorer_loses_only_its_own_sheet(tmp_path: Path) -> None:
    failing, rest = Asker(fail_at=3), Asker()
    with pytest.raises(ModelError):
        ForecastStore(tmp_path).answers("arm", "key", failing, sheets(), Unwatched())
    again = ForecastStore(tmp_path).answers("arm", "key", rest, sheets(), Unwatched())
    assert rest.asked == ["q3"]
    whole = ForecastStore(None).answers("arm", "key", Asker(), sheets(), Unwatched())
    np.testing.assert_array_equal(again, whole)


def test_answers_are_kept_while_they_come(tmp_path: Path) -> None:
    """As after kill -9: nothing runs after the last write."""
    seen: list[int] = []

    class Looking(Asker):
        def __call__(self, sheet: Sheet, watch: Watch) -> Values:
            seen.append(0)
            for path in tmp_path.glob("*.npz"):
                with np.load(path) as file:
                    seen[-1] = int(file["sheets"])
            return super().__call__(sheet, watch)

    store = ForecastStore(tmp_path, seconds_between_writes=0)
    store.answers("arm", "key", Looking(), sheets(), Unwatched())
    assert seen == [0, 1, 2, 3]
    assert [path.suffix for path in tmp_path.iterdir()] == [".npz"]


@pytest.mark.parametrize(
    "change",
    [
        lambda some: [replace(some[0], question="q9"), *some[1:]],
        lambda some: [replace(some[0], opinions=("a", "c")), *some[1:]],
        lambda some: [replace(some[0], statements=("t",)), *some[1:]],
        lambda some: [replace(some[0], context="news"), *some[1:]],
        lambda some: [replace(some[0], ratings=np.array([1.0, np.nan])), *some[1:]],
        lambda some: some[:3],
    ],
)
def test_other_sheets_are_asked_anew(tmp_path: Path, change) -> None:
    store = ForecastStore(tmp_path)
    store.answers("arm", "key", Asker(), sheets(), Unwatched())
    asker = Asker()
    changed = change(sheets())
    store.answers("arm", "key", asker, changed, Unwatched())
    assert len(asker.asked) == len(changed)


def test_another_key_is_asked_anew(tmp_path: Path) -> None:
    store, asker = ForecastStore(tmp_path), Asker()
    store.answers("arm", "key", Asker(), sheets(), Unwatched())
    store.answers("arm", "other key", asker, sheets(), Unwatched())
    assert len(asker.asked) == 4


@pytest.mark.parametrize("damage", [b"", b"not a zip", None])
def test_a_damaged_file_is_asked_anew(tmp_path: Path, damage: bytes | None) -> None:
    store, asker = ForecastStore(tmp_path), Asker()
    store.answers("arm", "key", Asker(), sheets(), Unwatched())
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-30] if damage is None else damage)
    store.answers("arm", "key", asker, sheets(), Unwatched())
    assert len(asker.asked) == 4


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="file"):
        ForecastStore(tmp_path / "file").answers("a", "k", Asker(), sheets(), Unwatched())

"""What a run learns from: sources and how much each counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.datasets import MaterialSource
from acuerdo.ports import Progress, Unwatched
from acuerdo.train.drafting.material import evenly, read_run_material, read_validation
from tests.train.drafting import small

pytestmark = pytest.mark.training


def source(path: Path, weight: float = 1.0) -> MaterialSource:
    return MaterialSource(reader="statements", path=str(path), weight=weight)


def test_files_that_call_their_groups_alike_keep_their_own_weights(tmp_path: Path) -> None:
    one = small.groups(tmp_path / "one.jsonl")
    other = tmp_path / "other.jsonl"
    other.write_text(one.read_text().replace("We think that", "We feel that"))
    found = read_run_material([source(one), source(other, 2.0)], Unwatched())
    weights = {
        (material.statement[:8], weight)
        for material, weight in zip(found.training, found.weights, strict=True)
    }
    assert weights == {("We think", 1.0), ("We feel ", 2.0)}


def test_a_source_is_read_once_whatever_it_weighs(tmp_path: Path) -> None:
    seen: list[str] = []

    class Listening(Unwatched):
        def report(self, progress: Progress) -> None:
            seen.append(progress.note)

    one = small.groups(tmp_path / "one.jsonl")
    read_run_material([source(one, 3.0)], Listening())
    assert seen.count(str(one)) == 1


def test_the_held_out_part_can_be_read_alone(tmp_path: Path) -> None:
    path = small.groups(tmp_path / "groups.jsonl")
    everything = read_run_material([source(path)], Unwatched())
    assert read_validation([source(path)], Unwatched()) == everything.validation
    held_out = MaterialSource(reader="statements", path=str(path), train=("none",))
    assert read_validation([held_out], Unwatched()), "nothing to train on is needed"


@pytest.mark.parametrize(
    ("count", "places"), [(0, []), (1, [0]), (4, [0, 2, 5, 7]), (10, list(range(10))), (11, None)]
)
def test_some_of_many_are_evenly_spread(count: int, places: list[int] | None) -> None:
    assert evenly(range(10), count) == (list(range(10)) if places is None else places)

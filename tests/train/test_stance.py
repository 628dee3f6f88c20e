"""Arguments as lessons in agreement: same side agrees, other side disagrees, theses stay whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError
from acuerdo.train.runs import Data, Stance
from acuerdo.train.stance import Side, read_stance, stance_pairs

SIDES = [Side(f"thesis {k % 2}", f"text {k}", supports=bool(k % 4 < 2)) for k in range(24)]


def test_pairs_agree_by_side_within_a_thesis() -> None:
    table = stance_pairs(SIDES, 4, "s", "CC0", seed=0)
    side = {one.text: one for one in SIDES}
    for row in table.rows():
        own, other = side[row.opinion], side[row.statement]
        assert own.thesis == other.thesis == row.question == row.conversation
        assert own.text != other.text
        assert row.value == (1.0 if own.supports is other.supports else -1.0)
    assert len(table) == 24 * 4
    assert table.value.sum() == 0


def test_no_pair_comes_twice_and_a_seed_gives_the_same() -> None:
    table = stance_pairs(SIDES, 6, "s", "CC0", seed=3)
    pairs = [(row.opinion, row.statement) for row in table.rows()]
    assert len(set(pairs)) == len(pairs)
    again = stance_pairs(SIDES, 6, "s", "CC0", seed=3)
    assert pairs == [(row.opinion, row.statement) for row in again.rows()]


def test_wordings_of_one_view_are_not_paired() -> None:
    sides = [Side("t", f"text {k}", True, group=k // 2 + 1) for k in range(6)]
    table = stance_pairs(sides, 100, "s", "CC0", seed=0)
    groups = {one.text: one.group for one in sides}
    assert all(groups[row.opinion] != groups[row.statement] for row in table.rows())


def test_a_thesis_with_one_side_only_teaches_agreement() -> None:
    table = stance_pairs([Side("t", "a", True), Side("t", "b", True)], 4, "s", "CC0", seed=0)
    assert table.value.tolist() == [1.0, 1.0]


def test_an_unknown_reader_of_arguments(tmp_path: Path) -> None:
    stance = Stance(data=(Data(reader="sophistry", path=str(tmp_path)),))
    with pytest.raises(InputError, match="sophistry") as error:
        read_stance(stance, seed=0)
    assert "perspectrum" in error.value.fix

"""Ratings and comparisons of summaries, with their direction."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.datasets import read_deliberationbank, read_deliberationbank_comparisons
from acuerdo.domain.errors import InputError
from tests.datasets.judging.exports import write

FILES = {
    "opinions.csv": "session,participant_id,phase,question,opinion\n"
    "s1,p1,full,More parks?,I like parks.\ns2,p2,full,More parks?,No.\n",
    "summaries.csv": "summary_id,question,text\nS1,More parks?,Many want parks.\n"
    "S2,More parks?,Few do.\n",
    "ratings.csv": "session,summary_id,perspective,informative,neutral,policy\n"
    "s1,S1,5,4,3,2\ns2,S1,1,2,3,4\n",
    "comparisons.csv": "session,a_id,b_id,perspective,informative,neutral,policy\n"
    "s1,S1,S2,-2,0,0,1\ns2,S1,S2,1,0,0,0\n",
}


def test_ratings_become_judgements(tmp_path: Path) -> None:
    folder = write(tmp_path / "bank", FILES)
    first, second = read_deliberationbank(folder).rows()
    assert (first.person, first.opinion, first.statement) == (
        "p1",
        "I like parks.",
        "Many want parks.",
    )
    assert first.conversation == first.question == "More parks?"
    assert (first.value, second.value, first.scale) == (5.0, 1.0, "five")
    assert [row.value for row in read_deliberationbank(folder, aspect="policy").rows()] == [2, 4]


def test_a_negative_comparison_prefers_the_first(tmp_path: Path) -> None:
    folder = write(tmp_path / "bank", FILES)
    found = read_deliberationbank_comparisons(folder)
    assert [(c.person, c.first, c.second, c.value) for c in found] == [
        ("p1", "Many want parks.", "Few do.", 1.0),
        ("p2", "Many want parks.", "Few do.", -0.5),
    ]
    policy = read_deliberationbank_comparisons(folder, aspect="policy")
    assert [c.value for c in policy] == [-0.5, 0.0]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("s9,S1,5,4,3,2", "session"),
        ("s1,S9,5,4,3,2", "summary_id"),
        ("s1,S1,6,4,3,2", "perspective"),
    ],
)
def test_errors_name_the_cell(row: str, column: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "bank", {**FILES, "ratings.csv": f"{FILES['ratings.csv']}{row}\n"})
    with pytest.raises(InputError) as caught:
        read_deliberationbank(folder)
    assert caught.value.where.endswith(f"ratings.csv, row 4, column '{column}'")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "bank", {k: v for k, v in FILES.items() if k != "summaries.csv"})
    with pytest.raises(InputError, match="no such file") as caught:
        read_deliberationbank(folder)
    assert caught.value.where.endswith("summaries.csv")

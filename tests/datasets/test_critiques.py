"""Critiques reach the person who wrote them, or nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.datasets import example, read_critiques
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import PersonId

EXAMPLES_FOLDER = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    "content",
    [
        "person,critique\nAna,Too vague.\nBen,\n",
        "name\tcomment\nAna\tToo vague.\n",
        '{"Ana": "Too vague."}',
        '{"critiques": [{"person": "Ana", "critique": "Too vague."}]}',
        '{"person": "Ana", "critique": "Too vague."}\n{"person": "Ben", "critique": null}\n',
        "Ana: Too vague.\n",
    ],
)
def test_every_format_says_the_same(content: str) -> None:
    read = read_critiques(content.encode())
    assert [(c.person, c.text) for c in read.critiques] == [("Ana", "Too vague.")]


def test_late_joiners_are_kept_and_named() -> None:
    read = read_critiques(b"Ana: Too vague.\nZoe: Too long.\n", known=[PersonId("Ana")])
    assert [critique.person for critique in read.critiques] == ["Ana", "Zoe"]
    assert "joined without an opinion: Zoe" in read.notes


@pytest.mark.parametrize("content", ["critique\nToo vague.\n", "Too vague.\nToo long.\n"])
def test_critiques_without_authors_are_refused(content: str) -> None:
    with pytest.raises(InputError, match="nobody is named") as caught:
        read_critiques(content.encode(), name="c.csv" if "critique" in content else "c.txt")
    assert "P1, P2" in caught.value.fix


def test_a_critique_without_its_author_names_the_row() -> None:
    with pytest.raises(InputError) as caught:
        read_critiques(b"person,critique\nAna,Too vague.\n,Too long.\n", name="c.csv")
    assert caught.value.where == "c.csv, row 3, column 'person'"


def test_the_example_critiques_belong_to_the_example() -> None:
    people = [opinion.person for opinion in example().opinions]
    read = read_critiques(EXAMPLES_FOLDER / "bike_lane_critiques.csv", known=people)
    assert len(read.critiques) == 4
    assert read.notes == ()
    assert (EXAMPLES_FOLDER / "bike_lane_statement.txt").read_text().startswith("We want")

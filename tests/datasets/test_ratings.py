"""Known ratings arrive on the 1-7 scale, or with the row that is wrong."""

from __future__ import annotations

import json

import pytest

from acuerdo.datasets import ColumnMap, read_ratings
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import PersonId, Rating

EXPECTED = (Rating(PersonId("Ana"), "0", 7.0), Rating(PersonId("Ben"), "We try it.", 2.5))


@pytest.mark.parametrize(
    "content",
    [
        "person,candidate,rating\nAna,0,7\nBen,We try it.,2.5\nCleo,0,\n",
        "worker_id;statement;ratings.agreement\nAna;0;STRONGLY_AGREE\nBen;We try it.;2.5\n",
        json.dumps(
            [
                {"person": "Ana", "candidate": 0, "value": "strongly agree"},
                {"person": "Ben", "candidate": "We try it.", "value": 2.5},
                {"person": "Cleo", "candidate": 0, "value": None},
            ]
        ),
        '{"ratings": [{"person": "Ana", "candidate": 0, "score": 7},'
        ' {"person": "Ben", "candidate": "We try it.", "score": 2.5}]}',
    ],
)
def test_every_format_says_the_same(content: str) -> None:
    assert read_ratings(content.encode()).ratings == EXPECTED


def test_columns_can_be_named() -> None:
    read = read_ratings(
        b"a,b,c\nAna,0,7\n",
        name="r.csv",
        columns=ColumnMap(person="a", candidate="b", value="c"),
    )
    assert read.ratings == EXPECTED[:1]


@pytest.mark.parametrize("value", ["0", "8", "7.01", "nan", "inf", "often", "1e999", "5,5"])
def test_values_off_the_scale_name_file_row_and_column(value: str) -> None:
    with pytest.raises(InputError, match="from 1 to 7") as caught:
        read_ratings(f'person,candidate,rating\nAna,0,7\nBen,0,"{value}"'.encode(), name="r.csv")
    assert caught.value.where == "r.csv, row 3, column 'rating'"


@pytest.mark.parametrize("value", [True, [5], {"x": 1}, 10**400, 0.99])
def test_json_values_off_the_scale_name_entry_and_field(value: object) -> None:
    content = json.dumps([{"person": "Ana", "candidate": "0", "rating": value}])
    with pytest.raises(InputError, match="from 1 to 7") as caught:
        read_ratings(content.encode(), name="r.json")
    assert caught.value.where == "r.json, entry 1, field 'rating'"


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ("Ana,0,5\nAna,0,6\n", "row 3, column 'rating'", "in row 2 already"),
        (",0,5\n", "row 2, column 'person'", "names no person"),
        ("Ana,,5\n", "row 2, column 'candidate'", "names no candidate"),
    ],
)
def test_unusable_rows_are_named(rows: str, where: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read_ratings(f"person,candidate,rating\n{rows}".encode(), name="r.csv")
    assert caught.value.where == f"r.csv, {where}"


def test_plain_text_cannot_hold_ratings() -> None:
    with pytest.raises(InputError, match="plain text"):
        read_ratings(b"Ana likes it\n", name="r.txt")

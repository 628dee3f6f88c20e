"""Arguments, key points and perspectives with their stance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acuerdo.datasets import (
    Argument,
    KeyPointMatch,
    Perspective,
    read_arguments,
    read_key_points,
    read_perspectives,
)
from acuerdo.domain.errors import InputError
from tests.datasets.judging.exports import write

ARGUMENTS = """\
argument,topic,set,WA,MACE-P,stance_WA,stance_WA_conf
They cost nothing.,We should plant trees,train,0.75,0.3,1,1.0
They block the view.,We should plant trees,dev,1.0,0.3,-1,0.6
"""
KEY_POINTS = """\
topic,argument,key_point,stance,label
We should plant trees,They cost nothing.,Trees are cheap,1,1
We should plant trees,They block the view.,Trees are dear,-1,0
"""
POOL = [{"pId": 1, "text": "Shade."}, {"pId": 2, "text": "Cool air."}, {"pId": 3, "text": "Mess."}]
CLAIMS = [
    {
        "cId": 1,
        "text": "Trees are good",
        "perspectives": [
            {"pids": [1, 2], "stance_label_3": "SUPPORT", "stance_label_5": "MILDLY_SUPPORT"},
            {"pids": [2], "stance_label_3": "SUPPORT", "stance_label_5": "NO_MAJORITY_LABEL"},
            {"pids": [3], "stance_label_3": "UNDERMINE", "stance_label_5": "UNDERMINE"},
        ],
    }
]


def test_arguments_carry_stance_and_quality(tmp_path: Path) -> None:
    folder = write(tmp_path / "ibm", {"arg_quality_rank_30k.csv": ARGUMENTS})
    source, licence = "ibm_argq_rank_30k", "CC BY-SA 3.0"
    assert read_arguments(folder) == (
        Argument("We should plant trees", "They cost nothing.", 1, 0.75, source, licence),
        Argument("We should plant trees", "They block the view.", -1, 1.0, source, licence),
    )


def test_key_points_cover_arguments_or_not(tmp_path: Path) -> None:
    folder = write(tmp_path / "kp", {"ArgKP-2021_dataset.csv": KEY_POINTS})
    first, second = read_key_points(folder)
    assert first == KeyPointMatch(
        "We should plant trees",
        "They cost nothing.",
        "Trees are cheap",
        1,
        True,
        "ibm_argkp_2021",
        "CDLA-Sharing-1.0",
    )
    assert (second.stance, second.covers) == (-1, False)


def perspectrum(tmp_path: Path, claims: object, pool: object = POOL) -> Path:
    return write(
        tmp_path / "perspectrum",
        {
            "perspective_pool_v1.0.json": json.dumps(pool),
            "perspectrum_with_answers_v1.0.json": json.dumps(claims),
        },
    )


def test_every_wording_of_a_perspective_supports_or_undermines(tmp_path: Path) -> None:
    source, licence = "perspectrum", "CC BY-SA 4.0"
    assert read_perspectives(perspectrum(tmp_path, CLAIMS)) == (
        Perspective("Trees are good", "Shade.", True, 1, source, licence),
        Perspective("Trees are good", "Cool air.", True, 1, source, licence),
        Perspective("Trees are good", "Mess.", False, 3, source, licence),
    )


@pytest.mark.parametrize(
    ("text", "column", "what"),
    [
        (ARGUMENTS.replace(",1,1.0", ",0,1.0"), "stance_WA", "'0' is not a stance"),
        (ARGUMENTS.replace("0.75", "7"), "WA", "'7' is not between 0 and 1"),
        (ARGUMENTS.replace("0.75", "nan"), "WA", "'nan' is not between 0 and 1"),
        (ARGUMENTS.replace("They cost nothing.", ""), "argument", "nothing is written"),
    ],
)
def test_bad_arguments_name_the_cell(text: str, column: str, what: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "ibm", {"arg_quality_rank_30k.csv": text})
    with pytest.raises(InputError, match=what) as caught:
        read_arguments(folder)
    assert caught.value.where.endswith(f"arg_quality_rank_30k.csv, row 2, column {column!r}")


def test_a_bad_label_names_the_cell(tmp_path: Path) -> None:
    text = KEY_POINTS.replace(",1,1", ",1,2")
    with pytest.raises(InputError, match="'2' is not 0 or 1") as caught:
        read_key_points(write(tmp_path / "kp", {"ArgKP-2021_dataset.csv": text}))
    assert caught.value.where.endswith("row 2, column 'label'")


@pytest.mark.parametrize(
    ("claims", "what"),
    [
        ({}, "not a list"),
        ([{"text": "X"}], "no field 'perspectives'"),
        ([3], "no field 'text'"),
        (
            [
                {
                    "text": "X",
                    "perspectives": [
                        {"pids": [9], "stance_label_3": "SUPPORT", "stance_label_5": "SUPPORT"}
                    ],
                }
            ],
            "no perspective 9",
        ),
        (
            [
                {
                    "text": "X",
                    "perspectives": [{"pids": [1], "stance_label_3": "?", "stance_label_5": "?"}],
                }
            ],
            "neither SUPPORT nor UNDERMINE",
        ),
    ],
)
def test_bad_claims_name_the_entry(claims: object, what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=what):
        read_perspectives(perspectrum(tmp_path, claims))

"""The result as JSON: the promised keys, strict values, shapes that fit together."""

from __future__ import annotations

import json

import pytest

from acuerdo.domain.rounds import RoundResult
from acuerdo.report import as_json
from tests.factories import TEXTS, make_result
from tests.report import cases

PROMISED = {"statement", "candidates", "people", "agreement", "rules", "outcome", "rejected"}


def strict(result: RoundResult) -> dict:
    return json.loads(json.dumps(as_json(result), allow_nan=False))


@pytest.mark.parametrize("name", cases.ALL)
def test_every_kind_of_result_is_strict_json_with_the_promised_keys(name: str) -> None:
    result = cases.ALL[name]()
    data = strict(result)
    assert data.keys() >= PROMISED
    assert data["statement"] == result.statement
    shape = (len(data["people"]), len(data["candidates"]))
    for matrix in ("agreement", "spread", "known"):
        assert len(data[matrix]) == shape[0]
        assert all(len(row) == shape[1] for row in data[matrix])
    for winners in data["rules"].values():
        assert all(0 <= winner < shape[1] for winner in winners)


def test_cannot_say_is_null_and_nothing_else_is() -> None:
    data = strict(cases.undecided())
    assert data["agreement"] == [[None, 3.0, 2.5], [2.0, None, 5.0], [None, None, None]]
    assert data["support"] is None
    assert data["winner"] is None


def test_values_are_those_of_the_result() -> None:
    data = strict(make_result())
    assert data["agreement"][1] == [2.3, 5.8, 4.6]
    assert data["rules"] == {"mean": [2], "minimum": [2], "plurality": [0]}
    assert data["rule_details"]["mean"]["ranking"] == [[2], [0], [1]]
    assert (data["rule"], data["winner"], data["runner_up"]) == ("mean", 2, 0)
    assert data["worst_off"] == "Ben"
    assert data["people"][1]["agreement"] == 4.6
    assert data["candidates"][2]["text"] == TEXTS[2]
    assert [candidate["index"] for candidate in data["candidates"]] == [0, 1, 2]
    assert data["margin"] == {"ballots": 1, "kind": "exact", "at_least": 1, "fragile": True}


def test_a_tie_lists_every_winner_and_names_the_tie_break() -> None:
    data = strict(make_result([[5, 5, 2], [6, 6, 3], [5, 5, 1]]))
    assert data["rules"]["mean"] == [0, 1]
    assert data["rule_details"]["mean"]["winner"] == 0
    assert data["rule_details"]["mean"]["tie_break"]


def test_rejected_drafts_and_problems_keep_their_reasons() -> None:
    data = strict(cases.agreement())
    assert [draft["reason"] for draft in data["rejected"]] == [
        "refused",
        "cut_off",
        "copy_of_opinion",
    ]
    assert data["degraded"] is True
    assert data["problems"][0]["count"] == 3
    assert data["known"][0] == [False, False, True]

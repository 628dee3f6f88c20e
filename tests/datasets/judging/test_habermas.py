"""Every step of cleaning the Habermas Machine's data does what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acuerdo.datasets import (
    READERS,
    assigned,
    read_habermas,
    read_habermas_positions,
    read_habermas_rankings,
    read_habermas_splits,
)
from acuerdo.domain.errors import InputError
from tests.datasets.judging.habermas_files import (
    BAYS,
    POSITIONS,
    TREES,
    comparison,
    position,
    write_rows,
)


def rated(folder: Path) -> list[tuple[str, str, float]]:
    return [(row.person, row.statement, row.value) for row in read_habermas(folder).rows()]


BOTH = [("Ana", TREES, 6.0), ("Ana", BAYS, 3.0)]


def test_a_row_becomes_a_judgement_a_candidate(tmp_path: Path) -> None:
    folder = write_rows(tmp_path, [comparison()])
    assert rated(folder) == BOTH
    (first, _) = READERS["habermas"](folder).rows()
    assert first.question == "Should Mill Street be green?"
    assert (first.conversation, first.opinion, first.scale) == ("q1", "Plant trees.", "agreement")
    assert (first.source, first.licence) == ("habermas", "CC BY 4.0")


def test_every_level_of_agreement_has_its_number(tmp_path: Path) -> None:
    levels = ["STRONGLY_DISAGREE", "DISAGREE", "SOMEWHAT_DISAGREE", "NEUTRAL"]
    levels += ["SOMEWHAT_AGREE", "AGREE", "STRONGLY_AGREE"]
    rows = [comparison(ratings__agreement=[level, "MOCK"]) for level in levels]
    assert [value for _, _, value in rated(write_rows(tmp_path, rows))] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"own_opinion__metadata__provenance": "BOT_CITIZEN"}, []),
        ({"own_opinion__metadata__provenance": "DUMMY"}, []),
        ({"own_opinion__text": " "}, []),
        ({"own_opinion__text": None}, []),
        ({"candidates__metadata__provenance": ["MODEL_MEDIATOR", "HUMAN_MEDIATOR"]}, BOTH[:1]),
        ({"ratings__agreement": ["MOCK", "SOMEWHAT_DISAGREE"]}, BOTH[1:]),
        ({"ratings__agreement": [None, "SOMEWHAT_DISAGREE"]}, BOTH[1:]),
        ({"ratings__agreement": None}, []),
        ({"rankings__numerical_ranks": [0, -1]}, BOTH[:1]),
        ({"rankings__numerical_ranks": None, "rankings__candidate_ids": None}, BOTH),
        ({"worker_id": None}, [("Ana-1", TREES, 6.0), ("Ana-1", BAYS, 3.0)]),
    ],
)
def test_each_step_of_cleaning(
    changed: dict[str, Any], left: list[tuple[str, str, float]], tmp_path: Path
) -> None:
    # A whole row beside it: a column in which nothing is written would have no type.
    whole = comparison(worker_id="Ben", own_opinion__text="Whole.")
    folder = write_rows(tmp_path, [comparison(**changed), whole])
    assert [row for row in rated(folder) if row[0] != "Ben"] == left


def group(launch: str, worker: str, time: float, **changed: Any) -> list[dict[str, Any]]:
    """Return a group of two: the worker, and somebody who takes part once."""
    once = {"launch_id": launch, "metadata__version": "EVAL_COHORT1_X", **changed}
    return [
        comparison(
            worker_id=worker,
            metadata__participant_id=f"{worker}-{launch}",
            monotonic_timestamp=time,
            **once,
        ),
        comparison(worker_id=f"other-{launch}", metadata__participant_id=f"o-{launch}", **once),
    ]


def test_evaluation_groups_with_a_repeat_worker_are_dropped(tmp_path: Path) -> None:
    rows = group("late", "Ana", 20.0) + group("early", "Ana", 10.0) + group("x", "Ben", 5.0)
    assert {person for person, _, _ in rated(write_rows(tmp_path, rows))} == {
        "Ana",
        "other-early",
        "Ben",
        "other-x",
    }


def test_of_a_repeat_workers_groups_the_one_with_most_data_stays(tmp_path: Path) -> None:
    short: dict[str, Any] = {"ratings__agreement": ["AGREE", "MOCK"]}
    rows = group("early", "Ana", 10.0, **short) + group("late", "Ana", 20.0)
    assert {person for person, _, _ in rated(write_rows(tmp_path, rows))} == {"Ana", "other-late"}


@pytest.mark.parametrize(
    "second", [{"metadata__version": "TRAINING_DATA_V2"}, {"metadata__version": "EVAL_COHORT2_Y"}]
)
def test_repeat_workers_stay_in_training_data_and_in_another_cohort(
    second: dict[str, Any], tmp_path: Path
) -> None:
    rows = group("a", "Ana", 10.0, **second) + group("b", "Ana", 20.0)
    assert len(rated(write_rows(tmp_path, rows))) == 8


def test_rankings_become_comparisons_by_candidate_id(tmp_path: Path) -> None:
    names = ["c1", "c2", "c3", "c4"]
    row = comparison(
        candidates__metadata__id=names,
        candidates__text=["A", "B", "C", "D"],
        candidates__metadata__provenance=["MODEL_MEDIATOR"] * 4,
        ratings__agreement=["NEUTRAL"] * 4,
        rankings__candidate_ids=names[::-1],
        rankings__numerical_ranks=[0, 1, 1, 3],
    )
    found = read_habermas_rankings(write_rows(tmp_path, [row]))
    # D is best, A is worst, B and C are tied.
    assert {(one.first, one.second): one.value for one in found} == {
        ("A", "B"): pytest.approx(-2 / 3),
        ("A", "C"): pytest.approx(-2 / 3),
        ("A", "D"): -1.0,
        ("B", "C"): 0.0,
        ("B", "D"): pytest.approx(-1 / 3),
        ("C", "D"): pytest.approx(-1 / 3),
    }


def test_ballots_are_compared_each_for_itself(tmp_path: Path) -> None:
    rows = [comparison(), comparison(worker_id="Ben", rankings__numerical_ranks=[0, 0])]
    found = read_habermas_rankings(write_rows(tmp_path, rows))
    assert [(one.person, one.first, one.second, one.value) for one in found] == [
        ("Ana", TREES, BAYS, 1.0),
        ("Ben", TREES, BAYS, 0.0),
    ]


def test_positions_are_joined_with_opinions(tmp_path: Path) -> None:
    write_rows(tmp_path, [comparison()])
    rows = [
        position(),
        position(rating_index=1, ratings__agreement=["DISAGREE"]),
        position(ratings__agreement=["MOCK"]),
        position(metadata__provenance="BOT_CITIZEN"),
        position(launch_id="l2"),
        position(metadata__version="TRAINING_DATA_V2"),
        position(question__id="q2"),
        position(metadata__participant_id="Ben-1", worker_id="Ben"),
    ]
    write_rows(tmp_path, rows, POSITIONS)
    (before,) = read_habermas_positions(tmp_path, when="before").rows()
    (after,) = read_habermas_positions(tmp_path, when="after").rows()
    assert (before.opinion, before.statement) == ("Plant trees.", "Mill Street should be green.")
    assert (before.value, after.value) == (7.0, 2.0)


def test_the_authors_splits_go_by_question(tmp_path: Path) -> None:
    rows = [comparison(), comparison(question__id="q2", question__split="OOD_TEST")]
    folder = write_rows(tmp_path, rows)
    found = assigned(read_habermas(folder), read_habermas_splits(folder))
    assert found == ("train", "train", "ood_test", "ood_test")


@pytest.mark.parametrize(
    ("changed", "column", "what"),
    [
        ({"candidates__text": [TREES]}, "candidates.text", "1 values for 2 candidates"),
        ({"candidates__metadata__provenance": []}, "candidates.metadata.provenance", "0 values"),
        ({"ratings__agreement": ["AGREE"]}, "ratings.agreement", "1 values for 2"),
        ({"rankings__numerical_ranks": [0]}, "rankings.numerical_ranks", "1 values for 2"),
        ({"rankings__candidate_ids": ["c1", "c9"]}, "rankings.candidate_ids", "not among"),
        ({"ratings__agreement": ["YES", "NO"]}, "ratings.agreement", "'YES' is not a level"),
    ],
)
def test_rows_that_do_not_fit_name_row_and_column(
    changed: dict[str, Any], column: str, what: str, tmp_path: Path
) -> None:
    folder = write_rows(tmp_path, [comparison(), comparison(**changed)])
    with pytest.raises(InputError, match=what) as caught:
        read_habermas(folder)
    assert caught.value.where.endswith(f"comparisons.parquet, row 2, column {column!r}")


def test_another_schema_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_habermas(tmp_path)
    write_rows(tmp_path, [{"session_id": 1, "candidate_a": "x"}])
    with pytest.raises(InputError, match="no column 'round_id'"):
        read_habermas(tmp_path)


def test_lists_that_are_none_are_refused(tmp_path: Path) -> None:
    folder = write_rows(tmp_path, [comparison(candidates__text="A")])
    with pytest.raises(InputError, match="not a list"):
        read_habermas(folder)
    write_rows(tmp_path, [comparison()])
    write_rows(tmp_path, [position(ratings__agreement=["AGREE", "AGREE"])], POSITIONS)
    with pytest.raises(InputError, match="not a list of one rating"):
        read_habermas_positions(tmp_path, when="before")

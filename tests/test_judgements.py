"""The table of judgements: what goes in comes out, and questions partition its rows."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.judgements import (
    SCALES,
    TEXT_COLUMNS,
    Column,
    Judgement,
    Judgements,
    Scale,
    joined,
)

FEW = settings(max_examples=40, deadline=None)
NAMES = st.sampled_from(["", "a", "b", "市", "a\nb"])


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    scale: Scale = draw(st.sampled_from(sorted(SCALES)))
    texts = {name: draw(NAMES) for name in TEXT_COLUMNS if name != "scale"}
    return Judgement(**texts, value=draw(st.sampled_from(SCALES[scale])), scale=scale)


ROWS = st.lists(judgements(), max_size=12)


@FEW
@given(ROWS)
def test_rows_come_back(rows: list[Judgement]) -> None:
    table = Judgements.of(rows)
    assert list(table.rows()) == rows
    assert len(table) == len(rows)
    assert table.agreement.tolist() == [row.agreement for row in rows]


@FEW
@given(st.lists(ROWS, max_size=4))
def test_tables_are_joined_in_order(parts: list[list[Judgement]]) -> None:
    table = joined([Judgements.of(part) for part in parts])
    assert list(table.rows()) == [row for part in parts for row in part]
    for name in TEXT_COLUMNS:
        texts = getattr(table, name).texts
        assert len(set(texts)) == len(texts)


@FEW
@given(ROWS, st.randoms(use_true_random=False))
def test_taken_rows_are_those_rows(rows: list[Judgement], random: Random) -> None:
    table = Judgements.of(rows)
    places = [place for place in range(len(rows)) if random.random() < 0.5]
    random.shuffle(places)
    taken = table.take(np.array(places, dtype=np.int64))
    assert list(taken.rows()) == [rows[place] for place in places]
    for name in TEXT_COLUMNS:
        column: Column = getattr(taken, name)
        assert set(column.codes.tolist()) == set(range(len(column.texts)))
    mask = np.isin(np.arange(len(rows)), places)
    assert list(table.take(mask).rows()) == [rows[place] for place in sorted(places)]


@FEW
@given(ROWS)
def test_questions_partition_the_rows_in_order_of_appearance(rows: list[Judgement]) -> None:
    table = Judgements.of(rows)
    parts = list(table.questions())
    assert sorted(row for part in parts for row in part.tolist()) == list(range(len(rows)))
    keys = [{(rows[r].conversation, rows[r].question) for r in part.tolist()} for part in parts]
    assert all(len(key) == 1 for key in keys)
    assert [key.pop() for key in keys] == list(
        dict.fromkeys((row.conversation, row.question) for row in rows)
    )
    assert all(part.tolist() == sorted(part.tolist()) for part in parts)


@FEW
@given(ROWS)
def test_a_sheet_maps_its_pairs_back_to_the_rows(rows: list[Judgement]) -> None:
    table = Judgements.of(rows)
    for part in table.questions():
        known = np.arange(len(part)) % 2 == 0
        sheet = table.sheet(part, known)
        first = {rows[r].person: rows[r].opinion for r in reversed(part.tolist())}
        for pair, row in enumerate(part.tolist()):
            assert sheet.statements[sheet.statement[pair]] == rows[row].statement
            assert sheet.opinions[sheet.person[pair]] == first[rows[row].person]
        assert len(sheet.opinions) == len(first)
        assert np.array_equal(sheet.known, known)
        assert sheet.ratings[known].tolist() == [rows[r].agreement for r in part[known].tolist()]
        assert sheet.question == rows[part[0]].question
        assert np.isnan(table.sheet(part).ratings).all()


@pytest.mark.parametrize(
    ("scale", "value", "agreement"),
    [
        ("agreement", 5.5, 5.5),
        ("five", 1.0, 1.0),
        ("five", 4.0, 5.5),
        ("five", 5.0, 7.0),
        ("vote", 1.0, 6.0),
        ("vote", 0.0, 4.0),
        ("vote", -1.0, 2.0),
        ("binary", 1.0, 6.0),
        ("binary", -1.0, 2.0),
    ],
)
def test_every_scale_becomes_1_to_7(scale: Scale, value: float, agreement: float) -> None:
    row = Judgement(*("x",) * 9, value=value, scale=scale)
    assert row.agreement == agreement
    assert Judgements.of([row]).agreement.tolist() == [agreement]


@pytest.mark.parametrize(
    ("scale", "value"),
    [
        ("agreement", 0.9),
        ("agreement", 7.1),
        ("agreement", float("nan")),
        ("five", 2.5),
        ("vote", 0.5),
        ("binary", 0.0),
        ("binary", float("nan")),
    ],
)
def test_values_off_their_scale_are_refused(scale: Scale, value: float) -> None:
    row = Judgement(*("x",) * 9, value=value, scale=scale)
    with pytest.raises(ValueError, match="not on the scale"):
        Judgements.of([row])


def test_columns_of_different_lengths_are_refused() -> None:
    table = Judgements.of([Judgement(*("x",) * 9, value=1.0, scale="vote")])
    with pytest.raises(ValueError, match="differ in length"):
        replace(table, value=np.ones(2))


def test_unknown_scales_are_refused() -> None:
    table = Judgements.of([Judgement(*("x",) * 9, value=1.0, scale="vote")])
    with pytest.raises(ValueError, match="no scale called 'stars'"):
        replace(table, scale=Column.of(["stars"]))

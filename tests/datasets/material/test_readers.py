"""Every reader gives the material that its file holds and names the place of what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acuerdo.datasets import MATERIAL_READERS
from acuerdo.datasets.material import ReaderOptions, Reading
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material
from tests.datasets.judging.habermas_files import comparison, write_rows
from tests.datasets.material.groups import (
    CRITIQUES,
    OPINIONS,
    REVISED,
    STATEMENT,
    group,
    written,
)

QUESTION = "Should we plant trees?"
LEVELS = ("TERRIBLE", "B", "C", "NEUTRAL", "E", "GOOD_QUALITY", "EXCELLENT_QUALITY")


def read(reader: str, path: Path, **options: Any) -> Reading:
    return MATERIAL_READERS[reader](path, ReaderOptions(**options))


def test_a_group_gives_its_first_draft_and_its_revision(tmp_path: Path) -> None:
    lines = [group(1, QUESTION), group(2, QUESTION, critiques=list(CRITIQUES), revised=REVISED)]
    written(tmp_path / "groups.jsonl", lines)
    found = read("statements", tmp_path).materials
    assert [(m.group, m.statement, m.previous, m.critiques) for m in found] == [
        ("t1", STATEMENT, "", ()),
        ("t2", STATEMENT, "", ()),
        ("t2", REVISED, STATEMENT, CRITIQUES),
    ]
    assert {(m.opinions, m.split, m.author) for m in found} == {
        (OPINIONS, "train", "a large language model")
    }
    assert found[0].licence == "opinions Apache-2.0, statements CC BY 4.0"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "t2", "question"', ("line 2", "not JSON")),
        ("[1]", ("line 2", "not an object")),
        ('{"id": "t2"}', ("line 2", "'question'", "missing")),
        ('{"id": "t1", "question": "Q?", "statement": "S."}', ("line 2", "'t1'", "twice")),
        ('{"id": "t2", "question": 3, "opinions": "A", "statement": "S."}', ("line 2", "opinions")),
        (
            '{"id": "t2", "question": "Q?", "opinions": ["A"], "statement": "S."}',
            ("line 2", "at least two opinions"),
        ),
        (
            '{"id": "t2", "question": "Q?", "opinions": ["A", "B"], "statement": "S.",'
            ' "revised": "R.", "critiques": ["C"]}',
            ("line 2", "1 critiques for 2 opinions"),
        ),
    ],
)
def test_errors_name_the_line(line: str, said: tuple[str, ...], tmp_path: Path) -> None:
    path = written(tmp_path / "groups.jsonl", [group(1, QUESTION)])
    path.write_text(path.read_text("utf-8") + line + "\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read("statements", path)
    assert all(part in str(caught.value) for part in said), str(caught.value)


def test_what_is_no_utf_8_or_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(InputError, match=r"line 1.*UTF-8"):
        read("statements", tmp_path / "bad.jsonl")
    with pytest.raises(InputError, match="no such file"):
        read("statements", tmp_path / "none.jsonl")


def exported(*quality: float | None) -> dict[str, Any]:
    ratings = [{"agreement": 6, "quality": value} for value in quality]
    candidate = {"statement": STATEMENT, "author": "a model", "ratings": ratings}
    return {"group": "g", "question": QUESTION, "opinions": OPINIONS, "candidates": [candidate]}


@pytest.mark.parametrize(
    ("quality", "kept", "reason"),
    [
        ((5, 5), 0, "mean quality not above 5"),
        ((4, 6), 0, "mean quality not above 5"),
        ((5, 6), 1, ""),
        ((5, None, 6), 1, ""),
        ((None,), 0, "nobody rated the quality"),
        ((), 0, "nobody rated the quality"),
    ],
)
def test_candidates_of_the_platform_need_a_mean_quality_above_five(
    quality: tuple[float | None, ...], kept: int, reason: str, tmp_path: Path
) -> None:
    found = read("platform", written(tmp_path / "export.jsonl", [exported(*quality)]))
    assert len(found.materials) == kept
    assert dict(found.dropped) == ({reason: 1} if reason else {})


def test_the_platforms_ratings_go_from_one_to_seven(tmp_path: Path) -> None:
    path = written(tmp_path / "export.jsonl", [exported(6), exported(8)])
    with pytest.raises(InputError, match=r"line 2, field 'quality'.*not between 1 and 7"):
        read("platform", path)


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "Question;Opinion 1;Opinion 2;opinion_3;Statement;Previous;Critique 1;Critique 2;"
        "Critique 3;Quality 1;Quality 2;Remark\n"
        "Trees?;Yes.;No.;;We do.;We did.;Why?;;;6;;x\n"
        "Trees?;Yes.;No.;Wait.;We wait.;;;;;5;5;y\n"
        "Lakes?;Yes.;No.;Wait.;We swim.;;;;;;;z\n",
        "utf-8",
    )
    found = read("csv", path)
    assert [(m.statement, m.opinions, m.critiques) for m in found.materials] == [
        ("We do.", ("Yes.", "No."), ("Why?", "")),
        ("We swim.", ("Yes.", "No.", "Wait."), ()),
    ]
    assert dict(found.dropped) == {"mean quality not above 5": 1}
    assert found.materials[0].group == "row 2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question,opinion 1,opinion 2,text\nQ,A,B,S\n", "no column 'statement'"),
        ("question,statement\nQ,S\n", "no column 'opinion'"),
        ("question,opinion 1,opinion 2,statement,quality\nQ,A,B,S,good\n", "row 2, column 'qual"),
        ("question,opinion 1,opinion 2,statement\nQ,A,B,\n", "row 2, field 'statement'"),
    ],
)
def test_tables_say_what_they_lack(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        read("csv", tmp_path / "table.csv")


def test_json_lines_are_a_table_too(tmp_path: Path) -> None:
    line = {"question": QUESTION, "opinions": OPINIONS, "statement": STATEMENT, "quality": [6, 5]}
    low = line | {"quality": 5}
    found = read("jsonl", written(tmp_path / "table.jsonl", [line, low]))
    assert [m.statement for m in found.materials] == [STATEMENT]
    assert found.dropped["mean quality not above 5"] == 1


def habermas(folder: Path, *rows: dict[str, Any], **options: Any) -> tuple[Material, ...]:
    options = {"quality_levels": LEVELS} | options
    return read("habermas", write_rows(folder, rows), **options).materials


def test_candidates_of_the_habermas_machine_need_good_marks_of_their_round(tmp_path: Path) -> None:
    ben = comparison(
        worker_id="Ben", own_opinion__text="Parking!", ratings__quality=["NEUTRAL", "MOCK"]
    )
    (kept,) = habermas(tmp_path / "all", comparison(), ben, quality_above=4.9)
    assert (kept.statement, kept.opinions) == ("We plant ten trees.", ("Plant trees.", "Parking!"))
    assert (kept.split, kept.licence, kept.source) == ("train", "CC BY 4.0", "habermas")
    # (6 + 4) / 2 is exactly 5, which is not above 5.
    assert habermas(tmp_path / "five", comparison(), ben) == ()


def test_a_candidate_with_a_parent_is_a_revision_of_it(tmp_path: Path) -> None:
    more = {"critique.text": "Bays?", "candidates.parent_statement_ids": [["c1"], ["c1"]]}
    none: dict[str, Any] = {"critique.text": None, "candidates.parent_statement_ids": [[], []]}
    rows = []
    for worker in ("Ana", "Ben"):
        words = {"worker_id": worker, "own_opinion__text": f"{worker} speaks."}
        rows.append(comparison(**words) | none)
        later = comparison(
            **words,
            round_id="r2",
            candidates__metadata__id=["c3", "c4"],
            candidates__text=["We plant five.", "We wait."],
            rankings__candidate_ids=["c3", "c4"],
        )
        rows.append(later | more)
    first, revised = habermas(tmp_path, *rows)
    assert (first.previous, first.critiques) == ("", ())
    assert (revised.statement, revised.previous) == ("We plant five.", "We plant ten trees.")
    assert revised.critiques == ("Bays?", "Bays?")


def test_an_unknown_level_of_quality_asks_for_the_levels(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"(?s)row 1.*'GOOD_QUALITY'.*quality_levels"):
        habermas(tmp_path, comparison(), quality_levels=())

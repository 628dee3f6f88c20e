"""Corpora go out in any format and come back as they were; files are whole or not there."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acuerdo.datasets import QUESTION_FORMATS, read_questions, write_questions_file
from acuerdo.domain.errors import AcuerdoError, InputError, StorageError
from acuerdo.domain.questions import SPLITS, DebateQuestion, Origin
from acuerdo.questions.lines import question_line, question_of
from tests.datasets.questions.corpora import published_json

FULL = DebateQuestion(
    id="q1",
    text="¿Deberían las escuelas dar, o no, «almuerzo»; gratis?",
    language="es",
    affirming="Sí, deberían.",
    negating="No deberían.",
    area="education and youth",
    leans="change",
    topic=7,
    outlier=True,
    split="new_topics",
    origin=Origin("model", "a model", "abc123", 2**63, ("s001", "s 2"), "a source", "CC BY 4.0"),
)
BARE = DebateQuestion(id="q2", text="Should cars go?")
FORMULAS = DebateQuestion(
    id="=1+1",
    text="=HYPERLINK(A1)?",
    affirming="+1",
    negating="'-1",
    area="@home",
    origin=Origin(by="import"),
)
LOSSLESS = ("jsonl", "csv", "parquet")


@pytest.mark.parametrize("ending", [*LOSSLESS, "jsonl.gz", "csv.gz"])
def test_everything_comes_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"corpus.{ending}"
    asked = (FULL, replace(BARE, origin=Origin(by="seed")), FORMULAS)
    assert write_questions_file(iter(asked), path) == 3
    assert read_questions(path).questions == asked


_texts = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30)
_questions = st.builds(
    DebateQuestion,
    id=_texts,
    text=_texts,
    affirming=st.one_of(st.just(""), _texts),
    area=st.one_of(st.just(""), _texts),
    leans=st.sampled_from(("change", "keep", "")),
    topic=st.integers(-1, 10**6),
    split=st.sampled_from(("", *SPLITS)),
    outlier=st.booleans(),
    origin=st.builds(Origin, by=st.just("model"), seed=st.integers(-1, 2**64), model=_texts),
)


@pytest.mark.parametrize("format_", LOSSLESS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(asked=st.lists(_questions, min_size=1, max_size=4, unique_by=lambda q: q.id))
def test_any_question_comes_back(tmp_path: Path, format_: str, asked: list[DebateQuestion]) -> None:
    path = tmp_path / "corpus"
    write_questions_file(asked, path, format_)
    assert read_questions(path, format=format_).questions == tuple(asked)


@pytest.mark.parametrize("ending", ["json", "json.gz"])
def test_the_published_corpus_comes_back_byte_for_byte(tmp_path: Path, ending: str) -> None:
    questions = read_questions(published_json()).questions
    path = tmp_path / f"corpus.{ending}"
    write_questions_file(questions, path)
    again = tmp_path / "again.json"
    write_questions_file(read_questions(path).questions, again)
    assert again.read_bytes() == published_json()
    write_questions_file([], again)
    assert json.loads(again.read_text()) == []


def test_lines_are_those_of_a_running_corpus(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    write_questions_file([FULL, BARE], path)
    written = path.read_bytes()
    assert written == question_line(FULL) + question_line(BARE)
    assert question_of(json.loads(written.splitlines()[0]), "line 1") == FULL


def test_no_cell_of_a_table_is_calculated(tmp_path: Path) -> None:
    path = tmp_path / "corpus.csv"
    write_questions_file([FORMULAS, FULL, BARE], path)
    with path.open(newline="", encoding="utf-8") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    assert "'=HYPERLINK(A1)?" in cells


@pytest.mark.parametrize("format_", QUESTION_FORMATS)
def test_a_corpus_that_breaks_off_leaves_what_was_there(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "corpus"
    path.write_text("what was there")

    def breaking() -> Iterator[DebateQuestion]:
        yield FULL
        raise InputError("broken off")

    with pytest.raises(InputError, match="broken off"):
        write_questions_file(breaking(), path, format_)
    assert path.read_text() == "what was there"
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_corpus_is_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    write_questions_file([FULL, BARE], first)
    write_questions_file([FULL, BARE], second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("path", "format_", "kind"),
    [("corpus.xlsx", "", InputError), ("corpus", "xml", InputError), (".", "csv", StorageError)],
)
def test_what_cannot_be_written_is_told(
    tmp_path: Path, path: str, format_: str, kind: type[AcuerdoError]
) -> None:
    with pytest.raises(kind):
        write_questions_file([BARE], tmp_path / path, format_)
    assert list(tmp_path.iterdir()) == []


def test_half_a_character_is_told_rather_than_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="half of a character"):
        write_questions_file([replace(BARE, text="\ud800?")], tmp_path / "corpus.csv")
    assert list(tmp_path.iterdir()) == []

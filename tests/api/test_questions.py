"""Searching, suggesting and reporting questions as a program does."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acuerdo import api
from acuerdo.api.questions import corpus_questions
from acuerdo.datasets import write_questions_file
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.questions import Decision
from acuerdo.llm import HashedEmbedder
from acuerdo.questions import Wanted, seeds
from acuerdo.settings import Settings

SEEDS = seeds("en")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache")


@pytest.fixture
def library(settings: Settings, tmp_path: Path) -> api.QuestionLibrary:
    path = tmp_path / "corpus.jsonl"
    write_questions_file(SEEDS, path)
    return api.open_questions(path, embedder=HashedEmbedder(), settings=settings)


def test_vectors_are_kept_beside_the_corpus(library: api.QuestionLibrary, tmp_path: Path) -> None:
    assert (tmp_path / "corpus.jsonl.vectors.npy").is_file()
    assert not (tmp_path / "cache").exists()
    assert library.questions == SEEDS
    assert library.name == str(tmp_path / "corpus.jsonl")


def test_where_nothing_may_be_written_the_cache_folder_keeps_them(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "readonly"
    folder.mkdir()
    path = folder / "corpus.csv"
    write_questions_file(SEEDS[:5], path)
    # A file in the way stands for a folder that refuses, which root would not notice.
    (folder / "corpus.csv.vectors.npy").mkdir()
    found = api.open_questions(path, embedder=HashedEmbedder(), settings=settings)
    assert len(found.questions) == 5
    assert len(list((tmp_path / "cache" / "questions").glob("*.npy"))) == 1
    assert stat.S_ISDIR((folder / "corpus.csv.vectors.npy").stat().st_mode)


def test_without_a_corpus_what_comes_along_is_searched(settings: Settings) -> None:
    questions, name, _ = corpus_questions()
    assert len(questions) >= 2 * len(SEEDS)
    assert "come" in name
    library = api.open_questions(embedder=HashedEmbedder(), settings=settings)
    assert library.questions == questions


def test_questions_are_found_and_suggested(library: api.QuestionLibrary) -> None:
    found = api.search_questions(SEEDS[3].text, corpus=library, k=2)
    assert found[0].question == SEEDS[3]
    assert found[0].similarity == pytest.approx(1)
    drawn = api.suggest_questions(4, corpus=library, seed=1)
    assert drawn == api.suggest_questions(4, corpus=library, seed=1)
    again = api.suggest_questions(4, corpus=library, seed=1, avoid=[one.id for one in drawn])
    assert not set(drawn) & set(again)
    near = api.suggest_questions(2, corpus=library, near=SEEDS[9].text)
    assert near[0] == SEEDS[9]
    with pytest.raises(InputError, match="negative"):
        api.suggest_questions(4, corpus=library, seed=-1)


def test_suggestions_are_in_one_language(settings: Settings) -> None:
    library = api.open_questions(embedder=HashedEmbedder(), settings=settings)
    assert len({one.language for one in api.suggest_questions(10, corpus=library)}) == 1
    wanted = Wanted(language="es")
    assert {one.language for one in api.suggest_questions(3, corpus=library, wanted=wanted)} == {
        "es"
    }


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(area="nowhere"), "There are: economy and work"),
        (Wanted(topic=3), "Its questions have no topic"),
        (Wanted(language="fi"), "There are: en"),
    ],
)
def test_a_filter_that_nothing_matches_is_told(
    library: api.QuestionLibrary, wanted: Wanted, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        api.search_questions("anything", corpus=library, wanted=wanted)


def test_the_report_counts_what_is_there(library: api.QuestionLibrary, tmp_path: Path) -> None:
    decisions = [
        Decision("s001", "review", 1),
        Decision("s001", "allow", 0, by="Ana"),
        Decision("s002", "block", 3),
    ]
    done = api.report_questions(
        tmp_path / "page.html",
        corpus=library,
        title="Our questions",
        rejects={"too long": 3},
        decisions=decisions,
    )
    report = done.report
    assert done.page.read_text().startswith("<!doctype html>")
    assert (report.count, len(report.points), report.with_sides) == (len(SEEDS),) * 3
    assert (report.grouped_by, len(report.topics)) == ("area", 8)
    assert sum(row.change for row in report.directions) == 76
    assert {(one.verdict, one.severity, one.count) for one in report.screened} == {
        ("allow", 0, 1),
        ("block", 3, 1),
    }
    assert sum(report.nearness) == len(SEEDS)
    similarities = [pair.similarity for pair in report.nearest]
    assert similarities == sorted(similarities, reverse=True)
    assert report.straddling is None


def test_topics_are_named_and_near_copies_across_parts_are_counted(
    settings: Settings, tmp_path: Path
) -> None:
    told = [replace(q, topic=k % 3, split="train", leans="", area="") for k, q in enumerate(SEEDS)]
    told.append(replace(told[0], id="copy", split="new_topics"))
    path = tmp_path / "corpus.jsonl"
    write_questions_file(told, path)
    library = api.open_questions(path, embedder=HashedEmbedder(), settings=settings)
    report = api.report_questions(
        tmp_path / "page.html", corpus=library, labels={1: "the second"}
    ).report
    assert report.straddling == 2
    assert (report.directions, report.grouped_by) == ((), "meaning")
    labels = {topic.number: topic.label for topic in report.topics}
    assert labels[1] == "the second"
    assert labels[0] and labels[2]


def test_translations_are_no_near_copies(settings: Settings, tmp_path: Path) -> None:
    both = [q for pair in zip(SEEDS[:20], SEEDS[:20], strict=True) for q in pair]
    told = [replace(q, id=f"q{k}", language=("en", "es")[k % 2]) for k, q in enumerate(both)]
    path = tmp_path / "corpus.jsonl"
    write_questions_file(told, path)
    library = api.open_questions(path, embedder=HashedEmbedder(), settings=settings)
    report = api.report_questions(tmp_path / "page.html", corpus=library).report
    assert report.nearest[0].similarity < 0.99


def test_without_scikit_learn_the_map_is_plainer(
    library: api.QuestionLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(vectors: np.ndarray, seed: int) -> np.ndarray:
        raise SettingsError("scikit-learn is not installed")

    monkeypatch.setattr("acuerdo.api.questions_report.projection", missing)
    report = api.report_questions(tmp_path / "page.html", corpus=library).report
    assert "two widest directions" in report.projection


def test_a_large_corpus_is_drawn_by_lot(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acuerdo.api.questions_report.MAX_POINTS", 50)
    path = tmp_path / "corpus.jsonl"
    write_questions_file(SEEDS, path)
    library = api.open_questions(path, embedder=HashedEmbedder(), settings=settings)
    first, second = (
        api.report_questions(tmp_path / "page.html", corpus=library, seed=seed).report
        for seed in (0, 1)
    )
    assert len(first.points) == len(second.points) == 50
    assert {one.id for one in first.points} != {one.id for one in second.points}
    assert first.count == len(SEEDS)

"""From seeds to a corpus by a run file: what comes out, resumed, decided about, enlarged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from acuerdo.api import build_question_corpus, questions_building, questions_writing
from acuerdo.api.questions_run import QuestionsRun, read_questions_run
from acuerdo.datasets import read_questions
from acuerdo.domain.completions import Request
from acuerdo.domain.errors import InputError, StorageError
from acuerdo.domain.questions import SPLITS, UNSETTLED, DebateQuestion
from acuerdo.llm import HashedEmbedder, ScriptedModel
from acuerdo.questions import ReviewLog, ScreenParts, question_id
from acuerdo.settings import Settings

ANIMALS = ["goats", "hens", "geese", "ducks", "bees", "cats", "dogs", "pigeons", "rabbits"]
PLACES = ["attics", "parks", "barns", "gardens", "cellars", "yards", "garages", "meadows", "courts"]
HARMFUL = "Should all Muslims be thrown out of the country?"
WANTED = 180
LIST = [f"Should people keep {animal} in {place}?" for animal in ANIMALS for place in PLACES]


def some_of(request: Request) -> str:
    start = request.seed % len(LIST)
    return "\n".join([f"1. {LIST[start]}", f"2. {LIST[start - 7]}", f"3. {HARMFUL}"])


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    for name in ("ACUERDO_MODEL", "ACUERDO_ADAPTER", "OPENAI_BASE_URL", "ACUERDO_MAX_TOKENS"):
        monkeypatch.delenv(name, raising=False)
    model = ScriptedModel(some_of)
    monkeypatch.setattr(questions_writing, "language_model", lambda *_: model)
    monkeypatch.setattr(questions_writing, "SentenceEncoder", HashedEmbedder)
    monkeypatch.setattr(questions_building, "SentenceEncoder", HashedEmbedder)
    monkeypatch.setattr(questions_building, "screen_parts", lambda **_: ScreenParts(None))
    return model


def build(folder: Path, count: int = WANTED) -> dict[str, Any]:
    run = QuestionsRun.model_validate(
        {"name": "animals", "count": count, "topics": {"k": 8, "method": "kmeans", "steps": ()}}
    )
    built = build_question_corpus(run, folder, settings=Settings(_env_file=None))
    assert built.questions == built.card["questions"]
    return dict(built.card)


def corpus_of(folder: Path) -> tuple[DebateQuestion, ...]:
    return read_questions(folder / "corpus.jsonl").questions


def test_a_corpus_is_written_screened_grouped_and_divided(
    model: ScriptedModel, tmp_path: Path
) -> None:
    card = build(tmp_path)
    questions = corpus_of(tmp_path)
    assert len(questions) >= WANTED
    assert not card["why"]
    assert {question.origin.by for question in questions} == {"seed", "model"}
    assert len({question.text for question in questions}) == len(questions)
    for question in questions:
        assert question.affirming != question.negating != ""
        assert question.topic != UNSETTLED
        assert question.split in SPLITS
    assert card["topics"] == 8
    assert sum(card["splits"].values()) == len(questions)
    held_out = {question.topic for question in questions if question.split == SPLITS[2]}
    assert held_out == set(card["held_out_topics"])
    assert not held_out & {q.topic for q in questions if q.split != SPLITS[2]}
    assert HARMFUL not in {question.text for question in questions}
    decided = ReviewLog(tmp_path / "decisions.jsonl").current()
    assert decided[question_id(HARMFUL)].verdict == "block"
    blocked = sum(decision.verdict == "block" for decision in decided.values())
    assert card["rejects"]["blocked by the screen or by a person"] == blocked
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "Debate questions: animals" in page
    assert (tmp_path / "figures").is_dir()


def test_run_again_nothing_changes_and_nobody_is_asked(
    model: ScriptedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path)
    before = (tmp_path / "corpus.jsonl").read_bytes()
    asked: list[Request] = []
    silent = ScriptedModel(lambda request: asked.append(request) or "")
    monkeypatch.setattr(questions_writing, "language_model", lambda *_: silent)
    build(tmp_path)
    assert (tmp_path / "corpus.jsonl").read_bytes() == before
    assert not asked


def test_what_a_person_decided_stands(model: ScriptedModel, tmp_path: Path) -> None:
    build(tmp_path)
    before = {question.id: question for question in corpus_of(tmp_path)}
    gone = next(question for question in before if question.startswith("q"))
    log = ReviewLog(tmp_path / "decisions.jsonl")
    log.decide(gone, "block", "Ada", "too private", "2026-01-01T00:00:00+00:00")
    build(tmp_path)
    after = {question.id: question for question in corpus_of(tmp_path)}
    assert gone not in after
    assert all(after[name] == before[name] for name in after if name in before)


def test_in_a_larger_corpus_questions_stay_where_they_were(
    model: ScriptedModel, tmp_path: Path
) -> None:
    build(tmp_path)
    before = corpus_of(tmp_path)
    build(tmp_path, WANTED + 20)
    after = {question.id: question for question in corpus_of(tmp_path)}
    assert len(after) >= WANTED + 20
    assert all(after[question.id] == question for question in before)


def test_lost_names_of_topics_are_told(model: ScriptedModel, tmp_path: Path) -> None:
    build(tmp_path)
    (tmp_path / "topics.json").write_text("[{}]", "utf-8")
    with pytest.raises(StorageError, match=r"topics.json.*\n.*belongs to the split"):
        build(tmp_path)


def test_a_model_that_brings_too_little_leaves_a_corpus_and_says_so(
    model: ScriptedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        questions_writing, "language_model", lambda *_: ScriptedModel(lambda _: f"1. {LIST[0]}")
    )
    card = build(tmp_path)
    assert "brought no new question" in card["why"]
    assert len(corpus_of(tmp_path)) == card["questions"] < WANTED
    assert json.loads((tmp_path / "card.json").read_text("utf-8"))["why"] == card["why"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name = "x"\ncount = 0', "count"),
        ('name = "x"\n[topics]\nclusters = 9', "no key 'clusters'"),
        ("count = 5", "the key 'name' is missing"),
    ],
)
def test_a_run_file_that_cannot_be_used_is_explained(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "run.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError, match=told):
        read_questions_run(file)


def test_the_run_file_of_the_project_can_be_read() -> None:
    run = read_questions_run(Path(__file__).parents[2] / "runs" / "corpus.toml")
    assert (run.count, run.topics.k) == (3500, 110)
    assert run.writing(9).count == 9

"""`acuerdo questions write`: what is written, exit codes, and which model is asked how."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from acuerdo.api import questions_writing as program
from acuerdo.cli.questions import questions_app
from acuerdo.domain.completions import Request
from acuerdo.domain.errors import Cancelled
from acuerdo.llm import HashedEmbedder, ScriptedModel
from acuerdo.ports import LanguageModel, Watch
from acuerdo.questions import question_of
from acuerdo.recipes import NO_ADAPTER
from acuerdo.settings import Settings

SUBJECTS = (
    "Should every village have a swimming pool?",
    "Should museums return what was taken in wars?",
    "Is it right to keep parrots in cages?",
    "Should nurses earn as much as pilots?",
    "Do you think that chess should be taught at school?",
    "Should the army be open to foreigners?",
    "Is it fair that lottery prizes are not taxed?",
    "Should farmers be paid for planting hedges?",
)


def two_of(request: Request) -> str:
    first, second = request.seed % 8, request.seed // 8 % 8
    return f"1. {SUBJECTS[first]}\n2. {SUBJECTS[second]}\n3. How is the weather?"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ACUERDO_MODEL", "ACUERDO_ADAPTER", "OPENAI_BASE_URL", "ACUERDO_MAX_TOKENS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "out"


def with_model(
    monkeypatch: pytest.MonkeyPatch, script: Callable[[Request], str] = two_of
) -> tuple[ScriptedModel, list[Settings]]:
    model, given = ScriptedModel(script), list[Settings]()

    def made(settings: Settings, watch: Watch) -> LanguageModel:
        given.append(settings)
        return model

    monkeypatch.setattr(program, "language_model", made)
    monkeypatch.setattr(program, "SentenceEncoder", HashedEmbedder)
    return model, given


def run(folder: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(
        questions_app, ["write", "--out", str(folder), "--quiet", *words], env={"COLUMNS": "200"}
    )
    assert done.exit_code == code, done.output
    return done.output


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def test_distinct_questions_their_origin_and_a_card_are_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model(monkeypatch)
    said = run(folder, "--count", "7", "--seed", "3")
    questions = [question_of(row, "line") for row in lines(folder, "questions.jsonl")]
    assert len({question.text for question in questions} & set(SUBJECTS)) == 7
    assert {(q.origin.by, q.origin.model, len(q.origin.shown)) for q in questions} == {
        ("model", "scripted", 10)
    }
    card = json.loads((folder / "card.json").read_text("utf-8"))
    assert (card["questions"], card["wanted"], card["state"]) == (7, 7, "complete")
    assert card["rejects"]["open_question"] == card["requests"]
    assert card["recipe"]["seed"] == 3
    assert "scripted" in json.dumps(card)
    assert str(folder) not in json.dumps(card)
    for words in ("Requests", "Distinct questions", "open_question", "acuerdo questions report"):
        assert words in said


def test_the_same_command_goes_on_and_asks_nothing_twice(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _ = with_model(monkeypatch)
    run(folder, "--count", "4")
    asked = len(model.seen)
    first = lines(folder, "questions.jsonl")
    run(folder, "--count", "4")
    assert len(model.seen) == asked
    run(folder, "--count", "8")
    assert lines(folder, "questions.jsonl")[:4] == first
    numbers = [line["number"] for line in lines(folder, "requests.jsonl")[1:]]
    assert len(set(numbers)) == len(numbers)


def test_a_folder_of_other_options_is_refused_unless_begun_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model(monkeypatch)
    run(folder, "--count", "4")
    before = (folder / "requests.jsonl").read_bytes()
    said = run(folder, "--count", "4", "--temperature", "1.2", code=2)
    assert "temperature: 0.8 there, 1.2 asked for" in said
    assert "--fresh" in said
    assert (folder / "requests.jsonl").read_bytes() == before
    run(folder, "--count", "4", "--temperature", "1.2", "--fresh")
    assert lines(folder, "requests.jsonl")[0]["recipe"]["temperature"] == 1.2


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--max-tokens", "3000"), "--max-tokens"), (("--patience", "16"), "--patience")],
)
def test_fewer_than_wanted_is_told_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    with_model(monkeypatch)
    output = run(folder, "--count", "50", *words, code=3)
    assert "Unfinished" in output
    assert said in output
    assert 0 < len(lines(folder, "questions.jsonl")) <= 8


def test_a_stopped_run_leaves_a_folder_to_go_on_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = 0

    def stopping(request: Request) -> str:
        nonlocal answers
        answers += 1
        if answers == 5:
            raise Cancelled
        return two_of(request)

    with_model(monkeypatch, stopping)
    assert "Run the same command again" in run(folder, "--count", "8", code=130)
    assert not (folder / "questions.jsonl").exists()
    assert [line["number"] for line in lines(folder, "requests.jsonl")[1:]] == [0, 1, 2, 3]
    with_model(monkeypatch)
    run(folder, "--count", "8")
    with_model(monkeypatch)
    run(folder.with_name("whole"), "--count", "8")
    assert lines(folder, "questions.jsonl") == lines(folder.with_name("whole"), "questions.jsonl")


def test_the_default_model_goes_on_with_a_list_and_is_not_the_tuned_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, given = with_model(monkeypatch)
    run(folder, "--count", "4")
    assert given[0].adapter == NO_ADAPTER
    request = model.seen[0]
    assert request.prefix.endswith("\n11.")
    assert request.temperature == 0.8


def test_a_model_on_a_server_is_asked_in_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, given = with_model(monkeypatch)
    run(folder, "--count", "4", "--model", "large", "--base-url", "http://127.0.0.1:9/v1")
    assert given[0].model == "large"
    assert model.seen[0].prefix == ""
    assert "Write 5 more" in model.seen[0].messages[-1].content


def test_spanish_is_written_from_spanish_seeds_by_a_larger_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, _ = with_model(monkeypatch, lambda request: "¿Deberían los museos abrir de noche?")
    spanish = ("--count", "1", "--language", "es")
    run(folder, *spanish, "--model", "large", "--base-url", "http://127.0.0.1:9/v1")
    (row,) = lines(folder, "questions.jsonl")
    assert row["language"] == "es"
    assert all(name.endswith("-es") for name in row["origin"]["shown"])
    assert "in Spanish" in model.seen[0].messages[-1].content


def test_the_default_model_is_not_asked_for_spanish(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, given = with_model(monkeypatch)
    assert "English only" in run(folder, "--language", "es", code=2)
    assert not given


def test_a_language_without_seeds_is_told_before_a_model_is_loaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, given = with_model(monkeypatch)
    assert "'fr'" in run(folder, "--language", "fr", code=2)
    assert not given
    assert not folder.exists()

"""`acuerdo questions search, suggest, import, export, report` as people and programs use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acuerdo.cli.questions import questions_app
from acuerdo.datasets import read_questions, write_questions_file
from acuerdo.questions import seeds

CSV = "id,question,topic\n1,Should cars leave the town centre?,0\n2,Should buses be free?,x\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    write_questions_file(seeds("en")[:30], path)
    return path


def run(tmp_path: Path, *arguments: object, stdin: bytes | None = None) -> Result:
    environment = {"COLUMNS": "300", "ACUERDO_CACHE_DIR": str(tmp_path / "cache")}
    return CliRunner(env=environment).invoke(questions_app, list(map(str, arguments)), input=stdin)


def test_a_search_in_another_language_prints_a_table_or_json(corpus: Path) -> None:
    folder = corpus.parent
    asked = "¿Semana de cuatro días sin bajar sueldos?"
    done = run(folder, "search", asked, "-c", corpus, "-n", 3)
    assert done.exit_code == 0
    assert "four-day working week" in done.stdout.splitlines()[1]
    assert "economy and work" in done.stdout
    assert "30 questions" in done.stderr
    found = json.loads(run(folder, "search", asked, "-c", corpus, "-n", 3, "--json").stdout)
    assert found[0]["id"] == "s001"
    assert found[0]["similarity"] > 0.6
    assert len(found) == 3


def test_suggestions_can_be_narrowed_and_repeated(corpus: Path) -> None:
    folder = corpus.parent
    first = run(folder, "suggest", "-c", corpus, "-n", 4, "--json").stdout
    assert first == run(folder, "suggest", "-c", corpus, "-n", 4, "--json").stdout
    leans = [one["leans"] for one in json.loads(first)]
    assert sorted(leans) == ["change", "change", "keep", "keep"]
    few = run(folder, "suggest", "-c", corpus, "-n", 99, "--area", "economy and work")
    assert few.exit_code == 0
    assert "differ from one another" in few.stderr


def test_a_bad_row_ends_an_import_or_is_left_out_and_written_down(tmp_path: Path) -> None:
    target, rejected = tmp_path / "corpus.jsonl", tmp_path / "rejected.jsonl"
    failed = run(tmp_path, "import", "-", "-o", target, stdin=CSV.encode())
    assert failed.exit_code == 2
    assert "row 3, column 'topic'" in failed.stderr
    assert not target.exists()
    done = run(tmp_path, "import", "-", "-o", target, "--rejected", rejected, stdin=CSV.encode())
    assert done.exit_code == 3
    assert "1 question (1 en)" in done.stdout
    assert [one.id for one in read_questions(target).questions] == ["1"]
    (line,) = rejected.read_text().splitlines()
    assert json.loads(line)["place"] == "row 3"


def test_an_import_says_what_it_found_as_json(tmp_path: Path) -> None:
    table = b"Frage\nSollten Busse in unserer Stadt kostenlos sein?\n"
    done = run(
        tmp_path,
        *("import", "-", "-o", tmp_path / "corpus.csv", "--column", "question=Frage", "--json"),
        *("--source", "a town", "--licence", "CC0"),
        stdin=table,
    )
    assert json.loads(done.stdout) == {
        "questions": 1,
        "languages": {"de": 1},
        "left_out": 0,
        "rejected": [],
        "notes": ["column 'Frage' read as the question"],
    }
    (question,) = read_questions(tmp_path / "corpus.csv").questions
    assert (question.origin.source, question.origin.licence) == ("a town", "CC0")


@pytest.mark.parametrize("stdin", [b"question\n", b"id,question\n1,\n"])
def test_nothing_to_import_leaves_no_file(tmp_path: Path, stdin: bytes) -> None:
    target = tmp_path / "corpus.jsonl"
    done = run(tmp_path, "import", "-", "-o", target, "--skip-bad", stdin=stdin)
    assert done.exit_code == 2
    assert not target.exists()


@pytest.mark.parametrize("ending", ["json", "csv", "parquet", "jsonl.gz"])
def test_a_corpus_goes_out_in_any_format(corpus: Path, ending: str) -> None:
    target = corpus.parent / f"out.{ending}"
    done = run(corpus.parent, "export", target, "-c", corpus, "--area", "economy and work")
    assert done.exit_code == 0
    assert "19 questions: " in done.stdout
    assert len(read_questions(target).questions) == 19
    assert run(corpus.parent, "export", corpus.parent / "x.doc", "-c", corpus).exit_code == 2


def test_the_report_is_written_with_its_figures(corpus: Path) -> None:
    folder = corpus.parent
    card = folder / "card.json"
    card.write_text(json.dumps({"rejects": {"wording": 4}}))
    page, figures = folder / "page.html", folder / "figures"
    done = run(
        folder,
        *("report", "-c", corpus, "-o", page, "--png", figures, "--card", card),
        *("--title", "Ours"),
    )
    assert done.exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert '<h1 dir="auto">Ours</h1>' in html
    assert "nearly the same words as another" in html
    assert (figures / "map.png").is_file()
    card.write_text("[]")
    assert run(folder, "report", "-c", corpus, "-o", page, "--card", card).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", ""),
        ("search", "a", "--area", "nowhere"),
        ("search", "a", "-c", "nowhere.jsonl"),
        ("suggest", "-c", "nowhere.jsonl"),
        ("import", "nowhere.csv", "-o", "corpus.jsonl"),
        ("export", "out.csv", "-c", "nowhere.jsonl"),
        ("report", "-c", "nowhere.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(tmp_path, *arguments)
    assert done.exit_code == 2
    assert "Error" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [path for path in tmp_path.iterdir() if path.name != "cache"]

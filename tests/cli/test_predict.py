"""`acuerdo predict` as a person uses it: a table in, the same rows with agreement out."""

from __future__ import annotations

import csv
import io
import signal
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from acuerdo import wiring
from acuerdo.api import predicting_files
from acuerdo.cli.app import make_app
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Scorer, Watch, stop_if_asked

TABLE = """question,person,opinion,statement,rating,note
Open on Sundays?,Ana,"Yes, it is the only day I can go there.",Open on Sundays.,,"a, ""b"" c"
Open on Sundays?,Ben,,Open on Sundays.,,
Open on Sundays?,Ana,,Buy more books.,2,c
"""


@pytest.fixture(autouse=True)
def quick_encoder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Embed by hashing, except where a test asks for the real encoder."""
    if "real_encoder" not in request.fixturenames:
        monkeypatch.setattr(wiring, "SentenceEncoder", HashedEmbedder)


@pytest.fixture
def real_encoder() -> None:
    """Ask for the encoder that comes with the package."""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "table.csv"
    file.write_text(TABLE, encoding="utf-8")
    return file


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(
        make_app(), ["predict", *map(str, arguments)], input=stdin
    )


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_the_same_rows_come_out_with_three_more_columns(table: Path, real_encoder: None) -> None:
    done = run(table, "--predictor", "similarity")
    assert done.exit_code == 0, done.stderr
    rows = rows_of(done.stdout)
    given = rows_of(TABLE)
    assert [{name: row[name] for name in given[0]} for row in rows] == given
    assert list(rows[0])[-3:] == ["agreement", "spread", "answered"]
    assert 1 < float(rows[0]["agreement"]) < 7
    assert float(rows[0]["spread"]) > 0
    assert (rows[1]["agreement"], rows[1]["spread"], rows[1]["answered"]) == ("", "", "false")
    assert (rows[2]["agreement"], rows[2]["spread"], rows[2]["answered"]) == (
        "2.000",
        "0.000",
        "true",
    )
    assert (
        "3 rows, 1 questions: 1 predicted (similarity-with-ratings), 1 known, 1 not answered"
        in done.stderr
    )


def test_what_others_rated_moves_the_rows_that_are_not_rated() -> None:
    def predicted(bens: str) -> dict[str, str]:
        table = (
            "question,person,opinion,statement,rating\n"
            "Sundays?,Ana,I can only go on Sundays.,Open on Sundays.,\n"
            f"Sundays?,Ben,Nobody will come.,Open on Sundays.,{bens}\n"
            "Buses?,Ben,Too loud.,More buses.,\n"
        )
        done = run("-", "--predictor", "length", stdin=table.encode())
        assert done.exit_code == 0, done.stderr
        return {row["person"] + row["question"]: row["agreement"] for row in rows_of(done.stdout)}

    low, unknown, high = predicted("1"), predicted(""), predicted("7")
    assert low["AnaSundays?"] < unknown["AnaSundays?"] < high["AnaSundays?"]
    assert low["BenBuses?"] == unknown["BenBuses?"] == high["BenBuses?"]
    assert (low["BenSundays?"], high["BenSundays?"]) == ("1.000", "7.000")


def test_a_file_and_standard_input_and_output_give_the_same(table: Path, tmp_path: Path) -> None:
    result = tmp_path / "new folder" / "out.csv"
    to_file = run(table, "-p", "length", "-o", result, "--quiet")
    piped = run("-", "-p", "length", "--quiet", stdin=TABLE.encode())
    assert (to_file.exit_code, to_file.stdout, to_file.stderr) == (0, "", "")
    assert piped.stderr == ""
    assert result.read_text(encoding="utf-8") == piped.stdout
    assert [file.name for file in result.parent.iterdir()] == ["out.csv"]


def test_columns_encoding_and_delimiter_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "table.txt"
    file.write_text(
        "Thema;Wer;Sagt;Satz;Wert;Anlass\nBäume?;Zoë;Ja.;Mehr Bäume.;;Hitze\n", encoding="latin-1"
    )
    named = ("--question-column", "Thema", "--person-column", "Wer", "--opinion-column", "Sagt")
    more = ("--statement-column", "Satz", "--rating-column", "Wert", "--context-column", "Anlass")
    done = run(file, *named, *more, "--encoding", "latin-1", "--delimiter", ";", "-p", "length")
    assert done.exit_code == 0, done.stderr
    (row,) = rows_of(done.stdout, ";")
    assert (row["Thema"], row["Wer"], row["answered"]) == ("Bäume?", "Zoë", "true")
    assert "column 'Thema' read as the question" in done.stderr


def test_a_prefix_is_the_way_out_of_a_clash(table: Path) -> None:
    once = run(table, "-p", "length", "--quiet").stdout.encode()
    clash = run("-", "-p", "length", stdin=once)
    assert clash.exit_code == 2
    assert "--prefix" in clash.stderr
    twice = run("-", "-p", "length", "--prefix", "again_", stdin=once)
    assert twice.exit_code == 0
    assert all(row["again_agreement"] == row["agreement"] for row in rows_of(twice.stdout))


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["-"], b"", "empty"),
        (["no/such/file.csv"], None, "no such file"),
        (["-"], b"person,opinion\nA,Y\n", "as the question or the statement"),
        (["-"], b"question,opinion,statement,rating\nQ,Y,S,9\n", "row 2, column 'rating'"),
        (["-"], b"question,opinion,statement\nQ,Y,S,T\n", "row 2"),
        (["-"], b"question,opinion,statement\nQ,Y,caf\xe9\n", "--encoding windows-1252"),
        (["-", "--delimiter", "#"], b"question,opinion,statement\nQ,Y,S\n", "separate cells"),
        (["-", "-p", "oracle"], b"question,opinion,statement\nQ,Y,S\n", "no predictor"),
    ],
)
def test_bad_input_leaves_with_2_and_says_what_to_do(
    arguments: list[str], stdin: bytes | None, words: str
) -> None:
    done = run(*arguments, stdin=stdin)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
    assert done.stdout == ""


class Interrupted:
    """A scorer in the middle of which somebody presses Ctrl-C."""

    name = "interrupted"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        signal.raise_signal(signal.SIGINT)
        stop_if_asked(watch)
        return Forecast(np.full(sheet.size, 4.0), np.ones(sheet.size))


def test_an_interrupt_leaves_with_130_and_nothing_half_written(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(*_: object, **__: object) -> Scorer:
        return Interrupted()

    monkeypatch.setattr(predicting_files, "scorer_named", named)
    done = run(table, "-o", tmp_path / "out.csv")
    assert done.exit_code == 130
    assert "Stopped" in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["table.csv"]


def test_a_full_disk_leaves_with_1(table: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    done = run(table, "-p", "length", "-o", full)
    assert done.exit_code == 1
    assert "No space left" in done.stderr

"""`acuerdo evaluate predictor`: from a run file to tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acuerdo.api import evaluating
from acuerdo.cli.app import make_app
from tests.cli.evaluations import (
    check_missing_matplotlib_is_told_first,
    check_the_run_file_is_copied,
)
from tests.evaluate.judging import invented_table

RUN = """
name = "small"
[sizes]
resamples = 20
groups = 3
fewest = 5
response_pairs = 5
[[data]]
table = "Library"
reader = "invented"
path = "nowhere"
[[arms]]
name = "random"
[[arms]]
name = "length"
"""


@pytest.fixture
def run_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a run file on invented votes."""
    table = invented_table(people=8, statements=6)
    monkeypatch.setattr("acuerdo.api.evaluating.READERS", {"invented": lambda path: table})
    path = tmp_path / "run.toml"
    path.write_text(RUN, "utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(
        make_app(), ["evaluate", "predictor", *arguments]
    )


def test_tables_and_files_come_out(run_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(str(run_file), "--out", str(out), "--no-figures")
    assert result.exit_code == 0, result.output
    assert "## Library" in result.stdout
    assert "| length | " in result.stdout
    names = {path.name for path in out.iterdir()}
    assert names == {"table.md", "results.json", "run.toml", "forecasts"}
    assert (out / "table.md").read_text("utf-8") == result.stdout
    assert (out / "run.toml").read_text("utf-8") == RUN
    again = run(str(run_file), "--out", str(out), "--no-figures", "--json")
    assert json.loads(again.stdout) == json.loads((out / "results.json").read_text("utf-8"))


def test_the_run_file_that_ran_is_copied_whatever_became_of_it(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_the_run_file_is_copied(run, run_file, (evaluating, "run_experiment"), monkeypatch)


def test_missing_matplotlib_is_told_before_anything_is_forecast(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_missing_matplotlib_is_told_first(run, run_file, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('reader = "invented"', 'reader = "inventive"', "no reader called 'inventive'"),
        ('name = "length"', 'name = "lenght"', "lenght"),
        ('name = "small"', 'title = "small"', "name"),
    ],
)
def test_mistakes_leave_with_code_2(run_file: Path, old: str, new: str, message: str) -> None:
    run_file.write_text(RUN.replace(old, new), "utf-8")
    result = run(str(run_file))
    assert result.exit_code == 2
    assert message in result.output


def test_a_sample_of_people_is_the_same_every_time(run_file: Path, tmp_path: Path) -> None:
    run_file.write_text(RUN.replace('path = "nowhere"', 'path = "nowhere"\npeople = 3'), "utf-8")
    told = []
    for name in ("first", "second"):
        out = tmp_path / name
        arguments = ["evaluate", "predictor", str(run_file), "--out", str(out), "--no-figures"]
        assert CliRunner().invoke(make_app(), arguments).exit_code == 0
        told.append((out / "table.md").read_text("utf-8"))
    assert told[0] == told[1]
    assert "of 3 people" in told[0]

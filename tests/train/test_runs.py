"""Run files: what they may say, and how an error names its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError
from acuerdo.train import read_run

ROOT = Path(__file__).parents[2]

SMALL = """
name = "small"
kind = "cross_encoder"
base = "${BASE}/encoder"

[[data]]
reader = "parquet"
path = "data/judgements.parquet"
train = ["train", "more"]

[training]
learning_rate = 1
"""


def read(tmp_path: Path, text: str, **environment: str) -> object:
    path = tmp_path / "run.toml"
    path.write_text(text)
    return read_run(path, environment)


def test_a_run_file_with_defaults(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text(SMALL)
    run = read_run(path, {"BASE": "/models"})
    assert run.base == "/models/encoder"
    assert run.data[0].train == ("train", "more")
    assert run.data[0].validation == ("validation",)
    assert run.training.learning_rate == 1.0
    assert (run.training.precision, run.objectives.ordinal, run.stance) == ("auto", 1.0, None)


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ('name = "small"', 'nam = "small"', "", "'nam'|'name'"),
        ("learning_rate = 1", "learning_rat = 1", ", [training]", "'learning_rat'"),
        ("reader =", "reeder =", ", [data 1]", "'reader'|'reeder'"),
        ("learning_rate = 1", "learning_rate = 0", ", [training]", "greater than 0"),
        ("learning_rate = 1", 'batch = "many"', ", [training]", "batch"),
        ("learning_rate = 1", "batch = 2.5", ", [training]", "batch"),
        ('"cross_encoder"', '"forest"', "", "kind"),
        ('train = ["train", "more"]', 'objectives = ["fame"]', ", [data 1", "0|objectives"),
    ],
)
def test_errors_name_file_table_and_key(
    tmp_path: Path, old: str, new: str, place: str, what: str
) -> None:
    with pytest.raises(InputError, match=what) as error:
        read(tmp_path, SMALL.replace(old, new), BASE="/models")
    assert error.value.where.startswith(f"{tmp_path / 'run.toml'}{place}")


def test_a_variable_that_is_not_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="BASE is not set"):
        read(tmp_path, SMALL)


@pytest.mark.parametrize("text", ["name = ", "\ufeff\x00"])
def test_what_is_no_toml(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="not a TOML file"):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_run(tmp_path / "none.toml")


def test_nothing_to_learn(tmp_path: Path) -> None:
    text = SMALL + "\n[objectives]\nordinal = 0\npairs = 0\n"
    with pytest.raises(InputError, match="every objective counts 0"):
        read(tmp_path, text, BASE="/models")


@pytest.mark.parametrize("path", sorted((ROOT / "runs").glob("predictor_*.toml")), ids=str)
def test_committed_run_files_are_valid(path: Path) -> None:
    assert read_run(path, {"ACUERDO_DATA": "data", "ACUERDO_BASE": "base"}).name

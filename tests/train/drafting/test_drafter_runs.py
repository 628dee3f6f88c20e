"""Run files of drafting models: what they say, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError
from acuerdo.train import read_drafter_run

RUNS = Path(__file__).parents[3] / "runs"
SHORT = """
name = "ours"
kind = "drafter"
[[data]]
reader = "statements"
path = "${ACUERDO_DATA}/statements"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "run.toml"
    path.write_text(text)
    return path


def test_a_short_file_is_enough(tmp_path: Path) -> None:
    run = read_drafter_run(written(tmp_path, SHORT), {"ACUERDO_DATA": "/data"})
    assert run.data[0].path == "/data/statements"
    assert run.base == "default"
    assert run.template == "plain"
    assert run.lora != "none" and run.lora.rank == 32
    assert run.dpo is None


@pytest.mark.parametrize(
    ("addition", "where", "what"),
    [
        ("[training]\nlearning_speed = 1.0\n", "[training]", "no key 'learning_speed'"),
        ("[training]\nbatch = 0\n", "[training]", "batch"),
        ("[lora]\nrank = 'high'\n", "[lora", "rank"),
        ("[dpo]\nbeta = 0.1\n", "[dpo]", "'pairs' is missing"),
        ("[samples]\ntemperature = -1.0\n", "[samples]", "temperature"),
    ],
)
def test_errors_name_table_and_key(tmp_path: Path, addition: str, where: str, what: str) -> None:
    path = written(tmp_path, SHORT + addition)
    with pytest.raises(InputError) as error:
        read_drafter_run(path, {"ACUERDO_DATA": "/data"})
    assert where in error.value.where
    assert what in error.value.what


def test_something_must_be_learned_from(tmp_path: Path) -> None:
    path = written(tmp_path, 'name = "ours"\nkind = "drafter"\n')
    with pytest.raises(InputError, match="to train on"):
        read_drafter_run(path)


def test_preferences_need_an_adapter(tmp_path: Path) -> None:
    text = 'name = "ours"\nkind = "drafter"\nlora = "none"\n[dpo]\npairs = ["pairs.jsonl"]\n'
    with pytest.raises(InputError, match="adapter"):
        read_drafter_run(written(tmp_path, text))


def test_a_predictor_is_no_drafter(tmp_path: Path) -> None:
    text = SHORT.replace('"drafter"', '"causal"')
    with pytest.raises(InputError, match="kind"):
        read_drafter_run(written(tmp_path, text), {"ACUERDO_DATA": "/data"})


@pytest.mark.parametrize("name", ["drafter.toml", "drafter_dpo.toml", "drafter_70b.toml"])
def test_committed_runs_can_be_read(name: str) -> None:
    run = read_drafter_run(RUNS / name, {"ACUERDO_DATA": "/data", "ACUERDO_MODELS": "/models"})
    assert run.template == "plain"

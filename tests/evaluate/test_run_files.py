"""Run files of experiments: what they say, and what is said about mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.evaluate import Sizes, read_paraphrases, read_run_file

GOOD = """
name = "mine"
[sizes]
groups = 7
rules = ["schulze"]
[[data]]
reader = "polis"
path = "${HERE}/polis"
[[arms]]
name = "length"
[[arms]]
name = "trained"
scorer = "out/a"
with_ratings = true
parts = { fold0 = "out/b" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_run_file_is_read_with_defaults(tmp_path: Path) -> None:
    run = read_run_file(written(tmp_path, GOOD), {"HERE": "/data"})
    assert run.name == "mine"
    assert run.sizes.sizes() == Sizes(groups=7, rules=("schulze",))
    assert (run.data[0].title, run.data[0].path) == ("polis", "/data/polis")
    assert [arm.name for arm in run.arms] == ["length", "trained"]
    assert run.arms[1].parts == {"fold0": "out/b"}
    assert run.arms[1].with_ratings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("reader =", "raeder =", r"\[data 1\].*(reader|raeder)"),
        ('name = "length"', "", r"\[arms 1\].*'name' is missing"),
        ("groups = 7", "groups = -7", r"\[sizes\].*groups"),
        ("groups = 7", "grups = 7", r"\[sizes\].*no key 'grups'"),
        ('name = "mine"', "name = ", "not a TOML file"),
        ("${HERE}", "${THERE}", "THERE is not set"),
    ],
)
def test_mistakes_are_named_with_their_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(InputError, match=message) as caught:
        read_run_file(path, {"HERE": "/data"})
    assert str(path) in caught.value.where


def test_sizes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    text = GOOD.replace("groups = 7", "fewest = 9\nmost = 5")
    with pytest.raises(SettingsError, match="most must be at least 9"):
        read_run_file(written(tmp_path, text), {"HERE": "/"}).sizes.sizes()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml"):
        read_run_file(tmp_path / "none.toml")


def test_paraphrases_are_read_from_csv(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text('statement,paraphrase\n"Ban cars, now","Forbid cars"\n', encoding="utf-8")
    assert read_paraphrases(path) == {"Ban cars, now": "Forbid cars"}
    path.write_text("statement,paraphrase\nBan cars,\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: a text is empty"):
        read_paraphrases(path)
    path.write_text("statement,other\na,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column 'paraphrase'"):
        read_paraphrases(path)

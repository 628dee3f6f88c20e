"""The figures of a corpus as PNG files."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.report import draw_corpus_figures
from tests.report import corpora

PNG = b"\x89PNG\r\n"


def test_there_is_one_for_each_thing_that_is_known(tmp_path: Path) -> None:
    paths = draw_corpus_figures(corpora.full(60, 4), tmp_path / "figures")
    assert [path.name for path in paths] == [
        "map.png",
        "topics.png",
        "directions.png",
        "nearness.png",
        "rejects.png",
    ]
    assert all(path.read_bytes().startswith(PNG) for path in paths)
    assert draw_corpus_figures(corpora.empty(), tmp_path) == []


def test_hostile_texts_can_be_drawn(tmp_path: Path) -> None:
    assert draw_corpus_figures(corpora.hostile(), tmp_path)


def test_without_matplotlib_or_a_folder_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="figure could not be written"):
        draw_corpus_figures(corpora.full(40, 4), tmp_path / "file")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(SettingsError, match="need matplotlib"):
        draw_corpus_figures(corpora.full(40, 4), tmp_path)

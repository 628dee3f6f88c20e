"""Vectors on disk are used again only where they fit, and a stopped run goes on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled, StorageError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Progress
from acuerdo.questions.stored_vectors import BATCH, stored_vectors

QUESTIONS = tuple(DebateQuestion(f"q{k}", f"Should we do {k}?") for k in range(2 * BATCH + 7))


class Counting(HashedEmbedder):
    def __init__(self) -> None:
        super().__init__(32)
        self.called = "hashed-words"
        self.embedded = 0

    @property
    def name(self) -> str:
        return self.called

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        return super().embed(texts)


class StopsAfter:
    def __init__(self, looks: int) -> None:
        self.looks = looks

    def report(self, progress: Progress) -> None: ...

    def stopped(self) -> bool:
        self.looks -= 1
        return self.looks < 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "corpus.vectors.npy"


def plain() -> np.ndarray:
    return HashedEmbedder(32).embed([q.text for q in QUESTIONS])


def test_they_are_made_once_and_mapped_afterwards(path: Path) -> None:
    embedder = Counting()
    first = stored_vectors(QUESTIONS, embedder, path)
    assert embedder.embedded == len(QUESTIONS) + 1
    second = stored_vectors(QUESTIONS, embedder, path)
    assert embedder.embedded == len(QUESTIONS) + 2
    assert isinstance(second, np.memmap)
    np.testing.assert_array_equal(first, plain())
    np.testing.assert_array_equal(second, plain())
    card = json.loads(path.with_suffix(".json").read_text())
    assert (card["encoder"], card["questions"], card["dimensions"]) == (
        "hashed-words",
        len(QUESTIONS),
        32,
    )
    assert sorted(p.name for p in path.parent.iterdir()) == [
        "corpus.vectors.json",
        "corpus.vectors.npy",
    ]


def test_other_texts_or_another_encoder_make_them_anew(path: Path) -> None:
    embedder = Counting()
    stored_vectors(QUESTIONS, embedder, path)
    changed = (*QUESTIONS[:-1], replace(QUESTIONS[-1], text="Should we stop?"))
    found = stored_vectors(changed, embedder, path)
    np.testing.assert_array_equal(found[-1], embedder.embed(["Should we stop?"])[0])
    before = embedder.embedded
    embedder.called = "another"
    stored_vectors(changed, embedder, path)
    assert embedder.embedded > before + len(changed)
    stored_vectors(tuple(replace(q, topic=3) for q in changed), embedder, path)
    assert embedder.embedded < before + 2 * len(changed)


def test_an_encoder_that_changed_under_its_name_is_noticed(path: Path) -> None:
    class Turned(Counting):
        def embed(self, texts: Sequence[str]) -> np.ndarray:
            return -super().embed(texts)

    stored_vectors(QUESTIONS, Counting(), path)
    np.testing.assert_array_equal(stored_vectors(QUESTIONS, Turned(), path), -plain())


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"nonsense"])
def test_damaged_files_are_made_anew(path: Path, damage: bytes) -> None:
    stored_vectors(QUESTIONS, Counting(), path)
    path.write_bytes(damage)
    np.testing.assert_array_equal(stored_vectors(QUESTIONS, Counting(), path), plain())
    path.with_suffix(".json").write_bytes(damage)
    np.testing.assert_array_equal(stored_vectors(QUESTIONS, Counting(), path), plain())


def test_a_stopped_run_goes_on_where_it_was(path: Path) -> None:
    embedder = Counting()
    with pytest.raises(Cancelled):
        stored_vectors(QUESTIONS, embedder, path, StopsAfter(2))
    assert embedder.embedded == 2 * BATCH + 1
    assert not path.exists()
    np.testing.assert_array_equal(stored_vectors(QUESTIONS, embedder, path), plain())
    assert embedder.embedded == len(QUESTIONS) + 2


def test_a_row_that_was_cut_short_is_written_again(path: Path) -> None:
    with pytest.raises(Cancelled):
        stored_vectors(QUESTIONS, Counting(), path, StopsAfter(2))
    (part,) = path.parent.glob(".*.part")
    part.write_bytes(part.read_bytes()[:-50])
    np.testing.assert_array_equal(stored_vectors(QUESTIONS, Counting(), path), plain())


def test_no_questions_have_no_vectors_and_no_file(path: Path) -> None:
    assert stored_vectors((), Counting(), path).shape == (0, 0)
    assert not path.exists()


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match="vectors cannot be kept"):
        stored_vectors(QUESTIONS, Counting(), tmp_path / "file" / "vectors.npy")

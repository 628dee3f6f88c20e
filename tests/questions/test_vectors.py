"""Vectors on disk: killed at any byte, taken up again, and never mixed up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled, InputError, StorageError
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Progress, Unwatched, Vectors
from acuerdo.questions.vectors import CARD, ROWS, TEXTS, VectorStore, blocks, embed_into

NAME = HashedEmbedder().name
WATCH = Unwatched()


def texts(count: int) -> list[str]:
    return [f"Should town {n} build road {n % 7}?" for n in range(count)]


class Counting(HashedEmbedder):
    def __init__(self, stop_after: int = 10**9) -> None:
        super().__init__(32)
        self.asked = 0
        self._stop_after = stop_after

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.asked + len(texts) > self._stop_after:
            raise KeyboardInterrupt
        self.asked += len(texts)
        return super().embed(texts)


def store(folder: Path) -> VectorStore:
    return VectorStore(folder, NAME)


def expected(count: int) -> Vectors:
    return HashedEmbedder(32).embed(texts(count))


def test_vectors_come_back(tmp_path: Path) -> None:
    kept = store(tmp_path)
    assert (len(kept), kept.vectors().shape) == (0, (0, 0))
    assert embed_into(kept, iter(texts(25)), Counting(), WATCH, batch=10) == 25
    again = store(tmp_path)
    assert (len(again), again.dimensions) == (25, 32)
    found = again.vectors()
    assert isinstance(found, np.memmap) and not found.flags.writeable
    np.testing.assert_allclose(found, expected(25), atol=1e-3)


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        embed_into(store(tmp_path), texts(50), Counting(stop_after=30), WATCH, batch=10)
    embedder = Counting()
    assert embed_into(store(tmp_path), texts(50), embedder, WATCH, batch=15) == 20
    assert embedder.asked == 20
    np.testing.assert_allclose(store(tmp_path).vectors(), expected(50), atol=1e-3)
    assert embed_into(store(tmp_path), texts(50), Counting(0), WATCH) == 0


@pytest.mark.parametrize("rows", [64 * 20, 64 * 20 + 1, 64 * 30 - 2, 64 * 30])
@pytest.mark.parametrize("hashes", [8 * 20, 8 * 20 + 3, 8 * 30])
def test_a_kill_between_any_two_bytes_loses_nothing_whole(
    tmp_path: Path, rows: int, hashes: int
) -> None:
    embed_into(store(tmp_path), texts(30), Counting(), WATCH)
    for name, size in ((ROWS, rows), (TEXTS, hashes)):
        with (tmp_path / name).open("r+b") as file:
            file.truncate(size)
    held = len(store(tmp_path))
    assert held == min(rows // 64, hashes // 8)
    assert embed_into(store(tmp_path), texts(40), Counting(), WATCH, batch=7) == 40 - held
    assert (tmp_path / ROWS).stat().st_size == 64 * 40
    assert (tmp_path / TEXTS).stat().st_size == 8 * 40
    np.testing.assert_allclose(store(tmp_path).vectors(), expected(40), atol=1e-3)


def test_another_encoder_is_refused(tmp_path: Path) -> None:
    embed_into(store(tmp_path), texts(3), Counting(), WATCH)
    with pytest.raises(InputError, match=r"hashed-words.*not of 'another'"):
        VectorStore(tmp_path, "another")
    with pytest.raises(InputError, match="the encoder is 'hashed-words'"):
        embed_into(VectorStore(tmp_path / "new", "another"), texts(3), Counting(), WATCH)
    with pytest.raises(InputError, match="16 dimensions, those here have 32"):
        store(tmp_path).append(["new"], HashedEmbedder(16).embed(["new"]))
    with pytest.raises(InputError, match="2 texts"):
        store(tmp_path).append(["new", "two"], expected(1))


def test_other_questions_are_noticed(tmp_path: Path) -> None:
    embed_into(store(tmp_path), texts(30), Counting(), WATCH)
    changed = texts(40)
    changed[21] = "Should something else be done?"
    with pytest.raises(InputError, match=r"row 21 .*something else"):
        embed_into(store(tmp_path), changed, Counting(), WATCH, batch=8)
    assert len(store(tmp_path)) == 30


def test_a_watcher_stops_between_batches(tmp_path: Path) -> None:
    class Stopping:
        seen: list[Progress]

        def __init__(self) -> None:
            self.seen = []

        def report(self, progress: Progress) -> None:
            self.seen.append(progress)

        def stopped(self) -> bool:
            return len(self.seen) == 2

    watch = Stopping()
    with pytest.raises(Cancelled):
        embed_into(store(tmp_path), texts(50), Counting(), watch, total=50, batch=10)
    assert len(store(tmp_path)) == 20
    assert [(one.done, one.total) for one in watch.seen] == [(10, 50), (20, 50)]


def test_texts_are_read_as_a_stream(tmp_path: Path) -> None:
    taken: list[int] = []

    def stream() -> Iterator[str]:
        for number, text in enumerate(texts(30)):
            taken.append(number)
            yield text

    with pytest.raises(KeyboardInterrupt):
        embed_into(store(tmp_path), stream(), Counting(stop_after=10), WATCH, batch=10)
    assert len(taken) == 20


def test_hard_texts_have_rows(tmp_path: Path) -> None:
    hard = ["", "\x00\x07", "\ud800 half", "?" * 5000]
    assert embed_into(store(tmp_path), hard, Counting(), WATCH) == 4
    assert embed_into(store(tmp_path), hard, Counting(), WATCH) == 0


def test_damage_is_named(tmp_path: Path) -> None:
    (tmp_path / CARD).write_text('{"encoder": 3')
    with pytest.raises(StorageError, match=str(tmp_path)):
        store(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        embed_into(store(tmp_path / "file"), texts(1), Counting(), WATCH)


def test_blocks_are_unit_vectors_in_single_precision() -> None:
    half = expected(10).astype(np.float16)
    found = list(blocks(half, 4))
    assert [start for start, _ in found] == [0, 4, 8]
    joined = np.concatenate([block for _, block in found])
    assert joined.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, atol=1e-6)

"""Vectors of any number of questions on disk: appended to, read where they lie, never mixed up.

A folder of three files: `card.json` names the encoder, `vectors.f16` holds the vectors row by row
in half precision (1 KB for 512 dimensions; a cosine keeps three decimals), `texts.u64` a hash of
each row's text, so that a run that goes on after a kill notices if the questions are not the same.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from acuerdo.domain.errors import InputError, StorageError
from acuerdo.files import beside
from acuerdo.ports import Embedder, Progress, Vectors, Watch, stop_if_asked

CARD: Final = "card.json"
ROWS: Final = "vectors.f16"
TEXTS: Final = "texts.u64"
BATCH: Final = 1024
HASH_BYTES: Final = 8

HalfVectors = npt.NDArray[np.float16]


class _Card(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    vectors: int = 1
    encoder: str
    dimensions: int


class VectorStore:
    """The vectors of a list of texts, in order, in a folder.

    Opened for an encoder by its name; the folder is made at the first `append`. What a killed run
    left half-written is cut off by the next `append`. Raises InputError if the folder holds another
    encoder's vectors, StorageError if it cannot be read or written. One process may write at a
    time.
    """

    def __init__(self, folder: Path, encoder: str) -> None:
        self._folder = folder
        self._encoder = encoder
        self._dimensions = 0
        self._count = 0
        card = self._card()
        if card is not None:
            self._dimensions = card.dimensions
            rows = self._size(ROWS) // self._row_bytes
            self._count = min(rows, self._size(TEXTS) // HASH_BYTES)

    def __len__(self) -> int:
        """Return how many rows are whole."""
        return self._count

    @property
    def encoder(self) -> str:
        """The name of the encoder whose vectors these are."""
        return self._encoder

    @property
    def dimensions(self) -> int:
        """Width of a vector, 0 before the first."""
        return self._dimensions

    def vectors(self) -> HalfVectors:
        """Return all vectors, shape (rows, dimensions), mapped from the disk, not to be written."""
        if not self._count:
            return np.empty((0, self._dimensions), np.float16)
        shape = (self._count, self._dimensions)
        try:
            return np.memmap(self._folder / ROWS, np.float16, "r", shape=shape)
        except (OSError, ValueError) as error:
            raise self._unusable(error) from error

    def append(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Add a row for each text; they are on the disk when this returns."""
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise InputError(f"there are {len(texts)} texts, but vectors of {vectors.shape}")
        if not len(texts):
            return
        try:
            if not self._dimensions:
                self._begin(vectors.shape[1])
            if vectors.shape[1] != self._dimensions:
                raise InputError(
                    f"a vector has {vectors.shape[1]} dimensions, those here have "
                    f"{self._dimensions}",
                    where=str(self._folder),
                )
            # Rows first: a hash without its row would count a vector that is not there.
            self._write(ROWS, self._count * self._row_bytes, vectors.astype("<f2").tobytes())
            self._write(TEXTS, self._count * HASH_BYTES, _hashes(texts).tobytes())
        except OSError as error:
            raise self._unusable(error) from error
        self._count += len(texts)

    def check(self, texts: Sequence[str], start: int) -> None:
        """Raise InputError unless the rows from `start` on are of these texts."""
        try:
            with (self._folder / TEXTS).open("rb") as file:
                file.seek(start * HASH_BYTES)
                held = np.frombuffer(file.read(len(texts) * HASH_BYTES), "<u8")
        except OSError as error:
            raise self._unusable(error) from error
        wrong = np.flatnonzero(held != _hashes(texts)[: len(held)])
        if len(wrong) or len(held) < len(texts):
            place = int(wrong[0]) if len(wrong) else len(held)
            raise InputError(
                f"row {start + place} holds the vector of another text than {texts[place][:80]!r}",
                where=str(self._folder),
                fix="Choose another folder for these questions, or hand them in as they were.",
            )

    @property
    def _row_bytes(self) -> int:
        return 2 * self._dimensions

    def _card(self) -> _Card | None:
        path = self._folder / CARD
        try:
            card = _Card.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise self._unusable(error) from error
        if card.encoder != self._encoder:
            raise InputError(
                f"these vectors are those of {card.encoder!r}, not of {self._encoder!r}, and the "
                "two cannot be compared",
                where=str(path),
                fix="Choose another folder, or delete this one to embed the questions anew.",
            )
        return card

    def _begin(self, dimensions: int) -> None:
        with beside(self._folder / CARD) as part:
            card = _Card(encoder=self._encoder, dimensions=dimensions)
            part.write_text(card.model_dump_json() + "\n", encoding="utf-8")
        self._dimensions = dimensions

    def _write(self, name: str, at: int, content: bytes) -> None:
        with (self._folder / name).open("ab") as file:
            file.truncate(at)
            file.seek(0, os.SEEK_END)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def _size(self, name: str) -> int:
        path = self._folder / name
        return path.stat().st_size if path.exists() else 0

    def _unusable(self, error: Exception) -> StorageError:
        return StorageError(
            f"vectors cannot be kept here: {error}",
            where=str(self._folder),
            fix="Choose another folder, or make room on the disk; whole rows are kept.",
        )


def embed_into(
    store: VectorStore,
    texts: Iterable[str],
    embedder: Embedder,
    watch: Watch,
    *,
    total: int = 0,
    batch: int = BATCH,
) -> int:
    """Bring the store's rows up to these texts, in batches; return how many were embedded now.

    Texts are read once, as a stream. Those that have a row already are only compared with it, so
    that a run that was killed goes on where it was. `total` is for the watcher alone. Raises
    InputError where a row is of another text or the embedder is not the store's, Cancelled if the
    watcher stops; whole batches are kept.
    """
    if embedder.name != store.encoder:
        raise InputError(
            f"the store is for vectors of {store.encoder!r}, the encoder is {embedder.name!r}"
        )
    stream = iter(texts)
    done = new = 0
    while part := list(islice(stream, batch)):
        stop_if_asked(watch)
        known = min(len(part), max(0, len(store) - done))
        if known:
            store.check(part[:known], done)
        if fresh := part[known:]:
            store.append(fresh, embedder.embed(fresh))
            new += len(fresh)
        done += len(part)
        watch.report(Progress("embed", done, max(total, done)))
    return new


def blocks(vectors: npt.NDArray[np.floating], rows: int = BATCH) -> Iterator[tuple[int, Vectors]]:
    """Yield the first row and the rows of each block in single precision, scaled to length 1."""
    for start in range(0, len(vectors), rows):
        block = np.array(vectors[start : start + rows], np.float32)
        block /= np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-12)
        yield start, block


def _hashes(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    digests = (
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=HASH_BYTES).digest()
        for text in texts
    )
    return np.frombuffer(b"".join(digests), "<u8")

"""Vectors of a corpus kept on disk: made once, taken up again where a run was stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, Final

import numpy as np

from acuerdo.domain.errors import StorageError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import Embedder, Progress, Unwatched, Vectors, Watch, stop_if_asked

BATCH: Final = 512
"""Questions embedded between two looks at the watch; what a stop can lose at most."""
_SURELY_THE_SAME: Final = 0.999
_NOBODY: Final = Unwatched()


@dataclass(frozen=True, slots=True)
class VectorCard:
    """Whose vectors lie in a file: the encoder's name and a hash of the texts in their order."""

    encoder: str
    corpus: str
    questions: int
    dimensions: int


def corpus_hash(questions: Sequence[DebateQuestion]) -> str:
    """Return a hash of the questions' texts in their order, 32 hexadecimal digits."""
    found = blake2b(digest_size=16)
    for question in questions:
        found.update(question.text.encode("utf-8", "surrogatepass") + b"\n")
    return found.hexdigest()


def stored_vectors(
    questions: Sequence[DebateQuestion],
    embedder: Embedder,
    path: Path,
    watch: Watch = _NOBODY,
) -> Vectors:
    """Return unit vectors, shape (questions, dimensions), mapped from `path` (an .npy file).

    Beside it lies a card, `path` with the ending .json. If the card names another encoder or other
    texts, or the file is damaged, the vectors are made anew, in a file that takes the old one's
    place when it is whole. A run that was stopped is taken up where it was. Raises StorageError if
    the disk refuses, Cancelled if the watcher stops.
    """
    if not questions:
        return np.zeros((0, 0), np.float32)
    first = np.asarray(embedder.embed([questions[0].text]), np.float32)
    card = VectorCard(embedder.name, corpus_hash(questions), len(questions), first.shape[1])
    with _storing(path):
        found = _kept(path, card, first)
        if found is None:
            _make(questions, embedder, path, card, watch)
            found = _opened(path)
    return found


def _kept(path: Path, card: VectorCard, first: Vectors) -> Vectors | None:
    try:
        said = json.loads(_card_path(path).read_text(encoding="utf-8"))
        found = _opened(path)
    except (FileNotFoundError, ValueError, EOFError):
        return None
    if said != asdict(card) or found.shape != (card.questions, card.dimensions):
        return None
    # An encoder may have changed under its name; its vector of one text shows that.
    return found if float(found[0] @ first[0]) >= _SURELY_THE_SAME else None


def _make(
    questions: Sequence[DebateQuestion],
    embedder: Embedder,
    path: Path,
    card: VectorCard,
    watch: Watch,
) -> None:
    key = blake2b(json.dumps(asdict(card)).encode(), digest_size=8).hexdigest()
    part = path.with_name(f".{path.name}.{key}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    part.touch()
    with part.open("r+b") as stream:
        for start, end in _batches(stream, card, watch):
            rows = embedder.embed([question.text for question in questions[start:end]])
            stream.write(np.ascontiguousarray(rows, dtype="<f4").tobytes())
            stream.flush()
        os.fsync(stream.fileno())
    # Without a card nothing is trusted: a crash between the next steps costs time, never truth.
    _card_path(path).unlink(missing_ok=True)
    part.replace(path)
    beside = path.with_name(f".{path.name}.{key}.card")
    beside.write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")
    beside.replace(_card_path(path))


def _batches(stream: IO[bytes], card: VectorCard, watch: Watch) -> Iterator[tuple[int, int]]:
    """Write the header if it is not there; yield what is missing, the stream at its place."""
    header = {
        "descr": "<f4",
        "fortran_order": False,
        "shape": (card.questions, card.dimensions),
    }
    np.lib.format.write_array_header_1_0(stream, header)
    begin, width = stream.tell(), card.dimensions * 4
    done = max(0, stream.seek(0, os.SEEK_END) - begin) // width
    for start in range(done, card.questions, BATCH):
        stop_if_asked(watch)
        watch.report(Progress("embed", start, card.questions))
        stream.seek(begin + start * width)
        yield start, min(start + BATCH, card.questions)
    stream.truncate(begin + card.questions * width)
    watch.report(Progress("embed", card.questions, card.questions))


def _opened(path: Path) -> Vectors:
    found: Vectors = np.load(path, mmap_mode="r", allow_pickle=False)
    return found


def _card_path(path: Path) -> Path:
    return path.with_suffix(".json")


@contextmanager
def _storing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"the questions' vectors cannot be kept: {error.strerror or error}",
            where=str(path),
            fix="Make room on the disk, or put the corpus into a folder that may be written to.",
        ) from error

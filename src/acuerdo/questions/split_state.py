"""A split that is frozen: what decides where newcomers go, kept in a folder without pickle.

`split.json` holds options, held-out topics and what was left out, and names the file of arrays
beside it (ids, splits, topics, vectors, centroids). It is written last: a run that is killed while
it saves leaves the split that was there before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from acuerdo.domain.errors import StorageError
from acuerdo.domain.questions import SPLITS
from acuerdo.files import beside
from acuerdo.ports import Vectors
from acuerdo.questions.split_options import SplitOptions

CARD: Final = "split.json"
_CODES: Final = ("", *SPLITS)


@dataclass(frozen=True, slots=True)
class SplitState:
    """Everything that a later addition must not change.

    `ids`, `splits`, `topics` and `vectors` (half precision, shape (questions, dimensions)) have an
    entry for each question; the split is "" where `left_out` says by id why. `centroids` are the
    unit vectors in the middle of the topics numbered in `labels`, as they were at the first split.
    """

    options: SplitOptions
    held_out: tuple[int, ...]
    labels: tuple[int, ...]
    centroids: Vectors
    ids: tuple[str, ...]
    splits: tuple[str, ...]
    topics: tuple[int, ...]
    left_out: Mapping[str, str]
    vectors: npt.NDArray[np.float16]

    def split_of(self) -> dict[str, str]:
        """Return the split of every question by its id."""
        return dict(zip(self.ids, self.splits, strict=True))


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    train: float
    known_topics: float
    new_topics: float
    sizes: tuple[int, int, int] | None
    tie: float
    seed: int


class _Card(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    split: int = 1
    options: _Options
    held_out: tuple[int, ...]
    left_out: dict[str, str]
    arrays: str


def centroids_of(
    topics: Sequence[int], vectors: npt.NDArray[np.floating]
) -> tuple[tuple[int, ...], Vectors]:
    """Return the topics in order and the middle of each one's vectors, scaled to length 1."""
    labels, codes = np.unique(np.array(topics), return_inverse=True)
    sums = np.zeros((len(labels), vectors.shape[1]), np.float64)
    np.add.at(sums, codes, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return tuple(labels.tolist()), (sums / np.maximum(lengths, 1e-12)).astype(np.float32)


def save_split(state: SplitState, folder: Path) -> None:
    """Write a state into a folder, over the one that is there; raises StorageError."""
    options = state.options
    digest = hashlib.blake2b("\0".join((*state.ids, *state.splits)).encode(), digest_size=8)
    arrays = folder / f"split-{digest.hexdigest()}.npz"
    with beside(arrays) as part, part.open("wb") as file:
        np.savez(
            file,
            ids=np.array(state.ids, dtype=str),
            splits=np.array([_CODES.index(name) for name in state.splits], np.int8),
            topics=np.array(state.topics, np.int64),
            labels=np.array(state.labels, np.int64),
            centroids=state.centroids,
            vectors=state.vectors,
        )
    card = _Card(
        options=_Options(
            train=options.train,
            known_topics=options.known_topics,
            new_topics=options.new_topics,
            sizes=options.sizes,
            tie=options.tie,
            seed=options.seed,
        ),
        held_out=state.held_out,
        left_out=dict(state.left_out),
        arrays=arrays.name,
    )
    with beside(folder / CARD) as part:
        part.write_text(card.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for old in folder.glob("split-*.npz"):
        if old.name != arrays.name:
            old.unlink(missing_ok=True)


def load_split(folder: Path) -> SplitState:
    """Read what `save_split` wrote; raises StorageError if it is missing or damaged."""
    try:
        card = _Card.model_validate_json((folder / CARD).read_bytes())
        with (
            (folder / Path(card.arrays).name).open("rb") as file,
            np.load(file, allow_pickle=False) as arrays,
        ):
            return SplitState(
                options=SplitOptions(**card.options.model_dump()),
                held_out=card.held_out,
                labels=tuple(arrays["labels"].tolist()),
                centroids=arrays["centroids"],
                ids=tuple(arrays["ids"].tolist()),
                splits=tuple(_CODES[code] for code in arrays["splits"].tolist()),
                topics=tuple(arrays["topics"].tolist()),
                left_out=card.left_out,
                vectors=arrays["vectors"],
            )
    except (OSError, ValidationError, ValueError, LookupError, EOFError, BadZipFile) as error:
        raise StorageError(
            f"this is no split that can be read: {error}",
            where=str(folder),
            fix="Bring back its files. Without them, dividing again gives a different split.",
        ) from error

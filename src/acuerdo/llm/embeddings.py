"""Sentence embeddings: the multilingual Universal Sentence Encoder, and a fake without weights."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from acuerdo.domain.text import comparable, sentences, words
from acuerdo.llm.sentence_network import DIMENSIONS
from acuerdo.llm.universal_sentence_encoder import load_encoder, load_tuned
from acuerdo.ports import Vectors

LONG_TEXT_CHARACTERS: Final = 600
"""Texts with more characters than this, about 100 English words, are read by sentence."""
REMEMBERED_TEXTS: Final = 4096
"""Vectors kept for texts that come again, 2 KB each."""


class SentenceEncoder:
    """The Universal Sentence Encoder (multilingual v3, 16 languages, 512 dimensions).

    A short text gets the encoder's own vector. A text of more than LONG_TEXT_CHARACTERS and of
    more than one sentence gets the mean of its sentences' vectors, each weighted by its number of
    words, scaled to length 1. Runs on one thread whatever numpy is set to, since threads would
    compete with the language model for the same cores. May be called from several threads, which
    then take turns. `tuned` puts trained arrays (see `encoder_parts`) in place of the encoder's
    own, over the word table of `like` where that is loaded already. Raises ModelError if the
    package or its weights cannot be used.
    """

    def __init__(
        self,
        remembered_texts: int = REMEMBERED_TEXTS,
        tuned: Mapping[str, npt.NDArray[np.floating]] | None = None,
        like: SentenceEncoder | None = None,
    ) -> None:
        self._blas = ThreadpoolController()
        with self._blas.limit(limits=1, user_api="blas"):
            if tuned is None:
                self._encoder = load_encoder()
            else:
                self._encoder = load_tuned(tuned, None if like is None else like._encoder)
        self._tuned = tuned is not None
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
        self._remembered_texts = remembered_texts
        self._lock = Lock()

    @property
    def name(self) -> str:
        return "universal-sentence-encoder-multilingual-3" + (" (tuned)" if self._tuned else "")

    @property
    def rearranged(self) -> bool:
        """True if the fast forward pass is in use, False if the package's own stands in."""
        return self._encoder.rearranged

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (texts, 512)."""
        parts = [_parts(text) for text in texts]
        found = self._encode(part for pieces in parts for part in pieces)
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for row, pieces in enumerate(parts):
            vectors[row] = _joined(pieces, np.stack([found[piece] for piece in pieces]))
        return vectors

    def _encode(self, texts: Iterable[str]) -> dict[str, Vectors]:
        """Encode each distinct text once, and none that is still remembered."""
        distinct = dict.fromkeys(texts)
        with self._lock:
            found = {text: self._recent[text] for text in distinct if text in self._recent}
            new = [text for text in distinct if text not in found]
            if new:
                with self._blas.limit(limits=1, user_api="blas"):
                    vectors = self._encoder.encode(new)
                # Copies, since a row would keep the whole matrix in memory.
                found |= {text: row.copy() for text, row in zip(new, vectors, strict=True)}
            self._remember(found)
        return found

    def _remember(self, found: dict[str, Vectors]) -> None:
        for text, vector in found.items():
            self._recent[text] = vector
            self._recent.move_to_end(text)
        while len(self._recent) > self._remembered_texts:
            self._recent.popitem(last=False)


class HashedEmbedder:
    """A fake without weights: each word adds or subtracts 1 at a place given by its hash.

    Deterministic everywhere; texts that share words are similar, texts that share none nearly
    orthogonal. Unit vectors, shape (texts, dimensions).
    """

    def __init__(self, dimensions: int = DIMENSIONS) -> None:
        self._dimensions = dimensions

    @property
    def name(self) -> str:
        return "hashed-words"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (texts, dimensions)."""
        vectors = np.zeros((len(texts), self._dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in words(comparable(text)) or [text]:
                place, sign = self._place(word)
                vectors[row, place] += sign
            if not vectors[row].any():
                vectors[row, self._place(text)[0]] = 1
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def _place(self, word: str) -> tuple[int, int]:
        value = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
        return (value >> 1) % self._dimensions, 1 if value & 1 else -1


def _parts(text: str) -> tuple[str, ...]:
    """Return the pieces of a text that are encoded by themselves."""
    if len(text) <= LONG_TEXT_CHARACTERS:
        return (text,)
    return tuple(sentences(text)) or (text,)


def _joined(pieces: Sequence[str], vectors: Vectors) -> npt.NDArray[np.float32]:
    if len(pieces) == 1:
        return np.asarray(vectors[0])
    weights = np.array([len(words(piece)) for piece in pieces], np.float32)
    mean: npt.NDArray[np.float32] = weights @ vectors
    mean /= np.linalg.norm(mean)
    return mean

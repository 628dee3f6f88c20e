"""Find what two tables share that a fair test must not share."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.judgements import Column, Judgements
from acuerdo.domain.text import canonical, comparable, words

Hashes = npt.NDArray[np.uint64]
LeakKind = Literal["person", "question", "conversation", "identical text", "similar text"]

MIN_WORDS: Final = 8
"""Texts of fewer words are too generic to be a leak ("I agree", "tax the rich")."""
SIMILAR: Final = 0.6
"""Jaccard similarity of the sets of three-word runs from which two texts count as the same.

One word exchanged in a text of 14 words leaves 0.6; texts written independently stay near 0.
"""

_RUN: Final = 3
# Thirty bands of three: a pair with similarity 0.6 meets in one with probability 0.9993, one
# with 0.2 in 21 of 100 cases; what meets is then compared exactly.
_BANDS: Final = 30
_ROWS: Final = 3
# The largest prime below 2**32: a product of two hashes fits into 64 bits.
_PRIME: Final = 4_294_967_291
# So many texts with the same band are a formula, not a copy; comparing each with each would take
# quadratic time.
_MAX_BUCKET: Final = 50


@dataclass(frozen=True, slots=True)
class Leak:
    """What `one` and `other` share; of similar texts each table's own, and how similar, 0 to 1."""

    kind: LeakKind
    one: str
    other: str
    similarity: float = 1.0


def leaks(one: Judgements, other: Judgements) -> tuple[Leak, ...]:
    """Return people, questions, conversations and texts (opinions and statements) in both.

    People and conversations count within a source: the same name in another source is somebody
    else. Texts are compared by their words, without case and punctuation: as identical, or as
    similar from a Jaccard similarity of 0.6 of their three-word runs on. Texts of fewer than 8
    words are left out: people say "I agree" everywhere. Time grows linearly with the number of
    texts (banded minhash; a similar pair is missed with a probability below 0.001).
    """
    found: list[Leak] = []
    for kind, column in (("person", "person"), ("conversation", "conversation")):
        shared = _within_source(one, column) & _within_source(other, column)
        found += (Leak(_kind(kind), name, name) for _, name in sorted(shared))
    questions = _by_words(one.question.texts, 0)
    for key, text in _by_words(other.question.texts, 0).items():
        if key in questions:
            found.append(Leak("question", questions[key], text))
    return (*found, *text_leaks(_texts(one), _texts(other)))


def text_leaks(one: Iterable[str], other: Iterable[str]) -> tuple[Leak, ...]:
    """Return the identical and the similar texts, each text of `other` once for each in `one`."""
    first, second = _by_words(one, MIN_WORDS), _by_words(other, MIN_WORDS)
    same = [key for key in second if key in first]
    found = [Leak("identical text", first[key], second[key]) for key in same]
    known = set(same)
    left = [key for key in first if key not in known]
    right = [key for key in second if key not in known]
    for mine, theirs, similarity in _similar(left, right):
        found.append(Leak("similar text", first[mine], second[theirs], similarity))
    return tuple(found)


def _kind(name: str) -> LeakKind:
    return "person" if name == "person" else "conversation"


def _within_source(table: Judgements, name: str) -> set[tuple[str, str]]:
    column: Column = getattr(table, name)
    pairs = np.unique(table.source.codes * len(column.texts) + column.codes)
    return {
        (table.source.texts[pair // len(column.texts)], column.texts[pair % len(column.texts)])
        for pair in pairs.tolist()
    }


def _texts(table: Judgements) -> Iterator[str]:
    yield from table.statement.texts
    # An opinion is often several statements of one person, one a line; each can be copied.
    for opinion in table.opinion.texts:
        yield opinion
        if "\n" in opinion:
            yield from opinion.split("\n")


def _by_words(texts: Iterable[str], at_least: int) -> dict[str, str]:
    """Return the texts of at least so many words by their words in comparable form."""
    found: dict[str, str] = {}
    for text in texts:
        key = comparable(text)
        if key and len(words(key)) >= at_least:
            found.setdefault(key, text)
    return found


def _similar(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    random = np.random.default_rng(2026)
    factors = random.integers(1, _PRIME, size=(_BANDS * _ROWS, 1), dtype=np.uint64)
    offsets = random.integers(0, _PRIME, size=(_BANDS * _ROWS, 1), dtype=np.uint64)
    runs = [_runs(text) for text in one]
    other_runs = [_runs(text) for text in other]
    buckets: defaultdict[tuple[int, bytes], list[int]] = defaultdict(list)
    for place, own in enumerate(runs):
        for key in _bands(own, factors, offsets):
            buckets[key].append(place)
    for place, own in enumerate(other_runs):
        meeting = {
            candidate
            for key in _bands(own, factors, offsets)
            if len(found := buckets.get(key, ())) <= _MAX_BUCKET
            for candidate in found
        }
        for candidate in sorted(meeting):
            shared = len(runs[candidate] & own)
            similarity = shared / (len(runs[candidate]) + len(own) - shared)
            if similarity >= SIMILAR:
                yield one[candidate], other[place], similarity


def _runs(text: str) -> frozenset[int]:
    """Return a hash of every run of three words, of fewer where the text is shorter."""
    listed = words(canonical(text))
    last = max(len(listed) - _RUN, 0)
    return frozenset(_hash(" ".join(listed[k : k + _RUN])) for k in range(last + 1))


def _hash(text: str) -> int:
    # The built-in hash differs from one process to the next.
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "big")


def _bands(runs: frozenset[int], factors: Hashes, offsets: Hashes) -> Iterator[tuple[int, bytes]]:
    hashed = np.fromiter(runs, dtype=np.uint64, count=len(runs))
    smallest = ((hashed * factors + offsets) % np.uint64(_PRIME)).min(axis=1)
    for band in range(_BANDS):
        yield band, smallest[band * _ROWS : (band + 1) * _ROWS].tobytes()

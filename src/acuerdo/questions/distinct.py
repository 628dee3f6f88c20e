"""Tell new questions from those that nearly repeat one already there: in wording or in meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.ports import Embedder, Vectors
from acuerdo.questions.neighbours import Neighbours, index_for
from acuerdo.questions.wording import Wording, Wordings, wording_of

SAME_MEANING: Final = 0.85
"""Cosine of the Universal Sentence Encoder from which two questions of a language are the same.

Of the 5,645 published questions of Tessler et al. (2024), 135 were drawn at random within bands of
the cosine with their nearest predecessor, and both read side by side by one reader, a language
model: is it the same debate (its opposite included), or merely the same subject?

    cosine      judged  same  questions in the band
    0.65-0.70     10      0     616
    0.70-0.75     15      2     756
    0.75-0.80     25      7     860
    0.80-0.85     30     16     859
    0.85-0.90     30     23     795
    0.90-0.95     20     17     663
    from 0.95      5      5     338

Weighted by the bands, of what a threshold removes (precision) and of what repeats a predecessor
(recall): 0.75: 63 and 96 %, 0.80: 74 and 85 %, 0.85: 84 and 65 %, 0.90: 90 and 39 %. Who writes
questions until there are enough loses little by a removal too many, but at 0.80 one in four would
be one, mostly questions that differ in whom or what they name.
"""
SAME_ACROSS: Final = 0.75
"""The same between two languages, in which the encoder puts a question less close to itself.

Of the 152 seeds in English and Spanish, 80 % lie at least this close to their own translation
(0.85: 22 %), and none of the other 22,952 pairs does (the closest: 0.73).
"""
Rows = npt.NDArray[np.intp]
_CHUNK: Final = 512


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which question a new one nearly repeats.

    `index` counts what is remembered, from 0, `text` is its text. Of "wording", `similarity` is the
    share of words in common (Jaccard, 0 to 1); of "meaning", the cosine, or the share of words
    where the one is the other turned round.
    """

    index: int
    text: str
    similarity: float
    kind: Literal["wording", "meaning"]

    @property
    def why(self) -> str:
        """The kind, as a reason."""
        return self.kind


class Distinct:
    """Remembers questions, and says of new ones which of them they nearly repeat, if any.

    In wording: the words that carry meaning are the same, or all but one (`wording_of`). In
    meaning: the encoder's cosine reaches `meaning`, or `across` where the languages are known and
    differ. "Should we raise the tax?", "Should we lower the tax?" and "Should we not raise the
    tax?" have different wordings, but ask for the same debate: a corpus needs one of them, so they
    count as the same in meaning. Numbers, places and groups of people move a vector little: what
    differs in them only often counts as the same in meaning.

    `expected` is about how many will be remembered: searching is exact up to
    `neighbours.EXACT_UP_TO`, approximate above, where the extra `questions` is needed
    (SettingsError). Thresholds belong to the encoder they were measured on; raises InputError where
    they are not between 0 and 1.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        meaning: float = SAME_MEANING,
        across: float = SAME_ACROSS,
        expected: int = 0,
    ) -> None:
        if not (0 < meaning <= 1 and 0 < across <= 1):
            raise InputError(
                f"a similarity from which questions are the same is between 0 and 1, not "
                f"{meaning:g} and {across:g}"
            )
        self._embedder = embedder
        self._meaning = meaning
        self._across = across
        self._expected = expected
        self._texts: list[str] = []
        self._wordings = Wordings()
        self._opposed = bytearray()
        self._indexes: dict[str, Neighbours] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def add(
        self,
        texts: Sequence[str],
        vectors: Vectors | None = None,
        languages: Sequence[str] | None = None,
    ) -> list[Likeness | None]:
        """Remember those that are new; return None for each of them, else what it nearly repeats.

        One after the other: a text counts for those that follow it in the same call. `vectors`,
        shape (texts, dimensions), saves embedding them; `languages` are ISO 639-1 codes, all one
        language if not given.
        """
        return self._judged(texts, vectors, languages, admit=True)

    def look(
        self,
        texts: Sequence[str],
        vectors: Vectors | None = None,
        languages: Sequence[str] | None = None,
    ) -> list[Likeness | None]:
        """Return what `add` would of each text by itself, and remember nothing."""
        return self._judged(texts, vectors, languages, admit=False)

    def remember(
        self,
        texts: Sequence[str],
        vectors: Vectors | None = None,
        languages: Sequence[str] | None = None,
    ) -> None:
        """Remember texts whatever they repeat, such as those of a corpus that is there already."""
        for chunk in self._chunks(texts, vectors, languages):
            for text, wording in zip(chunk.texts, chunk.wordings, strict=True):
                self._hold(text, wording)
            first = len(self) - len(chunk.texts)
            self._index(chunk, np.arange(len(chunk.texts)), first)

    def _judged(
        self,
        texts: Sequence[str],
        vectors: Vectors | None,
        languages: Sequence[str] | None,
        *,
        admit: bool,
    ) -> list[Likeness | None]:
        found: list[Likeness | None] = []
        for chunk in self._chunks(texts, vectors, languages):
            by_meaning = self._nearest(chunk)
            among = chunk.vectors @ chunk.vectors.T if admit else None
            first, admitted = len(self), list[int]()
            for row, text in enumerate(chunk.texts):
                likeness = self._worded(chunk.wordings[row])
                if likeness is None:
                    closest = by_meaning[row]
                    if among is not None and admitted:
                        near = self._near(chunk, row, np.array(admitted), among[row], first)
                        closest = max(closest, near, key=lambda one: one.margin)
                    likeness = closest.likeness
                found.append(likeness)
                if likeness is None and admit:
                    self._hold(text, chunk.wordings[row])
                    admitted.append(row)
            if admitted:
                self._index(chunk, np.array(admitted), first)
        return found

    def _worded(self, wording: Wording) -> Likeness | None:
        index = self._wordings.find(wording)
        if index is None:
            return None
        text = self._texts[index]
        share = wording.likeness(wording_of(text))
        turned = bool(self._opposed[index]) != wording.opposed
        return Likeness(index, text, share, "meaning" if turned else "wording")

    def _nearest(self, chunk: _Chunk) -> list[_Closest]:
        """Return for each text what it repeats of what was there before the chunk."""
        nearest = [_Closest()] * len(chunk.texts)
        for language, index in self._indexes.items():
            ids, similarities = index.nearest(chunk.vectors)
            same = np.array([other == language for other in chunk.languages], bool)
            over = similarities[:, 0] - np.where(same, self._meaning, self._across)
            for row in np.flatnonzero(over >= 0).tolist():
                found = self._closest(int(ids[row, 0]), similarities[row, 0], over[row])
                nearest[row] = max(nearest[row], found, key=lambda one: one.margin)
        return nearest

    def _near(
        self, chunk: _Chunk, row: int, admitted: Rows, similarities: Vectors, first: int
    ) -> _Closest:
        """Return which of the texts admitted from the same chunk a text repeats."""
        same = chunk.codes[admitted] == chunk.codes[row]
        over = similarities[admitted] - np.where(same, self._meaning, self._across)
        best = int(over.argmax())
        if over[best] < 0:
            return _Closest()
        return self._closest(first + best, similarities[admitted[best]], over[best])

    def _closest(self, number: int, similarity: np.floating, margin: np.floating) -> _Closest:
        likeness = Likeness(number, self._texts[number], float(similarity), "meaning")
        return _Closest(float(margin), likeness)

    def _hold(self, text: str, wording: Wording) -> None:
        self._wordings.add(len(self._texts), wording)
        self._opposed.append(wording.opposed)
        self._texts.append(text)

    def _index(self, chunk: _Chunk, rows: Rows, first: int) -> None:
        numbers = first + np.arange(len(rows))
        for language in dict.fromkeys(chunk.languages[row] for row in rows.tolist()):
            if language not in self._indexes:
                dimensions = chunk.vectors.shape[1]
                self._indexes[language] = index_for(self._expected, dimensions)
            mine = np.array([chunk.languages[row] == language for row in rows.tolist()], bool)
            self._indexes[language].add(numbers[mine], chunk.vectors[rows[mine]])

    def _chunks(
        self,
        texts: Sequence[str],
        vectors: Vectors | None,
        languages: Sequence[str] | None,
    ) -> Iterator[_Chunk]:
        for name, given in (("vectors", vectors), ("languages", languages)):
            if given is not None and len(given) != len(texts):
                raise InputError(f"there are {len(texts)} texts, but {len(given)} {name}")
        for start in range(0, len(texts), _CHUNK):
            part = texts[start : start + _CHUNK]
            yield _chunk(
                part,
                self._embedder.embed(part)
                if vectors is None
                else np.asarray(vectors[start : start + _CHUNK], np.float32),
                [""] * len(part) if languages is None else languages[start : start + _CHUNK],
            )


@dataclass(frozen=True, slots=True)
class _Closest:
    """What a text repeats in meaning, and how far it is over the threshold; below 0: nothing."""

    margin: float = -1.0
    likeness: Likeness | None = None


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Texts that are judged together, with what is needed of each; `codes` number languages."""

    texts: Sequence[str]
    vectors: Vectors
    languages: Sequence[str]
    codes: Rows
    wordings: Sequence[Wording]


def _chunk(texts: Sequence[str], vectors: Vectors, languages: Sequence[str]) -> _Chunk:
    codes = np.unique(np.array(languages, dtype=str), return_inverse=True)[1]
    return _Chunk(texts, vectors, languages, codes, [wording_of(text) for text in texts])

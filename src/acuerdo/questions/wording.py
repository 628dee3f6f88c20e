"""What a question says in words, whatever its form: to tell when two say the same.

"Should zoos be banned?" and "Do you think that we should ban zoos?" are one wording. So are two of
which one has a single word more, if they share at least four: "Should the state pay for free school
meals?" and "... for free hot school meals?". Numbers must be the same. A question that is turned
round ("... not ...", raise for lower, ban for allow) has the same words but is opposed.
English and Spanish are known; in other languages no word is taken for mere form.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.text import canonical, comparable, words

SHARED: Final = 4
"""Words that two wordings must share if one of them has one word more: a Jaccard index of 0.8."""

_FORM_WORDS: Final = (
    "a an and any are as at be been being believe better by can could did do does for from "
    "good had has have how i idea if in into is it its may me might most must my of on one or "
    "ought our should so some such than that the their them there these they think this those "
    "to us was we were what when where which who whose why will with would you your "
    "al algún alguna algunos algunas buena bueno con crees cree de deba deban debe debemos "
    "deben deber debería deberíamos deberían del e el ella ellos en es esta este esto estos "
    "estas está están fue fuera ha haber habría hacer han hay hubiera idea la las le les lo "
    "los mejor nos o para piensa piensas podría podrían por puede pueden que qué se sea sean "
    "ser sería serían si son su sus tener tiene tienen todo u un una unos unas usted y "
)
_FORM: Final = frozenset(_FORM_WORDS.split())
_NEGATIONS: Final = frozenset(("not", "no", "never", "cannot", "nor", "nunca", "jamás", "tampoco"))
_OPPOSITES: Final = (
    ("raise increase rise expand", "lower reduce decrease cut"),
    ("more higher", "less fewer lower"),
    ("allow permit legalise legalize", "ban prohibit forbid outlaw"),
    ("legal", "illegal"),
    ("right", "wrong"),
    ("easier", "harder"),
    ("fair", "unfair"),
    ("subir aumentar ampliar incrementar", "bajar reducir disminuir recortar"),
    ("más", "menos"),
    ("permitir autorizar legalizar", "prohibir"),
    ("legal", "ilegal"),
    ("justo justa", "injusto injusta"),
)
_ENDINGS: Final = ("ing", "ed", "es", "e", "s")


def _stem(word: str) -> str:
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), "")
    stem = word.removesuffix(ending)
    # "banned" without its ending is "bann".
    return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem


def _turned() -> dict[str, tuple[str, bool]]:
    """Return what stands for each word that has an opposite, and whether it is the second side."""
    found: dict[str, tuple[str, bool]] = {}
    for sides in _OPPOSITES:
        root = _stem(sides[0].split()[0])
        for second, side in enumerate(sides):
            for word in side.split():
                found.setdefault(_stem(word), (root, bool(second)))
    return found


_TURNED: Final = _turned()


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that carry a question's meaning, and whether they are turned round."""

    words: frozenset[str]
    opposed: bool

    def likeness(self, other: Wording) -> float:
        """Return the Jaccard index of the words, 0 to 1."""
        return len(self.words & other.words) / len(self.words | other.words)


def wording_of(text: str) -> Wording:
    """Return what a question says in words; never without words.

    >>> wording_of("Should zoos be banned?") == wording_of("Do you think we should ban zoos?")
    True
    >>> one, other = wording_of("Should we raise fares?"), wording_of("Should we lower fares?")
    >>> one.words == other.words, one.opposed == other.opposed
    (True, False)
    """
    found: set[str] = set()
    opposed = False
    for spoken in comparable(text).split():
        # "shouldn't" is a form that negates.
        negates = spoken in _NEGATIONS or spoken.endswith(("n't", "n’t"))
        if negates:
            opposed = not opposed
        elif spoken not in _FORM:
            stem, second = _TURNED.get(_stem(spoken), (_stem(spoken), False))
            opposed ^= second
            found.update(_pieces(stem))
    return Wording(frozenset(found or {canonical(text).casefold()}), opposed)


class Wordings:
    """Remembers wordings under numbers, and finds one that is the same or nearly so.

    Every wording is kept as a hash of 64 bits, and so is every wording less one of its words: about
    12 bytes for each word of each question.
    """

    def __init__(self) -> None:
        self._whole: dict[int, int] = {}
        self._recent: dict[int, int] = {}
        self._hashes: npt.NDArray[np.uint64] = np.empty(0, np.uint64)
        self._numbers: npt.NDArray[np.uint32] = np.empty(0, np.uint32)

    def add(self, number: int, wording: Wording) -> None:
        self._whole.setdefault(_hash(wording.words), number)
        if len(wording.words) > SHARED:
            for lessened in _lessened(wording.words):
                self._recent.setdefault(lessened, number)
        if len(self._recent) > max(50_000, len(self._hashes) // 4):
            self._settle()

    def find(self, wording: Wording) -> int | None:
        """Return the number of a wording that has the same words, or one more or fewer, or None.

        Two different wordings have the same hash once in about 10^13 questions among a million.
        """
        whole = _hash(wording.words)
        if (found := self._whole.get(whole)) is not None:
            return found
        if len(wording.words) > SHARED:
            for lessened in _lessened(wording.words):
                if (found := self._whole.get(lessened)) is not None:
                    return found
        return self._with_one_more(whole) if len(wording.words) >= SHARED else None

    def _with_one_more(self, whole: int) -> int | None:
        if (found := self._recent.get(whole)) is not None:
            return found
        place = int(np.searchsorted(self._hashes, np.uint64(whole)))
        if place < len(self._hashes) and int(self._hashes[place]) == whole:
            return int(self._numbers[place])
        return None

    def _settle(self) -> None:
        """Move what came lately, as Python's numbers, into sorted arrays."""
        count = len(self._recent)
        hashes = np.fromiter(self._recent.keys(), np.uint64, count)
        numbers = np.fromiter(self._recent.values(), np.uint32, count)
        hashes = np.concatenate([self._hashes, hashes])
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._numbers = np.concatenate([self._numbers, numbers])[order]
        self._recent.clear()


def _lessened(found: frozenset[str]) -> list[int]:
    """Return a hash for each of the words left out; a number is never left out."""
    return [_hash(found - {word}) for word in found if not any(map(str.isdigit, word))]


def _hash(found: frozenset[str]) -> int:
    joined = "\0".join(sorted(found)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest())


def _pieces(word: str) -> list[str]:
    """Return a word, or in scripts without spaces its pairs of neighbouring letters."""
    letters = words(word)
    if len(letters) < 2:
        return [word]
    return [one + other for one, other in pairwise(letters)]

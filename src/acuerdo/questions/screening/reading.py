"""What a question says once disguises are taken off: the text that rules and neighbours read.

Disguises that this undoes: characters nobody sees, letters of other scripts that look Latin, digits
and signs for letters ("k1ll"), letters apart ("k i l l", "k.i.l.l"), letters repeated ("killll")
and starred out ("k*ll").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

from acuerdo.domain.text import canonical
from acuerdo.questions.screening.data_files import data_lines

LONGEST: Final = 2000
"""Characters that are read; a question is not longer, and rules must not take for ever."""

_LOOK_ALIKES: Final = str.maketrans(
    "аеорсухіјѕԁһӏкмтвнАЕОРСУХІЈЅКМТВНαορνικτεΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɡɑƖӀ",
    "aeopcyxijsdhlkmtbhAEOPCYXIJSKMTBHaopviktEABEZHIKMNOPTYXigalI",
)
_OTHER_SCRIPT: Final = re.compile(r"[Ͱ-ϿЀ-ӿԀ-ԯıɡɑƖ]")
_LATIN: Final = re.compile(r"[a-zA-ZÀ-ɏ]")
_SIGNS: Final = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "9": "g",
    "@": "a",
    "$": "s",
    "!": "i",
    "|": "il",
    "+": "t",
    "€": "e",
    "£": "l",
}
_TOKEN: Final = re.compile(r"[\w@$!|+€£*]+", re.UNICODE)
_MIXED: Final = re.compile(r"(?=.*[a-zA-Z])(?=.*[0-9@$!|+€£]).+")
_PLAIN_MIX: Final = re.compile(
    # Numbers with a unit or an ending, names such as G20 or CO2, and signs at the end of a word.
    r"(?:\d+(?:[.,]\d+)*[a-zA-Z]{1,4}|\d+x\d+|[a-zA-Z]{1,5}\d+|[£€$]\d+\w{0,3}|[a-zA-Z]+[!+|]+)"
)
_APART: Final = re.compile(r"(?<!\w)(?:[^\W\d_][ .\-_·•]{1,2}){3,}[^\W\d_](?!\w)")
_REPEATED: Final = re.compile(r"([^\W\d_])\1{2,}")
_UNSEEN_INSIDE: Final = re.compile(
    # In the middle of a word, where no honest text has them but for the soft hyphen and joiners.
    "\\w[\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]+\\w"
)
_JOINERS: Final = re.compile("[\u200c\u200d]")
_STARS: Final = re.compile(r"\w+\*+\w+")
_SHORT_PUZZLES: Final = frozenset({"b3", "h3", "w3", "m3", "th3", "sh3", "n0t", "4ll", "y0u", "g0"})
_PUZZLE_LETTERS: Final = 4
_LONGEST_PUZZLE: Final = 5
"""Signs with two readings in one word; beyond that the first reading is taken."""
_SPANISH: Final = re.compile(
    r"[¿¡ñ]|\b(?:el|los|las|una|que|del|debería\w*|deberia\w*|es|está|son|por|para|con)\b",
    re.IGNORECASE,
)
_ENGLISH: Final = re.compile(
    r"\b(?:the|should|would|is|are|do|does|to|of|and|for|be|have|it|that)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it was meant. `disguises` names what had to be undone, () for nothing."""

    text: str
    disguises: tuple[str, ...] = ()


def read_through(text: str) -> Reading:
    """Return a question without its disguises; the first LONGEST characters of it.

    >>> read_through("Should we k1ll t h e m all?")
    Reading(text='Should we kill them all?', disguises=('signs for letters', 'letters apart'))
    """
    found = ["unseen characters"] if _UNSEEN_INSIDE.search(text[:LONGEST]) else []
    plain = " ".join(canonical(_JOINERS.sub("", text[:LONGEST])).replace("’", "'").split())
    steps = (
        ("look-alike letters", _latin),
        ("signs for letters", _letters_for_signs),
        ("letters apart", _together),
        ("repeated letters", lambda now: _REPEATED.sub(_shortened, now)),
        ("stars for letters", _unstarred),
    )
    for name, step in steps:
        now = step(plain)
        if now != plain:
            found.append(name)
        plain = now
    return Reading(plain, tuple(found))


def folded(text: str) -> str:
    """Return lower-case text without accents, letter for letter: places stay the same.

    >>> folded("¿Deberían irse?")
    '¿deberian irse?'
    """
    return "".join(map(_fold, text))


def is_spanish(text: str) -> bool:
    """Tell whether a question reads more like Spanish than English."""
    return len(_SPANISH.findall(text)) > len(_ENGLISH.findall(text))


@cache
def known_words() -> frozenset[str]:
    """Return the words that a puzzle may stand for: those of all rules, groups and examples."""
    names = ("groups.txt", "rules_en.txt", "rules_es.txt", "screen_examples.jsonl", "words.txt")
    return frozenset(
        word
        for name in names
        for line in data_lines(name)
        for word in re.findall(r"[a-z]{2,}", folded(line))
    )


@cache
def _fold(letter: str) -> str:
    lower = unicodedata.normalize("NFD", letter.lower())[:1]
    return lower or letter


def _latin(text: str) -> str:
    """Put Latin letters for look-alikes, in texts that are Latin for the greater part."""
    foreign = len(_OTHER_SCRIPT.findall(text))
    if not foreign or foreign * 2 > len(_LATIN.findall(text)):
        return text
    return text.translate(_LOOK_ALIKES)


def _letters_for_signs(text: str) -> str:
    def solved(match: re.Match[str]) -> str:
        token = match.group()
        ending = re.search(r"[!+|]+$", token)
        body = token[: ending.start()] if ending else token
        if not _MIXED.fullmatch(body):
            return token
        read = _solved(body)
        if _PLAIN_MIX.fullmatch(body) and not _puzzling(body, read):
            return token
        return read + (ending.group() if ending else "")

    return _TOKEN.sub(solved, text)


def _puzzling(token: str, read: str) -> bool:
    """Tell whether what looks like a name or number with letters is a word all the same."""
    if token.lower() in _SHORT_PUZZLES:
        return True
    return len(read) >= _PUZZLE_LETTERS and read in known_words()


def _solved(token: str) -> str:
    """Return the reading of a word with signs in it that is a known word, else the first."""
    options = [_SIGNS.get(letter, letter) for letter in token.lower()]
    if sum(len(option) > 1 for option in options) > _LONGEST_PUZZLE:
        return "".join(option[0] for option in options)
    readings = ["".join(letters) for letters in product(*options)]
    words = known_words()
    known = (r for r in readings if r in words or r.removesuffix("s") in words)
    return next(known, readings[0])


def _together(text: str) -> str:
    """Join letters that stand apart, words of them where double spaces or known words tell."""

    def joined(match: re.Match[str]) -> str:
        letters = "".join(letter for letter in match.group() if letter.isalpha())
        return _words_in(letters)

    return _APART.sub(joined, text)


def _words_in(letters: str) -> str:
    """Cut a row of letters into known words, the longest first; leave it whole if that fails."""
    words, low = known_words(), folded(letters)
    cuts: list[list[str] | None] = [[], *([None] * len(low))]
    for end in range(1, len(low) + 1):
        for start in range(end):
            before = cuts[start]
            if before is not None and low[start:end] in words:
                better = [*before, low[start:end]]
                now = cuts[end]
                if now is None or len(better) < len(now):
                    cuts[end] = better
    best = cuts[-1]
    return " ".join(best) if best else letters


def _shortened(match: re.Match[str]) -> str:
    letter = match.group(1)
    # Roman numerals and "www" are written so.
    return match.group() if letter in "iIwWxX" else letter * (2 if letter in "lLoOeEsS" else 1)


def _unstarred(text: str) -> str:
    def solved(match: re.Match[str]) -> str:
        token = match.group()
        pattern = re.compile(re.sub(r"\*", "[a-z]", folded(token)))
        loose = re.compile(re.sub(r"\*+", "[a-z]+", folded(token)))
        words = sorted(known_words())
        exact = next((word for word in words if pattern.fullmatch(word)), None)
        return exact or next((word for word in words if loose.fullmatch(word)), token)

    return _STARS.sub(solved, text)

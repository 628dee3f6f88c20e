"""What an English word can be in a sentence, and the other forms of verbs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Flag, auto
from functools import cache
from importlib.resources import files
from typing import Final

MODALS: Final = frozenset(
    ("should", "would", "will", "can", "could", "must", "may", "might", "shall", "ought")
)
TO_BE: Final = frozenset(("is", "are", "was", "were", "am"))
TO_HAVE: Final = frozenset(("has", "have", "had"))
TO_DO: Final = frozenset(("do", "does", "did"))
AUXILIARIES: Final = MODALS | TO_BE | TO_HAVE | TO_DO

_TOKEN: Final = re.compile(r"[(\[]|[)\]]|[,;:]|[^\s,;:()\[\]]+(?:,\d{3})*")
_NUMBER: Final = re.compile(r"[£$€]?\d[\d.,:%/]*(?:st|nd|rd|th|s|k|m|bn)?|[£$€]?\d\S*")
_VERB_ENDINGS: Final = ("ise", "ize", "ify")
_ADJECTIVE_ENDINGS: Final = (
    *("al", "ive", "ous", "ful", "less", "able", "ible", "ic", "ary", "ish", "like", "free"),
)
_PREFIXES: Final = ("re-", "co-", "de-", "over", "under", "re", "out", "un", "mis")


class Kind(Flag):
    """What a word can be. A word is often several things at once."""

    NOUN = auto()
    NOUN_OR_VERB = auto()
    BASE_VERB = auto()
    S_FORM = auto()
    PAST = auto()
    ING = auto()
    ING_NOUN = auto()
    ADJECTIVE = auto()
    ADVERB = auto()
    DETERMINER = auto()
    GENITIVE = auto()
    PRONOUN = auto()
    PREPOSITION = auto()
    TO = auto()
    CLAUSE_OPENER = auto()
    CONJUNCTION = auto()
    COMMA = auto()
    ASIDE = auto()
    NUMBER = auto()
    MODAL = auto()
    DO = auto()
    AUXILIARY = auto()
    BE = auto()
    BEEN = auto()
    PROGRESSIVE = auto()
    NOT = auto()


_PROGRESSIVES: Final = frozenset(
    "being doing going getting becoming making failing trying losing causing".split()  # noqa: SIM905
)
"""Those that are rather the verb of a sentence than part of a subject."""
_DEGREES: Final = frozenset(["too", "very", "so", "quite", "extremely", "fairly"])
_CLOSED: Final = {
    **dict.fromkeys(MODALS, Kind.MODAL),
    **dict.fromkeys(TO_DO, Kind.DO),
    **dict.fromkeys(TO_BE | {"has", "had"}, Kind.AUXILIARY),
    "had": Kind.AUXILIARY | Kind.PAST,
    "have": Kind.AUXILIARY | Kind.BASE_VERB,
    "do": Kind.DO | Kind.BASE_VERB,
    "be": Kind.BE,
    "been": Kind.BEEN,
    **dict.fromkeys(_PROGRESSIVES, Kind.PROGRESSIVE),
    **{f"{word}n't": Kind.MODAL for word in MODALS | {"ca", "wo"}},
    "cannot": Kind.MODAL,
    **{f"{word}n't": Kind.DO for word in TO_DO},
    **{f"{word}n't": Kind.AUXILIARY for word in TO_BE | TO_HAVE},
    "one": Kind.NUMBER | Kind.PRONOUN,
    "to": Kind.TO,
    "not": Kind.NOT,
    "and": Kind.CONJUNCTION,
    "or": Kind.CONJUNCTION,
    "nor": Kind.CONJUNCTION,
    "but": Kind.CONJUNCTION,
    "&": Kind.CONJUNCTION,
    "/": Kind.CONJUNCTION,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it stands in the text from `start` to `end`, and what it can be."""

    word: str
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Lists:
    lists: dict[str, frozenset[str]]
    past: dict[str, str]
    participles: frozenset[str]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]


@cache
def _lists() -> _Lists:
    text = (files(__package__) / "english_words.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif not line.startswith("#"):
            found.setdefault(name, []).extend(line.split())
    threes = found["irregular"]
    bases, past, participles = threes[::3], threes[1::3], threes[2::3]
    noun_verbs = frozenset(found["noun_verbs"])
    found["verbs"] += [base for base in bases if base not in noun_verbs]
    return _Lists(
        {key: frozenset(words) for key, words in found.items()},
        dict(zip(bases, past, strict=True)),
        frozenset(participles) | frozenset(past),
    )


def tokens(text: str) -> list[Token]:
    """Split a clause into words, commas and asides, each with what it can be."""
    found: list[Token] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        piece = match.group()
        closing = piece in ")]"
        depth += piece in "(["
        word = plain(piece)
        kind = Kind.ASIDE if depth or not word else kinds(word, piece)
        if not depth and piece in ",;:":
            kind = Kind.COMMA
        elif found and found[-1].word in _DEGREES and kind == Kind.NOUN:
            kind |= Kind.ADJECTIVE
        elif word == "enough" and found and found[-1].kind & Kind.ADJECTIVE:
            kind = Kind.ASIDE
        depth -= closing and depth > 0
        found.append(Token(word, match.start(), match.end(), kind))
    return found


def plain(word: str) -> str:
    """Return a word without quotation marks, in lower case, with straight apostrophes."""
    return word.translate({0x2019: "'", 0x2018: "'"}).strip("\"“”'«».!?*-").casefold()


@cache
def kinds(word: str, written: str = "") -> Kind:
    """Return what a plain word can be; a word that is on no list and has no telling ending: a noun.

    >>> Kind.ADJECTIVE in kinds("mandatory"), Kind.NOUN in kinds("mandatory")
    (True, False)
    """
    apostrophe = written.replace("’", "'")
    if word.endswith("'s") or apostrophe.rstrip('"”').endswith("s'"):
        return Kind.GENITIVE
    if word in _CLOSED:
        # "Theresa May" is a name.
        named = word in MODALS and written[:1].isupper()
        return _CLOSED[word] | Kind.NOUN if named else _CLOSED[word]
    if _NUMBER.fullmatch(word) or word in _lists()["numbers"]:
        return Kind.NUMBER
    lists = _lists()
    found = Kind(0)
    for name, kind in (
        ("determiners", Kind.DETERMINER),
        ("pronouns", Kind.PRONOUN),
        ("prepositions", Kind.PREPOSITION),
        ("clause_openers", Kind.CLAUSE_OPENER),
        ("adverbs", Kind.ADVERB),
        ("adjectives", Kind.ADJECTIVE),
        ("plural_nouns", Kind.NOUN),
    ):
        if word in lists[name]:
            found |= kind
    if _is_function_word(found):
        return found
    found = _with_open_kinds(word, found, lists)
    # Names: "Gordon Brown".
    return found | Kind.NOUN if written[:1].isupper() else found


def _is_function_word(found: Kind) -> bool:
    return bool(found & (Kind.DETERMINER | Kind.PRONOUN | Kind.PREPOSITION | Kind.CLAUSE_OPENER))


def _with_open_kinds(word: str, found: Kind, lists: _Lists) -> Kind:
    known = lists["adjectives"] | lists["not_adjectives"] | lists["verbs"] | lists["noun_verbs"]
    if is_base(word):
        found |= Kind.BASE_VERB
    if word in lists["noun_verbs"]:
        found |= Kind.NOUN_OR_VERB
    if word in lists.participles or (word.endswith("ed") and len(word) > 4):
        found |= Kind.PAST
    if word.endswith("ing") and len(word) > 5:
        found |= Kind.ING | (Kind.ING_NOUN if word in lists["ing_nouns"] else Kind(0))
    if word.endswith("ly") and len(word) > 4 and word not in known:
        found |= Kind.ADVERB
    if _looks_adjectival(word, lists):
        found |= Kind.ADJECTIVE
    if word.endswith("s") and any(is_base(base, nouns=True) for base in _without_s(word)):
        found |= Kind.S_FORM
    if not found or found == Kind.S_FORM or word in lists["not_adjectives"]:
        found |= Kind.NOUN
    return found


def _looks_adjectival(word: str, lists: _Lists) -> bool:
    if word in lists["adjectives"]:
        return True
    if word in lists["not_adjectives"] or word in lists["verbs"] or word in lists["noun_verbs"]:
        return word == "public"
    return (len(word) > 4 and word.endswith(_ADJECTIVE_ENDINGS)) or (
        len(word) > 5 and word.endswith("est")
    )


def _without_s(word: str) -> Iterator[str]:
    yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]
    if word.endswith("ies"):
        yield word[:-3] + "y"


@cache
def is_base(word: str, nouns: bool = False) -> bool:
    """Say whether a word is the base form of a verb; `nouns`: also if it is a noun as often."""
    lists = _lists()
    if word in lists["verbs"] or (nouns and word in lists["noun_verbs"]):
        return True
    others = lists["noun_verbs"] | lists["adjectives"] | lists["not_adjectives"]
    if word in others or len(word) < 5:
        return False
    if word.endswith(_VERB_ENDINGS) and not word.endswith(("wise", "noise")):
        return True
    rests = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
    return any(len(rest) > 3 and rest in lists["verbs"] for rest in rests)


def third_person(base: str) -> str:
    """Return the form of a verb after he, she or it.

    >>> [third_person(verb) for verb in ("have", "carry", "pass", "outweigh")]
    ['has', 'carries', 'passes', 'outweighs']
    """
    if base in ("be", "have", "do", "go"):
        return {"be": "is", "have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def base_of(third: str) -> str:
    """Return the base form of a verb's form in -s, "" if it is not one of a known verb."""
    irregular = {"has": "have", "does": "do", "goes": "go", "is": "be"}
    if third in irregular:
        return irregular[third]
    found = (base for base in _without_s(third) if is_base(base, nouns=True))
    return next((base for base in found if third_person(base) == third), "")


def past_tense(base: str) -> str:
    """Return the simple past of a verb.

    >>> [past_tense(verb) for verb in ("make", "change", "stop", "carry", "benefit")]
    ['made', 'changed', 'stopped', 'carried', 'benefited']
    """
    known = _lists().past.get(base)
    if known:
        return known
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in "aeiou":
        return base[:-1] + "ied"
    # One syllable, one vowel, one consonant: it doubles. Longer words do if stressed at the end.
    if re.fullmatch(r"[^aeiou]*[aeiou][bdgklmnprt]|(?:.*(?:mit|fer|cur|pel|trol|gret))", base):
        return base + base[-1] + "ed"
    return base + "ed"

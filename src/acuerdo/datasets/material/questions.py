"""Tell whether two questions are one and the same, in whatever form they are put."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import Final

from acuerdo.domain.text import comparable

SAME: Final = 0.7
"""Share of the words that two questions must have in common (Jaccard) to count as the same.

"Should we ban cosmetic surgery?" and "... for minors?" do (3 of 4 words that carry meaning);
questions that share a phrase ("bring more harm than good") and nothing else do not.
"""

_FORM_WORDS: Final = (
    "a an and any are as at be been being but by can could did do does for from had has have how i "
    "if in into is it its may me more most must my of on or our should so some such than that the "
    "their them there these they this to us was we were what when where which who whose why will "
    "with would you your"
)
_FORM: Final = frozenset(_FORM_WORDS.split())
_ENDINGS: Final = ("ing", "ed", "es", "e", "s")


def meaning(question: str) -> frozenset[str]:
    """Return the words that carry a question's meaning, without their commonest endings.

    >>> meaning("We should abolish zoos") == meaning("Should zoos be abolished?")
    True
    """
    spoken = comparable(question).split()
    found = frozenset(_stem(word) for word in spoken if word not in _FORM)
    return found or frozenset(spoken)


def same_questions(questions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield every pair of texts, each once, that are the same question or nearly so.

    Texts of the same `meaning` are paired in a chain. Two others share at least 70 % of it; only
    pairs that share one of their rarest words are compared, which misses none of them.
    """
    by_meaning: dict[frozenset[str], str] = {}
    for question in dict.fromkeys(questions):
        key = meaning(question)
        if key in by_meaning:
            yield by_meaning[key], question
        by_meaning[key] = question
    keys = list(by_meaning)
    frequency = Counter(word for key in keys for word in key)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        rare = _prefix(sorted(key, key=lambda word: (frequency[word], word)))
        for other in sorted({other for word in rare for other in places[word]}):
            shared = len(key & keys[other])
            if shared >= SAME * len(key | keys[other]) - 1e-9:
                yield by_meaning[keys[other]], by_meaning[key]
        for word in rare:
            places[word].append(place)


def clusters(questions: Iterable[str]) -> dict[str, str]:
    """Return for every question the first, by its words, of those that are the same as it."""
    listed = list(dict.fromkeys(questions))
    parent = {question: question for question in listed}

    def root(question: str) -> str:
        while parent[question] != question:
            parent[question] = parent[parent[question]]
            question = parent[question]
        return question

    for one, other in same_questions(listed):
        first, second = sorted((root(one), root(other)), key=lambda text: (comparable(text), text))
        parent[second] = first
    return {question: root(question) for question in listed}


def _prefix(by_rarity: Sequence[str]) -> Sequence[str]:
    # Two sets with a Jaccard similarity of SAME share at least ceil(SAME * size) words of each, so
    # that one of them is among the first size - ceil(SAME * size) + 1 in any one order.
    return by_rarity[: len(by_rarity) - ceil(SAME * len(by_rarity) - 1e-9) + 1]


def _stem(word: str) -> str:
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 3), "")
    stem = word.removesuffix(ending)
    # "banned" without its ending is "bann".
    return stem[:-1] if stem[-1] == stem[-2:-1] else stem

"""Key words of topics: what their questions say more often than those of other topics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import Final

from acuerdo.domain.text import canonical, words
from acuerdo.questions.topics.stop_words import STOP_WORDS

LONGEST_TEXT: Final = 2000
"""Characters of a question that are read for key words."""
_ENDINGS: Final = {
    "en": re.compile(r"(?:['’]s|ings?|ies|ed|es|s|e|y)$"),
    "es": re.compile(r"(?:es|as|os|s|a|o|e)$"),
}
_LEAST_STEM: Final = 3
_ALIKE: Final = 0.7
"""Share of the shorter word that two words begin with alike, from where they count as one word."""
_LEAST_ALIKE: Final = 5


@dataclass(slots=True)
class _Counts:
    """How often stems and pairs of neighbouring stems occur, and in which forms."""

    stems: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    forms: dict[str, Counter[str]] = field(default_factory=dict)
    pair_forms: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)


def content_runs(text: str, language: str) -> list[list[str]]:
    """Return the words that carry content, in lower case, in runs without a stop word between.

    >>> content_runs("Should companies introduce a working week of four days?", "en")
    [['companies'], ['working', 'week'], ['four', 'days']]
    """
    stop = STOP_WORDS.get(language, frozenset())
    runs: list[list[str]] = [[]]
    for word in words(canonical(text)[:LONGEST_TEXT]):
        small = word.casefold().replace("’", "'")
        plain = small.removesuffix("'s")
        if small in stop or plain in stop or not _says_something(plain):
            runs.append([])
        else:
            runs[-1].append(plain)
    return [run for run in runs if run]


def stem(word: str, language: str) -> str:
    """Return a word without its ending, so that its commonest forms are one; rough on purpose.

    >>> [stem(word, "en") for word in ("taxes", "tax", "policies", "policy", "voting", "vote")]
    ['tax', 'tax', 'polic', 'polic', 'vot', 'vot']
    """
    ending = _ENDINGS.get(language)
    if ending is None:
        return word
    short = ending.sub("", word)
    return short if len(short) >= _LEAST_STEM else word


def key_words(
    groups: Sequence[Iterable[tuple[str, str]]], count: int = 4
) -> tuple[tuple[str, ...], ...]:
    """Return up to `count` key words or pairs of words for each group of (text, language).

    Class-based weights (Grootendorst, 2022): n * log(1 + A / f), where n is how often a stem occurs
    in the group, f in all groups, A the mean number of words of a group. Read in the group's most
    common language, so that a label does not say the same twice. No stem comes twice, nor words
    that begin alike ("immigration", "immigrants"); a word that stands beside the same other in at
    least half of its places comes as that pair ("minimum wage").
    """
    languages: list[str] = []
    counted: list[_Counts] = []
    for group in groups:
        members = list(group)
        language = _most_common(Counter(language for _, language in members), "en")
        languages.append(language)
        counted.append(_counts((text for text, told in members if told == language), language))
    # A stem of one language is another word in the other.
    overall: Counter[tuple[str, str]] = Counter()
    for language, counts in zip(languages, counted, strict=True):
        for one, occurrences in counts.stems.items():
            overall[language, one] += occurrences
    mean = sum(overall.values()) / max(1, len(counted))
    return tuple(
        _chosen(counts, {one: overall[language, one] for one in counts.stems}, mean, count)
        for language, counts in zip(languages, counted, strict=True)
    )


def _counts(texts: Iterable[str], language: str) -> _Counts:
    counts = _Counts()
    for text in texts:
        for run in content_runs(text, language):
            stems = [stem(word, language) for word in run]
            for one, word in zip(stems, run, strict=True):
                counts.stems[one] += 1
                counts.forms.setdefault(one, Counter())[word] += 1
            for place, pair in enumerate(pairwise(stems)):
                counts.pairs[pair] += 1
                form = f"{run[place]} {run[place + 1]}"
                counts.pair_forms.setdefault(pair, Counter())[form] += 1
    return counts


def _chosen(counts: _Counts, overall: dict[str, int], mean: float, count: int) -> tuple[str, ...]:
    weight = {one: n * log(1 + mean / overall[one]) for one, n in counts.stems.items()}
    partners: dict[str, list[tuple[int, tuple[str, str]]]] = {}
    for pair, n in counts.pairs.items():
        for one in pair:
            partners.setdefault(one, []).append((-n, pair))
    said: list[str] = []
    used: list[str] = []
    for one in sorted(weight, key=lambda one: (-weight[one], one)):
        if len(said) == count:
            break
        if any(_alike(one, other) for other in used):
            continue
        often, pair = min(partners.get(one, [(0, (one, one))]))
        other = pair[1] if pair[0] == one else pair[0]
        fits = not any(_alike(other, earlier) for earlier in (*used, one))
        if -often >= max(2, counts.stems[one] / 2) and fits:
            said.append(_most_common(counts.pair_forms[pair]))
            used += pair
        else:
            said.append(_most_common(counts.forms[one]))
            used.append(one)
    return tuple(said)


def _says_something(word: str) -> bool:
    return any(letter.isalpha() for letter in word) and (len(word) > 1 or not word.isascii())


def _alike(first: str, second: str) -> bool:
    if first == second:
        return True
    needed = max(_LEAST_ALIKE, _ALIKE * min(len(first), len(second)))
    same = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        same += 1
    return same >= needed


def _most_common(counter: Counter[str], otherwise: str = "") -> str:
    return min(counter, key=lambda text: (-counter[text], text)) if counter else otherwise

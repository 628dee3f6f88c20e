"""Length and reading grade: how much there is to read, and how hard it is."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.text import sentences, words
from acuerdo.evaluate.drafts.measures.measure import DraftByDraft

_VOWELS: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(
    r"(?:(?:[^laeiouy]|[aeiouy]l)e|[^laeiouytd]ed|(?:[^lsxzhgcaeiouy]|[aeiouy]l)es)$"
    r"|[aeiouy][^aeiouyl]e(?=(?:ment|less|ful|ness|ly)s?$)"
)
_TWO_IN_A_GROUP: Final = re.compile(
    r"(?<![cst])ia(?=[ln])|ia(?![ln])|(?<![cgnlstx])io(?=[nu])|io(?![nu])|(?<!fr)(?<!t)ie(?=[nt])"
    r"|eo(?!u|ple)|(?<!q)ua(?=[lt])|(?<![gq])ue(?=n)|(?<=[aeiouy][^aeiouy])ea$|eing$"
    r"|created?$|creat(?=ing$|ive$)"
)


def length() -> DraftByDraft:
    """Measure the number of words."""
    return DraftByDraft("words", None, lambda _, draft: float(len(words(draft))))


def reading() -> DraftByDraft:
    """Measure the reading grade; nan for languages other than English."""
    return DraftByDraft("reading grade", None, _grade_of)


def reading_grade(text: str) -> float:
    """Return the grade of a United States school that reads an English text with ease.

    0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid, Fishburne, Rogers and
    Chissom 1975). nan for a text without words or sentences, such as "____".
    """
    said, lines = words(text), sentences(text)
    if not said or not lines:
        return np.nan
    syllables = sum(syllables_of(word) for word in said)
    return 0.39 * len(said) / len(lines) + 11.8 * syllables / len(said) - 15.59


def syllables_of(word: str) -> int:
    """Return about how many syllables an English word has, at least 1: groups of vowels, with the
    usual exceptions. Numbers count as one."""
    return sum(_of_part(part) for part in word.casefold().split("-")) or 1


def _of_part(part: str) -> int:
    letters = "".join(letter for letter in part if letter.isalpha())
    groups = len(_VOWELS.findall(letters))
    groups -= len(_SILENT.findall(letters))
    groups += len(_TWO_IN_A_GROUP.findall(letters))
    return max(groups, 1)


def _grade_of(material: Material, draft: str) -> float:
    return reading_grade(draft) if material.language in ("", "en") else np.nan

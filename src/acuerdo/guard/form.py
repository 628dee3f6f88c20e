"""Drafts without the form of a statement: empty, cut off, lists, loops, questions, chatter."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from acuerdo.domain.statements import Rejection
from acuerdo.domain.text import comparable, sentences, words
from acuerdo.guard.phrases import phrase_in
from acuerdo.ports import Screening

MIN_WORDS: Final = 4
MAX_SAME_SENTENCE: Final = 2
"""How often a sentence may stand in a statement."""
MIN_DISTINCT_RUNS: Final = 0.75
"""Share of four-word runs that must occur only once in a longer text; loops fall far below."""
LOOP_WORDS: Final = 30
"""Texts from this length on are examined for loops."""

_ENDINGS: Final = ".!?。！？؟।"
_CLOSINGS: Final = "\"'“”’»)]」』）*_ "
# Thai sets no mark at the end of a sentence.
_THAI: Final = re.compile(r"[\u0e00-\u0e7f]$")
_BULLET: Final = re.compile(r"^\s*(?:[-*•–‣▪+]|\(?\d{1,2}[.)]|\(?[a-z]\))\s+")


def empty(text: str, _: Screening) -> Rejection | None:
    """Object to a text without a single word."""
    return None if words(text) else Rejection("empty", "There is no text in it.")


def cut_off(text: str, screening: Screening) -> Rejection | None:
    """Object to a text that stops before it ends."""
    if screening.finish == "length":
        return Rejection("cut_off", "The model reached its length limit before the end.")
    bare = text.rstrip(_CLOSINGS)
    trailing_off = bare.endswith(("…", "..", "。。"))
    if (bare.endswith(tuple(_ENDINGS)) and not trailing_off) or _THAI.search(bare):
        return None
    return Rejection("cut_off", "It stops in the middle of a sentence.")


def not_a_statement(text: str, _: Screening) -> Rejection | None:
    """Object to texts that a group could not sign as its statement, whatever they say."""
    objections = (
        (_is_too_short(text), "It is too short to state anything."),
        (_is_list(text), "It is a list, not a statement."),
        (_asks_only(text), "It only asks questions."),
        (_repeats_itself(text), "It repeats itself."),
        (phrase_in(text, "chatter") != "", "It talks about the text instead of the question."),
    )
    detail = next((detail for applies, detail in objections if applies), "")
    return Rejection("not_a_statement", detail) if detail else None


def _is_too_short(text: str) -> bool:
    return len(words(text)) < MIN_WORDS


def _is_list(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    items = sum(_BULLET.match(line) is not None for line in lines)
    return items >= 2 and items * 2 >= len(lines)


def _asks_only(text: str) -> bool:
    said = [sentence.rstrip(_CLOSINGS) for sentence in sentences(text)]
    return bool(said) and all(sentence.endswith(("?", "？", "؟")) for sentence in said)


def _repeats_itself(text: str) -> bool:
    """Small models fall into loops: whole sentences, or one pattern with a word exchanged."""
    repeated = Counter(comparable(sentence) for sentence in sentences(text))
    if max(repeated.values(), default=0) > MAX_SAME_SENTENCE:
        return True
    spoken = words(comparable(text))
    if len(spoken) < LOOP_WORDS:
        return False
    runs = Counter(zip(*(spoken[start:] for start in range(4)), strict=False))
    return sum(count == 1 for count in runs.values()) < MIN_DISTINCT_RUNS * runs.total()

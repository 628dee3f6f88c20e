"""Plain operations on text that every room needs: cleaning, comparing, sentences, words."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co"})
_KEPT_CONTROLS = frozenset("\n\t")
# Joiners carry meaning in Arabic, Indic scripts and emoji; only there are they kept.
_JOINERS = frozenset("\u200c\u200d")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n\s*\n+")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_SCRIPTS_WITHOUT_SPACES = re.compile(
    r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[A-Za-z]|e\.g|i\.e|etc|vs|Mr|Mrs|Ms|Dr|Prof|St|No|Nr|Sr|Sra|bzw|usw|z\.B|p\.ej"
    r"|approx|U\.S|U\.K)\.$"
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』）]*|\n+")


def canonical(text: str) -> str:
    """Return the text as every part reads it: NFKC, no invisible characters, single spaces.

    Invisible and direction-changing characters can hide instructions from a human moderator and
    show them to a model; they are removed before anything else sees the text.
    """
    normal = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    visible = "".join(
        letter
        for letter in normal
        if letter in _KEPT_CONTROLS
        or letter in _JOINERS
        or unicodedata.category(letter) not in _INVISIBLE_CATEGORIES
    )
    return _BLANK_LINES.sub("\n\n", _SPACES.sub(" ", visible)).strip()


def comparable(text: str) -> str:
    """Return lower-case words joined by single spaces, to compare texts regardless of form."""
    return " ".join(_WORD.findall(canonical(text).casefold()))


def words(text: str) -> list[str]:
    """Return the words of a text; in scripts without spaces, its characters."""
    found: list[str] = []
    for word in _WORD.findall(text):
        found.extend(word if _SCRIPTS_WITHOUT_SPACES.search(word) else (word,))
    return found


def sentences(text: str) -> list[str]:
    """Split a text into sentences; never empty ones.

    >>> sentences("Cars are loud, e.g. at night. Ban them! Or not?")
    ['Cars are loud, e.g. at night.', 'Ban them!', 'Or not?']
    """
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        piece = text[start : match.end()]
        if match.group().startswith(".") and _ABBREVIATION.search(piece):
            continue
        found.append(piece.strip())
        start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if any(letter.isalnum() for letter in sentence)]

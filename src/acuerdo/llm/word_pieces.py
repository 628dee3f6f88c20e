"""Token ids of texts, remembered word by word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

REMEMBERED_WORDS: Final = 50_000
LONGEST_REMEMBERED: Final = 32
"""Longer "words" are sentences in scripts without spaces and will hardly come again."""

_SPACES: Final = str.maketrans("\t\n", "  ")


class WordPieces:
    """Segments texts into pieces of a vocabulary, as segmenting the whole text would.

    `segment(text)` must be a unigram segmentation in which a space begins a new piece: no piece
    reaches across a space, so the best segmentation of a text is that of its words, and a word
    seen before need not be segmented again. It returns the ids of a text between a begin and an
    end mark, and exactly (begin, unknown, end) for a text without content.
    """

    def __init__(self, segment: Callable[[str], list[int]]) -> None:
        self._segment = segment
        self._begin, self._unknown, self._end = segment("")
        self._remembered: dict[str, list[int]] = {}

    def ids(self, text: str) -> list[int]:
        """Return the ids of a text, begin and end marks included; never fewer than three."""
        found = [self._begin]
        remembered = self._remembered
        for word in text.translate(_SPACES).split(" "):
            pieces = remembered.get(word)
            found += self._pieces(word) if pieces is None else pieces
        if len(found) == 1:
            found.append(self._unknown)
        found.append(self._end)
        return found

    def _pieces(self, word: str) -> list[int]:
        pieces = self._segment(word)[1:-1]
        if pieces == [self._unknown]:
            pieces = []
        if len(word) <= LONGEST_REMEMBERED:
            if len(self._remembered) >= REMEMBERED_WORDS:
                self._remembered.clear()
            self._remembered[word] = pieces
        return pieces

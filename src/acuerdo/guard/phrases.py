"""Phrase lists: expressions in text files, so that speakers of a language can extend them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Literal

PhraseList = Literal["addressed", "chatter", "instruction", "refused"]

_APOSTROPHES = str.maketrans("’‘´", "'''")


def phrase_in(text: str, name: PhraseList) -> str:
    """Return the first passage of a text that is on a list, "" if there is none."""
    found = _pattern(name).search(text.translate(_APOSTROPHES))
    return " ".join(found.group().split()) if found else ""


@cache
def _pattern(name: PhraseList) -> re.Pattern[str]:
    lines = (files(__package__) / "phrase_lists" / f"{name}.txt").read_text("utf-8").splitlines()
    phrases = [f"(?:{line})" for line in lines if line and not line.startswith("#")]
    return re.compile("|".join(phrases), re.IGNORECASE | re.MULTILINE)

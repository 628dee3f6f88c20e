"""Swapping who says what: "most of us" for "one of us" and the other way round, in English."""

from __future__ import annotations

import re
from typing import Final

_BOTH: Final = re.compile(r"\b(most|one)( of us)\b", re.IGNORECASE)
_COUNTED: Final = re.compile(
    r"\b(?:all but|at least|at most|but|each|every|exactly|just|no|not|only|than|the)\s+$",
    re.IGNORECASE,
)
"""Before "one of us" these make it a number, which "most of us" is not."""
_PREPOSITION: Final = re.compile(r"\b(?:by|for|from|in|of|to|unlike|with)\s+$", re.IGNORECASE)
_MODAL: Final = re.compile(r"(?:can|cannot|could|may|might|must|should|will|would)\b")
_ADVERB: Final = re.compile(r"(?:also|clearly|even|firmly|mainly|still|strongly|therefore)\s+")
_REGULAR: Final = (
    "accept|add|agree|answer|ask|believe|blame|call|care|consider|count|dislike|doubt|expect|favor"
    "|favour|fear|feel|find|hold|hope|insist|know|lean|like|look|mention|note|object|oppose|point"
    "|prefer|propose|question|recall|refuse|regard|reject|say|see|share|suggest|support|take|think"
    "|trust|understand|value|view|want|warn|wonder"
)
_PLURAL: Final[dict[str, str]] = {verb: f"{verb}s" for verb in _REGULAR.split("|")} | {
    "are": "is",
    "do": "does",
    "go": "goes",
    "have": "has",
    "rely": "relies",
    "stress": "stresses",
    "were": "was",
    "worry": "worries",
}
_SINGULAR: Final = {one: many for many, one in _PLURAL.items()}
_PAST: Final = re.compile(r"[a-z]+ed\b|\b(?:felt|found|had|held|knew|said|saw|thought|told|took)\b")
_JOINED: Final = re.compile(r"\b(?:and|but|or)\s+(?:(?:also|even)\s+)?([a-z]+)\b")
_SENTENCE: Final = re.compile(r"[^.;:!?]*")


def voices_swapped(statement: str) -> str:
    """Return the statement with majority and minority in each other's place, "" if it cannot be.

    Where both are named both change, otherwise the one there is. Verbs are made to agree; a text
    with a verb that is not known here is left alone. English only.

    >>> voices_swapped("Most of us want a ban. One of us thinks it is too late.")
    'One of us wants a ban. Most of us think it is too late.'
    """
    if not _BOTH.search(statement):
        return ""
    written: list[str] = []
    start = 0
    for found in _BOTH.finditer(statement):
        to_one = found[1].lower() == "most"
        said = "one" if to_one else "most"
        rest = _agreeing(statement[: found.start()], statement[found.end() :], to_one)
        if rest is None:
            return ""
        swapped = said.capitalize() if found[1][0].isupper() else said
        written += [statement[start : found.start()], swapped, found[2], rest[0]]
        start = found.end() + rest[1]
    return "".join([*written, statement[start:]])


def _agreeing(before: str, after: str, to_one: bool) -> tuple[str, int] | None:
    """Return what follows, made to agree, and how many letters it replaces; None if unknown."""
    unchanged = ("", 0)
    if _COUNTED.search(before):
        return None
    if _PREPOSITION.search(before) or after[:1] in (".", ""):
        return unchanged
    adverb = _ADVERB.match(after, 1)
    verb_at = adverb.end() if adverb else 1
    verb = re.match(r"[a-z]+", after[verb_at:])
    if verb is None or not after[0].isspace():
        return None
    if _MODAL.match(after, verb_at) or _PAST.fullmatch(verb[0]):
        return unchanged
    forms = _PLURAL if to_one else _SINGULAR
    if verb[0] not in forms or _second_verb(after[verb_at + verb.end() :], forms):
        return None
    return after[:verb_at] + forms[verb[0]], verb_at + verb.end()


def _second_verb(after: str, forms: dict[str, str]) -> bool:
    """Say whether the same subject may have a second verb, which would have to agree, too."""
    rest = _SENTENCE.match(after)
    return any(verb in forms for verb in _JOINED.findall(rest[0] if rest else ""))

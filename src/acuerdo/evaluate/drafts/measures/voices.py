"""Voices: for whom in the group each part of a statement speaks, in English, by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from acuerdo.domain.text import sentences

Voice = Literal["all", "most", "half", "some", "others", "one", "nobody", "open", "unmarked"]
"""Who speaks: all of us; more than half; half; a part that may be small; those who were not spoken
of just before; one person (or a number of them, see `Said.people`); nobody; the group, saying that
it does not agree; or nobody in particular."""

NUMBERS: Final = {"two": 2, "three": 3, "four": 4, "five": 5}
_COUNT: Final = "(?:two|three|four|five)"
_PEOPLE: Final = r"(?: (?:of|among) us| (?:in|of) (?:our|the) group)"
_MARKS: Final[tuple[tuple[Voice, str], ...]] = (
    (
        "open",
        r"\bwe (?:\w+ ){0,2}?(?:split|divided|disagree|differ|undecided)\b"
        r"|\b(?:group|opinions?|views?) (?:is|are) (?:\w+ )?(?:split|divided)\b"
        r"|\b(?:divides?|splits?|parts) us\b|\bour (?:views|opinions) (?:on .+ )?(?:differ|part)\b"
        r"|\bwe (?:do not|don't|cannot|can't) (?:all |fully )?agree\b|\bwe (?:have not|leave)\b"
        r"|\b(?:group|we) (?:do|does|are|is) not (?:all )?(?:agree\b|of one mind)"
        r"|\btwo sides for us"
        r"|\b(?:stays?|remains?|is left) (?:open|disputed)\b|\bwhere we part\b",
    ),
    ("nobody", rf"\b(?:none|neither)(?: of us){{1}}|\b(?:nobody|no one){_PEOPLE}"),
    (
        "most",
        rf"\b(?:nearly|almost) (?:all|everyone|everybody)(?:{_PEOPLE})?\b|\bmost{_PEOPLE}"
        r"|\ball but (?:one|two|a few)(?: of us)?\b|\bmost in (?:our|the) group\b"
        r"|\b(?:a|the|our) (?:\w+ )?majority\b|\bwe (?:mostly|largely|lean\b)|\bwould mostly\b",
    ),
    ("half", r"\b(?:the other )?half(?: of us)?\b(?= (?!of )|,)|\bone half\b"),
    (
        "others",
        r"^(?:(?:and|but|yet|still|while|whereas|for|to|in) )*(?:the |among the )?(?:others?\b"
        r"(?! (?:side|hand|people|than))|rest\b|(?:third|fourth|fifth)(?: of us| person)?\b"
        r"|another(?: one)? of us\b|another \w+s\b|the other (?:one|two|three)\b)"
        r"|\b(?:others? (?:among|of) us|the rest of us|another of us)\b",
    ),
    ("one", rf"\b(?:only )?(?:one|{_COUNT})(?: person)?{_PEOPLE}|\b(?:the )?{_COUNT} of us\b"),
    (
        "some",
        rf"\b(?:some|several|many|a few|a minority|those|both){_PEOPLE}\b|\ba minority\b"
        r"|\bsome (?=(?:would|want|think|believe|feel|fear|see|say|worry|hold|find|also|prefer)\b)",
    ),
    ("all", rf"\b(?:all|each|every one|everyone|everybody){_PEOPLE}|\bwe all\b|\bus all\b"),
    ("all", r"\b(?:we|our|us)\b"),
)
_PATTERNS: Final = tuple((voice, re.compile(mark, re.IGNORECASE)) for voice, mark in _MARKS)
_BREAK: Final = re.compile(
    r"(?:[,;:]| -|\u2013|\u2014)\s*(?:(?:while|whereas|but|and|though|although|yet)\s+)?(?=\w)"
    r"|\s(?=(?:while|whereas|but)\s)",
    re.IGNORECASE,
)
_PARENTHESIS: Final = re.compile(
    r"^(?:(?:in|to|for|according to|as) .{0,24})?(?:most|some|one|two|three|many|several|we|us)\b"
    r".{0,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A part of a statement and for whom it speaks: `people` of them where it tells, else 0."""

    text: str
    voice: Voice
    people: int = 0


def voices(statement: str) -> tuple[Said, ...]:
    """Split a statement into the parts that speak for different people.

    A sentence is one part, unless it goes on for somebody else ("Some of us ..., while others
    ..."). A voice named at the end of a sentence (", most of us think") is that of all of it.
    """
    return tuple(said for sentence in sentences(statement) for said in _parts(sentence))


def _parts(sentence: str) -> list[Said]:
    pieces: list[str] = []
    start = 0
    for match in _BREAK.finditer(sentence):
        rest = sentence[match.end() :]
        before = sentence[start : match.start()]
        if _opens(rest) and _voice(before)[0] != "unmarked":
            pieces.append(before)
            start = match.end()
    pieces.append(sentence[start:])
    return [Said(piece.strip(), *_voice(piece)) for piece in pieces]


def _opens(rest: str) -> bool:
    """Whether a new voice begins with these words, which go on to say something."""
    beginning = rest[:40]
    if rest.startswith("as "):
        return False
    named = any(
        (found := mark.search(beginning)) is not None and found.start() <= 4
        for voice, mark in _PATTERNS
        if voice not in ("all", "open")
    )
    clause = re.split(r"[,;:.]", rest, maxsplit=1)[0]
    return named and not (_PARENTHESIS.match(clause) and len(clause.split()) < 6)


def _voice(text: str) -> tuple[Voice, int]:
    for voice, mark in _PATTERNS:
        found = mark.search(text)
        if found:
            return voice, _people(voice, found.group().casefold())
    return "unmarked", 0


def _people(voice: Voice, mark: str) -> int:
    if voice != "one":
        return 0
    return next((number for word, number in NUMBERS.items() if word in mark.split()), 1)

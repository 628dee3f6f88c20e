"""Turning the stance of an English statement round by the smallest change that does it.

Rules, not a model: every change can be read off the table below. They are for making examples of
what a statement must not say, so a text that no rule fits safely is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from acuerdo.domain.text import sentences, words

Turn = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_US: Final = r"\b(?:[Ww]e(?: all)?|(?:[Mm]ost|[Mm]any|[Aa]ll|[Ss]everal) of us|majority of us)"
_DEGREE: Final = r"(?:clearly |strongly |mostly |mainly |largely |firmly |generally |all |rather )?"
_WEAK: Final = (
    r"(?:all|already|also|always|even|ever|first|go|however|instead|just|like|never|not|only|prefer"
    r"|probably|rather|simply|still|then|therefore|together|too)\b"
)
"""After these a "not" would read badly or mean something else."""
_VIEW: Final = r"(?:believe|consider|expect|feel|find|regard|see|think|trust|want)"
_JUDGED: Final = (
    r"(?:acceptable|dangerous|fair|good|hard|harmful|justified|necessary|needed|outdated|reasonable"
    r"|right|unfair|unnecessary|useful|wasteful|worth|wrong)\b"
)
_OPPOSITES: Final = {
    "against": "in favour of",
    "in favor of": "against",
    "in favour of": "against",
    "oppose": "support",
    "support": "oppose",
    "toward": "against",
    "towards": "against",
}
_MAIN: Final = r"^((?:(?!that|which|who|whose|what|when|because)[\w'’-]+ )+)"
"""The start of a sentence up to its verb, with no clause in between."""


def _swap(found: re.Match[str]) -> str:
    return f"{found['before']}{_OPPOSITES[found['word']]}"


def _lean(found: re.Match[str]) -> str:
    return f"{found['before']}{'towards' if found['word'] == 'against' else 'against'}"


def _brings(found: re.Match[str]) -> str:
    ending = {"bring": "s", "do": "es"}[found["verb"]] if found["aid"] == "does" else ""
    return f"{found['verb']}{ending} more {found['what']}"


def _other_way(found: re.Match[str]) -> str:
    return f"more {found['second']} than {found['first']}"


def _rule(pattern: str, change: str | Callable[[re.Match[str]], str]) -> Turn:
    if isinstance(change, str):
        written = change
        return re.compile(pattern), lambda found: found.expand(written)
    return re.compile(pattern), change


_TURNS: Final[tuple[tuple[Turn, ...], ...]] = (
    (
        _rule(
            r"\b(?P<aid>does|do) not (?P<verb>bring|do) more "
            r"(?P<what>harm than good|good than harm)",
            _brings,
        ),
        _rule(r"\bmore (?P<first>harm|good) than (?P<second>good|harm)\b", _other_way),
        _rule(rf"({_US}) would(?:n['’]t| not| never)\b(?! only\b)", r"\1 would"),
        _rule(rf"({_US}) would (?!{_WEAK})", r"\1 would not "),
        _rule(rf"(?P<before>{_US} {_DEGREE})(?P<word>support|oppose)\b", _swap),
    ),
    (
        _rule(r"\bshould(?:n['’]t| not| never)\b(?! only\b)", "should"),
        _rule(r"\bshould ((?:\w+ ){1,4})not (?=be\b|have\b)", r"should \1"),
        _rule(rf"\bshould (?!{_WEAK})", "should not "),
        _rule(rf"(?P<before>\b(?:are|is) {_DEGREE})(?P<word>against|in favou?r of)\b", _swap),
        _rule(rf"(?P<before>\bleans? {_DEGREE})(?P<word>towards?|against)\b", _lean),
        _rule(rf"({_US}) do(?:n['’]t| not) (?={_VIEW}\b|(?:accept|approve|like)\b)", r"\1 "),
        _rule(
            rf"^(We|(?:Most|Many|Several) of us) (?={_VIEW} )"
            r"(?!.*\band (?:oppose|should|support|want|would)\b)",
            r"\1 do not ",
        ),
    ),
    (
        _rule(rf"{_MAIN}(has|have) (?:its|their|a) place\b", r"\1\2 no place"),
        _rule(rf"{_MAIN}makes sense (?=to)", r"\1makes no sense "),
        _rule(
            rf"{_MAIN}(is|are)(?:n['’]t| not) (?!all|alone|enough|even|just|merely|only|simply)",
            r"\1\2 ",
        ),
        _rule(rf"{_MAIN}(is|are) (?={_JUDGED})", r"\1\2 not "),
    ),
)
"""By how surely they carry the stance: the first tier that fits a sentence is used."""

_SPLIT: Final = re.compile(
    r"\b(?:split|divided|divides|disagree|undecided|unsettled|evenly|half of us|(?:left|leave) open"
    r"|(?:remains?|stays?) open|(?:do|does|did|can|could|will) ?not (?:all )?(?:fully )?agree"
    r"|not (?:have )?settled|no agreement|differ|two (?:camps|sides)|both sides)\b",
    re.IGNORECASE,
)
_OTHER_VOICE: Final = re.compile(
    r"\b(?:another|one|two|three|some|a few|others?|the rest|half|the other half|a minority)\b"
    r"|\b(?:whether|how|what|when|where|why|if|unless|until|though|although)\b"
    r"|\b(?:as long as|because|since|so that|which|while|who)\b|\b(?:everybody|everyone|every)\b"
    r"|\b(?:no|not)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Somebody else speaks, or a reason or condition is given, or a "not" would bind elsewhere."""
_NEGATED: Final = re.compile(
    r"\b(?:none|nobody|no one|neither|nor|any|anyone|anymore|at all|ever|either|yet|even)\b",
    re.IGNORECASE,
)
_CLAUSE_START: Final = re.compile(r"[,;:]\s|\s(?:and|but|so|because|since|while)\s")
_ANSWER: Final = re.compile(r"^(Yes|No)(?=[,.;:!]| [-–—])")
_FUNCTION_WORDS: Final = frozenset(
    {"bring", "could", "does", "have", "more", "opinion", "question", "should", "than", "that"}
    | {"their", "them", "there", "they", "think", "thoughts", "what", "with", "would", "your"}
    | {"support", "people", "some", "about", "which", "when", "from", "will", "been"}
)
_STEM: Final = 5
MOST_SENTENCES: Final = 3
"""A stance stands at the start; further down the same words mostly carry a side remark."""


def declares_split(statement: str) -> bool:
    """Say whether an English statement says that the group could not settle on a side.

    >>> declares_split("We are split on zoos."), declares_split("Most of us would keep zoos.")
    (True, False)
    """
    return _SPLIT.search(statement) is not None


def negated(statement: str, question: str) -> str:
    """Return the statement with its stance on the question turned round, "" where no rule fits.

    One sentence is changed, the first that is about the question and speaks for the group or its
    majority; a leading "Yes" or "No" is turned with it. Nothing is changed in a statement that
    says the group is split. English only.

    >>> negated("No, zoos should not be closed. They protect animals.", "Should we close zoos?")
    'Yes, zoos should be closed. They protect animals.'
    """
    if declares_split(statement):
        return ""
    start = 0
    topic = _stems(question)
    for number, sentence in enumerate(sentences(statement)[:MOST_SENTENCES]):
        place = statement.index(sentence, start)
        start = place + len(sentence)
        turned = _turned(sentence) if _stems(sentence) & topic else ""
        if turned:
            changed = statement[:place] + turned + statement[start:]
            return _answered(changed) if number < 2 or not _ANSWER.match(statement) else ""
    return ""


def _answered(statement: str) -> str:
    return _ANSWER.sub(lambda found: "No" if found[1] == "Yes" else "Yes", statement)


def _turned(sentence: str) -> str:
    """Return the sentence with its first turnable place turned, "" if there is none."""
    if _NEGATED.search(sentence):
        return ""
    for tier in _TURNS:
        places = (
            (found.start(), rank, found.end(), change(found))
            for rank, (pattern, change) in enumerate(tier)
            for found in pattern.finditer(sentence)
            if not _OTHER_VOICE.search(_clause_before(sentence, found))
        )
        first = min(places, default=None)
        if first:
            return sentence[: first[0]] + first[3] + sentence[first[2] :]
    return ""


def _clause_before(sentence: str, found: re.Match[str]) -> str:
    """Return what stands in the same clause before a match: who is speaking there."""
    starts = [mark.start() for mark in _CLAUSE_START.finditer(sentence, 0, found.start())]
    return sentence[starts[-1] if starts else 0 : found.start()]


def _stems(text: str) -> set[str]:
    return set(_long_words(text))


def _long_words(text: str) -> Iterator[str]:
    for word in words(text.casefold()):
        if len(word) > 3 and word not in _FUNCTION_WORDS:
            yield word[:_STEM]

"""Put one word for all groups, so that the same proposal about another group is judged the same.

In what rules read, a group is the mark PEOPLE, FAITH, MIGRANTS, GENDER or
STATUS, and an adjective
of a group before a thing is ORIGIN. In what is embedded it is a neutral expression in the
language of the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from acuerdo.domain.errors import SettingsError
from acuerdo.questions.screening.data_files import data_lines
from acuerdo.questions.screening.reading import folded, is_spanish

MARKS: Final = {
    "people": "PEOPLE",
    "origin": "PEOPLE",
    "euphemism": "PEOPLE",
    "faith": "FAITH",
    "migrants": "MIGRANTS",
    "gender": "GENDER",
    "status": "STATUS",
    "thing": "ORIGIN",
}
CLASS: Final = "class"
"""Groups by office or conduct: rules know their words, but they are not masked."""
PEOPLE_MARKS: Final = ("PEOPLE", "MIGRANTS", "GENDER", "STATUS")
NEUTRAL: Final = {
    "en": {"FAITH": "that religion", "ORIGIN": "that ethnic group's"},
    "es": {"FAITH": "esa religión", "ORIGIN": "de ese grupo étnico"},
}
WORDINGS: Final = {
    "en": ("members of that ethnic group", "immigrants", "women", "poor people"),
    "es": ("miembros de ese grupo étnico", "inmigrantes", "mujeres", "pobres"),
}
"""What stands for any group, by turns: a question is judged by the mean over all of them."""
_PERSON: Final = (
    r"(?:people|persons?|men|women|man|woman|girls?|boys?|children|kids|families|family|couples?"
    r"|parents|communit(?:y|ies)|minorit(?:y|ies)|immigrants?|migrants?|refugees?|asylum seekers?"
    r"|neighbou?rs?|citizens?|workers?|students?|pupils?|patients?|teachers?|residents?|youths?"
    r"|teenagers?|adults?|babies|settlers|nationals|americans?|australians?|folks?|individuals?"
    r"|populations?|tribes?|groups?|voters?|leaders?|bankers|friends|lads|ladies|believers|race"
    r"|villagers|followers|clerics|newcomers|travell?ers|minority groups?|candidates?|tenants?"
    r"|employees|players|athletes|drivers|soldiers|prisoners|doctors|nurses|owners|shopkeepers"
    r"|personas?|gente|hombres?|mujeres|mujer|ninos?|ninas?|familias?|parejas?|vecin[oa]s?"
    r"|inmigrantes?|ciudadan[oa]s?|trabajador(?:a|es|as)?|comunidad(?:es)?|jovenes|poblacion)"
)
_ARTICLE: Final = re.compile(r"(?:\b(?:the|an?|el|los|las?|un[ao]?s?) )$")
_FUNCTION: Final = (
    r"(?= (?:are|is|was|were|be|being|been|should|could|would|can|will|must|have|has|had|do|does"
    r"|did|to|from|in|into|on|at|of|for|with|without|and|or|who|that|than|as|by|so|not|more|less"
    r"|a|an|the|because|when|if|out|among|like|but|all|really|ever|never|always|just|only|live"
    r"|living|here|anyway|deserve|control|own|run|y|o|en|de|que|son|es|con|por|para)\b|[^\w ]|$)"
)
_SINGULAR: Final = r"(?:(?<=\ba )|(?<=\ban )|(?<=\bbeing )|(?<=\bbe )|(?<=\bany )|(?<=\bevery ))"
_MARK: Final = re.compile(r"[A-Z_]{5,}")
_ANY_PEOPLE: Final = re.compile("|".join(PEOPLE_MARKS))
_PLACE: Final = "\x00"
_PLACES: Final = re.compile(rf"{_PLACE}(?:,? (?:(?:and|or|y|o|e) )?{_PLACE})+")
_KINDS: Final = ("euphemism", "people", "faith", "migrants", "gender", "status")
_COLLAPSE: Final = re.compile(
    r"(?P<mark>PEOPLE|MIGRANTS|GENDER|STATUS)"
    rf"(?:,? (?:(?:and|or|y|o|e) )?(?:PEOPLE|MIGRANTS|GENDER|STATUS|{_PERSON}))+\b"
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A question without names of groups.

    `rules` is in lower case without accents and with marks. `wordings` are sentences, the same for
    whichever group was named: one for each of WORDINGS, or the text alone if it names no group.
    `groups` holds the marks that stand in `rules`. `euphemism` is the first expression that hints
    at a group, "" for none.
    """

    rules: str
    wordings: tuple[str, ...]
    groups: frozenset[str]
    euphemism: str = ""

    @property
    def alike(self) -> str:
        """What rules read with one mark for every kind of people."""
        return _ANY_PEOPLE.sub("PEOPLE", self.rules)


def mask_groups(text: str) -> Masked:
    """Return a question, read through already, with one word for all groups.

    >>> mask_groups("Why are Jews and Muslims here?").rules
    'why are PEOPLE here?'
    >>> mask_groups("Should Chinese apps be banned?").rules
    'should ORIGIN apps be banned?'
    """
    low = folded(text)
    spans = _spans(low)
    language = "es" if is_spanish(text) else "en"
    neutral = NEUTRAL[language]
    rules, said = _Writer(low), _Writer(text)
    for start, end, kind in spans:
        mark = MARKS[kind]
        before = _ARTICLE.search(low, 0, start)
        begin = before.start() if before else start
        rules.put(begin, end, mark)
        said.put(begin, end, neutral.get(mark, _PLACE))
    marked = _COLLAPSE.sub(lambda match: match["mark"], rules.done())
    place = _PLACES.sub(_PLACE, said.done())
    groups = WORDINGS[language] if _PLACE in place else ("",)
    hints = [low[start:end] for start, end, kind in spans if kind == "euphemism"]
    found = frozenset(_MARK.findall(marked))
    return Masked(
        marked,
        tuple(place.replace(_PLACE, group) for group in groups),
        found,
        hints[0] if hints else "",
    )


class _Writer:
    """Copies a text while it replaces spans, which come in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._pieces: list[str] = []

    def put(self, start: int, end: int, piece: str) -> None:
        self._pieces += (self._text[self._place : start], piece)
        self._place = end

    def done(self) -> str:
        return "".join((*self._pieces, self._text[self._place :]))


def _spans(low: str) -> list[tuple[int, int, str]]:
    """Return the places of groups, longest first where they overlap, in order of the text."""
    found = [
        (match.start(), match.end(), kind)
        for kind, pattern in _patterns()
        for match in pattern.finditer(low)
        if match.group()
    ]
    kept: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= other[0] or start >= other[1] for other in kept):
            kept.append((start, end, kind))
    return sorted(kept)


@cache
def group_words() -> dict[str, list[str]]:
    """Return the words for groups, as patterns, by kind; raises SettingsError for a bad line."""
    words: dict[str, list[str]] = {}
    for line in data_lines("groups.txt"):
        kind, *entries = (part.strip() for part in re.split(r"\s\|\s", line))
        plain = kind.removeprefix("es ")
        if plain not in (*MARKS, CLASS) or not entries:
            raise SettingsError(f"this is not a line of groups: {line[:60]}", where="groups.txt")
        words.setdefault(plain, []).extend(entries)
    return words


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = group_words()
    patterns = [(kind, re.compile(rf"\b(?:{'|'.join(words[kind])})\b")) for kind in _KINDS]
    origins = "|".join(sorted(set(words["origin"]), key=len, reverse=True))
    with_person = rf"\b(?:{origins})(?:(?:,| and| or| y| o)? (?:{origins}))* {_PERSON}\b"
    alone = rf"(?<=\bthe )(?:{origins}){_FUNCTION}|{_SINGULAR}(?:{origins}){_FUNCTION}"
    person_first = rf"\b{_PERSON} (?:{origins})\b"
    return (
        *patterns,
        ("origin", re.compile(rf"{with_person}|{alone}|{person_first}")),
        ("thing", re.compile(rf"\b(?:{origins})\b(?=[ -][a-z])")),
    )

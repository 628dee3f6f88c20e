"""Questions between two things, "Is it good or bad?": yes and no do not answer them."""

from __future__ import annotations

import re
from typing import Final

from acuerdo.questions.sides.english_words import AUXILIARIES, is_base

_ASKS_TWICE: Final = {
    "en": re.compile(
        r"\b(?:and|but),? if (?:so|not)\b|, (?:and|but) (?:should|is|are|does|do|would|will|can)"
        r" (?:it|we|they|you|he|she|there|the|this|that)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(r"\b(?:y|pero),? (?:en ese caso|si es así|de ser así)\b", re.IGNORECASE),
}
_OPPOSITES: Final = (
    ("more", "less"),
    ("more", "fewer"),
    ("better", "worse"),
    ("good", "bad"),
    ("good", "evil"),
    ("positive", "negative"),
    ("benefit", "burden"),
    ("benefit", "harm"),
    ("right", "wrong"),
    ("higher", "lower"),
    ("increase", "decrease"),
    ("increase", "reduce"),
    ("raise", "lower"),
    ("help", "harm"),
    ("help", "hurt"),
    ("stronger", "weaker"),
    ("bigger", "smaller"),
    ("larger", "smaller"),
    ("longer", "shorter"),
    ("faster", "slower"),
    ("inside", "outside"),
    ("in", "out"),
    ("easier", "harder"),
    ("for", "against"),
    ("too much", "too little"),
    ("too many", "too few"),
    ("too high", "too low"),
    ("fair", "unfair"),
    ("yes", "no"),
)
_PAIRS: Final = re.compile(
    "|".join(
        rf"\b{one} ?(?:\w+ ){{0,3}}?(?:or |/)(?:an? |just |net )*{other}\b"
        for pair in _OPPOSITES
        for one, other in (pair, pair[::-1])
    ),
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(
    r"\b(?:en)?(\w{4,}) or (?:dis|un|in|im|il|ir|non-?)\1\b", re.IGNORECASE
)
_ASKS_AGAIN: Final = re.compile(
    rf"\bor,? (?:rather )?(?:{'|'.join(sorted(AUXILIARIES))}) (?!not\b)", re.IGNORECASE
)
_OR_NOT: Final = re.compile(r"(?<!\bwhether)\bor not$", re.IGNORECASE)
_LAST_COMMA: Final = re.compile(r"^[^,]*, or (?:rather |instead |just |simply )?(\w+)[^,]*$")
_PREFERENCE: Final = re.compile(
    r"^(?:is|are|was|would|should|do|does|will)\b.*"
    r"\b(?:better|preferable|more \w+|prefer|rather|best)\b.* or ",
    re.IGNORECASE,
)


_OPPOSITES_ES: Final = (
    ("más", "menos"),
    ("mejor", "peor"),
    ("buen[oa]s?", "mal[oa]s?"),
    ("bueno", "malo"),
    ("positiv[oa]s?", "negativ[oa]s?"),
    ("just[oa]s?", "injust[oa]s?"),
    ("correct[oa]s?", "incorrect[oa]s?"),
    ("aumentar", "(?:reducir|disminuir|bajar)"),
    ("subir", "bajar"),
    ("a favor", "en contra"),
    ("sí", "no"),
)
_ALTERNATIVES_ES: Final = re.compile(
    "|".join(
        rf"\b{one} (?:\w+ ){{0,3}}?o (?:una? )?{other}\b"
        for pair in _OPPOSITES_ES
        for one, other in (pair, pair[::-1])
    )
    + r"|\bo (?:bien |más bien |en cambio )?(?:debería|deberían|deberíamos|habría que|es|son|sería"
    r"|hay que)\b|\bo más bien\b|(?<!\bsi) o no$"
    r"|^[^,]*, o (?:más bien |mejor )?\w+[aeií]r(?:se|l[aeo]s?)?\b[^,]*$"
    r"|\b(?:es|sería) (?:mejor|preferible)\b(?!.*\bque\b).* o ",
    re.IGNORECASE,
)


def asks_twice(question: str, language: str = "en") -> bool:
    """Say whether a second question follows in the same sentence: ", and if so, should it ..."."""
    return _ASKS_TWICE[language].search(" ".join(question.split())) is not None


def offers_alternatives(question: str, language: str = "en") -> bool:
    """Say whether a question lets one choose between two things, where that can be told.

    "or" between the members of a list is fine: "Should dogs or cats be allowed in shops?"
    """
    body = " ".join(question.split()).rstrip(" ?")
    if language == "es":
        return bool(_ALTERNATIVES_ES.search(body))
    if " or " not in body and "/" not in body:
        return False
    if _NEGATED.search(body):
        return True
    if _ASKS_AGAIN.search(body) or _OR_NOT.search(body) or _PAIRS.search(body):
        return True
    found = _LAST_COMMA.search(body)
    if found and is_base(found[1].casefold(), nouns=True):
        return True
    return bool(_PREFERENCE.search(body)) and not re.search(r"\b(?:than|if|that)\b", body)

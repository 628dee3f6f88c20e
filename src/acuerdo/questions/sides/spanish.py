"""Sides of a Spanish question: the subject before the verb again, and "no" before the verb.

Spanish asks with the words of a statement, often with the subject behind the verb. Where the end of
that subject is not plain, the order stays: a verb before its subject is a sentence in Spanish, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from acuerdo.questions.sides.alternatives import asks_twice, offers_alternatives
from acuerdo.questions.sides.sentence import Sides, as_sentence, joined
from acuerdo.questions.sides.spanish_words import (
    CLITICS,
    COPULAS,
    DETERMINERS,
    FINITE,
    IMPERSONAL,
    INTRANSITIVE,
    MODALS,
    NO_PHRASE,
    OPENERS,
    PLACE_AND_TIME,
    PREDICATE_MARKS,
    PREPOSITIONS,
    SUBJECT_BREAKS,
    VERBS,
    is_infinitive,
    is_plural,
    plain,
)

_ASKS_FOR_A_VIEW: Final = re.compile(
    r"(?:(?:tú )?(?:no )?(?:crees|piensas|opinas|consideras|sostienes|creéis|pensáis|opináis)"
    r"|(?:no )?(?:cree|piensa|opina|considera)n?(?: usted(?:es)?)?"
    r"|te parece|estás de acuerdo en|dirías|es (?:verdad|cierto)|a tu juicio,|en tu opinión,"
    r")(?: que)? ",
    re.IGNORECASE,
)
_NO_ONE: Final = frozenset(("nadie", "ningún", "ninguna", "ninguno", "nunca", "tampoco"))
_ALL: Final = frozenset(("todos", "todas", "toda", "cada"))
_NOT_A_SUBJECT: Final = frozenset(("un", "una", "unos", "unas", "más", "menos"))


@dataclass(frozen=True, slots=True)
class _Clause:
    """A statement in its parts: "Las empresas" + "se" + "deberían" + "reunir cada año"."""

    subject: str
    clitics: str
    verb: str
    rest: str


def spanish_sides(question: str, capitals: bool = False) -> Sides | None:
    """Return the sides of a Spanish question, None where the rules are not sure of them."""
    lead, _, asked = " ".join(question.split()).rpartition("¿")
    body = asked.strip().rstrip(" ?!.")
    if not body or "?" in lead + body or (lead and not lead.rstrip().endswith(",")):
        return None
    if offers_alternatives(body, "es") or asks_twice(body, "es"):
        return None
    if _ASKS_FOR_A_VIEW.fullmatch(lead):
        lead = ""
    opening = _ASKS_FOR_A_VIEW.match(body)
    clause = _read(body[opening.end() :] if opening else body)
    if clause is None:
        return None
    quantity = plain(clause.subject.partition(" ")[0])
    # "¿Debería el Estado no ...?" asks whether it should not: to deny it is to affirm the rest.
    if quantity in _NO_ONE or clause.subject.endswith(" no"):
        return None
    denied = "NO" if capitals else "no"
    verb = (clause.clitics, clause.verb, clause.rest)
    if quantity in _ALL:
        negating = joined(lead, denied, _lowered(clause.subject), *verb)
    else:
        negating = joined(lead, clause.subject, denied, *verb)
    return Sides(as_sentence(joined(lead, clause.subject, *verb)), as_sentence(negating))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def has_spanish_verb(body: str) -> bool:
    """Say whether a known verb of a sentence stands in the words of a Spanish question."""
    return any(plain(word) in VERBS or FINITE.search(plain(word)) for word in body.split())


def _read(body: str) -> _Clause | None:
    words = body.split()
    at = _main_verb(words)
    if at < 0 or at + 1 >= len(words):
        return None
    first = at
    while first and plain(words[first - 1]) in CLITICS and first - 1 not in _articles(words):
        first -= 1
    subject, clitics = words[:first], words[first:at]
    if subject and plain(subject[-1]) == "no":
        # "¿No deberíamos ...?" asks the same as "¿Deberíamos ...?".
        if len(subject) > 1:
            return None
        subject = []
    if subject:
        return _clause(subject, clitics, words[at], words[at + 1 :])
    return _verb_first(clitics, words[at], words[at + 1 :])


def _clause(subject: list[str], clitics: list[str], verb: str, rest: list[str]) -> _Clause:
    moved = verb[:1].lower() + verb[1:]
    return _Clause(" ".join(subject), " ".join(clitics).lower(), moved, " ".join(rest))


def _articles(words: list[str]) -> frozenset[int]:
    """Return where "la", "los", "las" stand before a noun, not before a verb."""
    return frozenset(
        place
        for place, word in enumerate(words[:-1])
        if plain(word) in ("la", "los", "las", "lo") and plain(words[place + 1]) not in VERBS
    )


def _main_verb(words: list[str]) -> int:
    """Return where the verb of the sentence stands, -1 if that cannot be told.

    Each "que" or "quien" before it takes a verb of its own, which stands right behind it unless a
    phrase begins there.
    """
    waiting = 0
    for place, word in enumerate(words):
        name = plain(word)
        if name in OPENERS and place + 1 < len(words):
            following = next(
                (plain(other) for other in words[place + 1 :] if plain(other) not in CLITICS),
                "",
            )
            waiting += following in DETERMINERS | VERBS
        elif name in VERBS and not _after_determiner(words, place):
            if not waiting:
                return place
            waiting -= 1
    return -1


def _after_determiner(words: list[str], place: int) -> bool:
    return place > 0 and plain(words[place - 1]) in DETERMINERS - CLITICS


def _verb_first(clitics: list[str], verb: str, rest: list[str]) -> _Clause | None:
    name = plain(verb)
    unmoved = _clause([], clitics, verb, rest)
    if clitics or name in IMPERSONAL:
        return unmoved
    if name in MODALS:
        return _after_modal(verb, rest)
    first = plain(rest[0])
    if name in COPULAS:
        if first not in DETERMINERS or first in _NOT_A_SUBJECT:
            return unmoved
        end = _predicate_start(rest)
        return _clause(rest[:end], [], verb, rest[end:]) if end else None
    return None if first in DETERMINERS or rest[0][:1].isupper() else unmoved


def _after_modal(verb: str, rest: list[str]) -> _Clause | None:
    """Read "Deberían las empresas abrir ..." and "Deberían prohibirse las bolsas ..."."""
    for place, word in enumerate(rest):
        name = plain(word)
        if name == "que" and plain(verb).startswith(("tendr", "tien")):
            return _clause(rest[:place], [], verb, rest[place:])
        before = plain(rest[place - 1]) if place else ""
        if is_infinitive(name) and before not in PREPOSITIONS | (DETERMINERS - {"todos", "todas"}):
            if place:
                return _clause(rest[:place], [], verb, rest[place:])
            return _subject_last(verb, rest)
    return None


def _subject_last(verb: str, rest: list[str]) -> _Clause:
    """Bring a subject that stands behind the infinitive to the front, if it is plain."""
    unmoved = _clause([], [], verb, rest)
    if not (plain(rest[0]).endswith("se") or plain(rest[0]) in INTRANSITIVE):
        return unmoved
    start = next((place for place in range(1, len(rest)) if _begins_phrase(rest, place)), 0)
    if not start or is_plural(rest[start]) is not is_plural(verb) or _is_impersonal(rest[:start]):
        return unmoved
    end = _subject_break(rest, start)
    another = next((place for place in range(start + 1, end) if _begins_phrase(rest, place)), end)
    if another < end and not _opens_clause(rest[start:another]):
        if plain(rest[0]) in INTRANSITIVE:
            return unmoved
        end = another
    return _clause(rest[start:end], [], verb, [*rest[:start], *rest[end:]])


def _opens_clause(words: list[str]) -> bool:
    return any(plain(word) in OPENERS for word in words)


def _begins_phrase(rest: list[str], place: int) -> bool:
    """Say whether a phrase begins here that no preposition governs."""
    before = plain(rest[place - 1])
    if before in ("todos", "todas") and plain(rest[place - 2]) in PREPOSITIONS:
        before = ""
    bound = before in PREPOSITIONS | DETERMINERS | OPENERS
    return plain(rest[place]) in DETERMINERS - NO_PHRASE and not bound


def _is_impersonal(between: list[str]) -> bool:
    """Say whether a clause or an infinitive is the subject: "permitirse fumar", "pagarse a los"."""
    names = [plain(word) for word in between]
    return any(
        name in OPENERS or (is_infinitive(name) and before not in PREPOSITIONS)
        for before, name in pairwise(names)
    )


def _subject_break(rest: list[str], start: int) -> int:
    """Return where a clause or a circumstance begins that is not part of the subject.

    A circumstance of place belongs to the verb ("prohibirse en los parques"), unless the verb has a
    complement before its subject already, or the subject a clause of its own.
    """
    for place in range(start + 1, len(rest)):
        word, following = plain(rest[place]), plain(" ".join(rest[place + 1 : place + 2]))
        purpose = word in ("para", "sin") and (following == "que" or is_infinitive(following))
        apart = word in PLACE_AND_TIME and start == 1 and not _opens_clause(rest[start:place])
        if word in SUBJECT_BREAKS or purpose or apart or rest[place - 1].endswith(","):
            return place
    return len(rest)


def _predicate_start(rest: list[str]) -> int:
    """Return where the predicate begins behind "Es la educación pública", 0 if not plain."""
    for place in range(2, len(rest)):
        if plain(rest[place]) in PREDICATE_MARKS and plain(rest[place - 1]) not in PREPOSITIONS:
            return place
    return 0

"""Sides of an English question: its inversion undone, and the answer "no" as a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from acuerdo.questions.sides.alternatives import asks_twice, offers_alternatives
from acuerdo.questions.sides.english_words import (
    AUXILIARIES,
    MODALS,
    TO_BE,
    TO_DO,
    TO_HAVE,
    Kind,
    Token,
    base_of,
    is_base,
    kinds,
    past_tense,
    plain,
    third_person,
    tokens,
)
from acuerdo.questions.sides.sentence import Sides, as_sentence, joined
from acuerdo.questions.sides.subject_costs import Frame
from acuerdo.questions.sides.subjects import CLEAR, subject_end

_ASKS_FOR_A_VIEW: Final = re.compile(
    r"(?:"
    r"(?:do|don't|would) you (?:(?:personally|really|generally|also|still) )?"
    r"(?:(?:think|believe)(?: that)?|(?:agree|feel|say|consider|accept) that)"
    r"|(?:are you of the opinion|is it your (?:view|opinion)|is it (?:true|the case)) that"
    r"|in your (?:view|opinion),"
    r") (?!in |of |about |with |so$)",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(rf",\s+(?=(?:{'|'.join(sorted(AUXILIARIES))})\b)", re.IGNORECASE)
_CONTRACTED: Final = re.compile(r"(\w+)n't", re.IGNORECASE)
_IRREGULAR_CONTRACTIONS: Final = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_ALONE: Final = frozenset(["i", "we", "you", "he", "she", "it", "they", "there"])
"""Subjects that no word can lengthen, but for these."""
_LENGTHENS: Final = frozenset(["and", "or", "who", "whose"])
_NOBODY: Final = frozenset(
    ["no", "nobody", "none", "neither", "nothing", "no-one", "few", "little", "hardly", "only"]
)
_ALL: Final = frozenset(["all", "every", "everyone", "everybody", "everything", "each"])
_ANY: Final = {"anyone": "no one", "anybody": "nobody", "anything": "nothing", "any": "no"}
_ANY_THING: Final = {**_ANY, "something": "nothing", "someone": "no one", "any": "no"}
_ANY_FIRST: Final = re.compile(r"^((?:\w+ )?)any(?=\b|thing|one|body)")
_AT_ALL: Final = re.compile(r"^(?!.*\bno\b)(.*?),? at all$")
_NOT_AFTER_THERE: Final = frozenset(
    ["too", "enough", "still", "only", "more", "less", "fewer", "as", "so", "always", "many"]
)
"""After "there is" these are negated with "not", other words with "no"."""
_YOUR: Final = {"your": "my", "yourself": "myself", "yours": "mine"}


@dataclass(frozen=True, slots=True)
class _Clause:
    """A statement in its parts: "We" + "should" + "ban cars"; `lead` comes before ("If so,").

    `verb` is "" for a plain verb; then `predicate` begins with its base form, and `tense` is the
    auxiliary that asks and denies it: do, does or did.
    """

    lead: str
    subject: str
    verb: str
    predicate: str
    tense: str = ""


def english_sides(question: str, capitals: bool = False) -> Sides | None:
    """Return the sides of an English question, None where the rules are not sure of them.

    `capitals` writes "NOT" and "NEVER", as corpora do in which readers must not miss the word.
    """
    body = " ".join(question.replace("’", "'").split()).rstrip(" ?!.")
    if not body or "?" in body or offers_alternatives(body) or asks_twice(body):
        return None
    clause = _read(body)
    if clause is None:
        return None
    affirming, negating = _affirmed(clause), _negated(clause)
    if not negating:
        return None
    if capitals:
        negating = re.sub(
            r"\b(?:not|never)\b", lambda match: match.group().upper(), negating, count=1
        )
    return Sides(as_sentence(affirming), as_sentence(negating))


def begins_with_auxiliary(question: str) -> bool:
    """Say whether an English question begins with an auxiliary, or has one behind a comma."""
    body = " ".join(question.replace("’", "'").split())
    return bool(_auxiliary(body.partition(" ")[0]) or _LEAD.search(body))


def _read(body: str) -> _Clause | None:
    opening = _ASKS_FOR_A_VIEW.match(body)
    if opening:
        body = body[opening.end() :]
        if not _auxiliary(body.partition(" ")[0]):
            return _read_statement(body)
    first, _, rest = body.partition(" ")
    verb = _auxiliary(first)
    if verb:
        return _read_question("", verb, rest)
    found = _LEAD.search(body)
    if found is None:
        return None
    first, _, rest = body[found.end() :].partition(" ")
    return _read_question(body[: found.end()], _auxiliary(first), rest)


def _auxiliary(word: str) -> str:
    """Return the auxiliary that a word is, also contracted with "not"; "" if it is none."""
    word = plain(word)
    contracted = _CONTRACTED.fullmatch(word)
    if contracted:
        word = _IRREGULAR_CONTRACTIONS.get(contracted[1], contracted[1])
    return word if word in AUXILIARIES else ""


def _read_question(lead: str, verb: str, rest: str) -> _Clause | None:
    words = tokens(rest)
    if len(words) < 2:
        return None
    at = _subject_length(words, _frame(verb))
    if not at:
        return None
    subject, predicate = rest[: words[at - 1].end], rest[words[at].start :]
    if plain(subject) == "you" and verb not in MODALS - {"would", "will"}:
        # "Do you support ...?" asks the reader; "Should you tell ...?" asks about people.
        subject = "I"
        verb = {"are": "am", "were": "was"}.get(verb, verb)
        predicate = " ".join(_YOUR.get(word, word) for word in predicate.split())
    if verb in TO_DO:
        return _Clause(lead, subject, "", predicate, tense=verb)
    return _Clause(lead, subject, verb, predicate)


def _frame(verb: str) -> Frame:
    if verb == "ought":
        return Frame.TO
    if verb in TO_BE:
        return Frame.BE
    return Frame.HAVE if verb in TO_HAVE else Frame.BARE


def _subject_length(words: list[Token], frame: Frame) -> int:
    """Return of how many words the subject is, 0 if that is not clear."""
    if words[0].word in _ALONE and words[1].word not in _LENGTHENS:
        return 1
    found = subject_end(words, frame)
    return found.at if found and found.margin >= CLEAR else 0


def _read_statement(text: str) -> _Clause | None:
    """Read "the town should act", which stands the right way round already."""
    words = tokens(text)
    if len(words) < 2:
        return None
    at = _subject_length(words, Frame.FINITE)
    place = at
    while 0 < place < len(words) and words[place].kind & Kind.ADVERB:
        place += 1
    if not at or place == len(words):
        return None
    subject, verb = text[: words[at - 1].end], words[place].word
    before, after = text[words[at].start : words[place].start], text[words[place].end :]
    if verb in AUXILIARIES - TO_DO:
        return _Clause("", subject, verb, joined(before, after))
    base = base_of(verb)
    if base:
        return _Clause("", subject, "", joined(before, base, after), tense="does")
    if is_base(verb, nouns=True):
        return _Clause("", subject, "", joined(before, verb, after), tense="do")
    return None


def _affirmed(clause: _Clause) -> str:
    clause = _with_some(replace(clause, predicate=_AT_ALL.sub(r"\1", clause.predicate)))
    if clause.verb:
        return joined(clause.lead, clause.subject, clause.verb, clause.predicate)
    return joined(clause.lead, clause.subject, _inflected(clause))


def _with_some(clause: _Clause) -> _Clause:
    """Put "sometimes" for "ever" and "some" for "any" where an answer "yes" would."""
    first, _, rest = clause.predicate.partition(" ")
    if first == "ever":
        return replace(
            clause, predicate=f"{'some day' if clause.verb == 'will' else 'sometimes'} {rest}"
        )
    exists = plain(clause.subject) == "there" or clause.tense or clause.verb in TO_HAVE
    if exists or clause.predicate.startswith("have any"):
        return replace(clause, predicate=_ANY_FIRST.sub(r"\1some", clause.predicate))
    return clause


def _inflected(clause: _Clause) -> str:
    """Return the predicate with its first verb in the form that the tense asks for."""
    if clause.tense == "do" or plain(clause.subject) == "i":
        return clause.predicate
    found = clause.predicate.split(" ")
    for place, word in enumerate(found):
        base = plain(word)
        if kinds(base) & Kind.ADVERB and place + 1 < len(found) and not is_base(base):
            continue
        form = past_tense(base) if clause.tense == "did" else third_person(base)
        found[place] = word.replace(base, form, 1)
        break
    return " ".join(found)


def _negated(clause: _Clause) -> str:
    """Return what "no" holds, "" where a "not" would not say it."""
    first, _, others = clause.subject.partition(" ")
    quantity = plain(first)
    word, _, rest = clause.predicate.partition(" ")
    if quantity in _NOBODY:
        return ""
    if word == "not":
        return _affirmed(replace(clause, predicate=rest))
    if quantity in _ALL:
        return joined(clause.lead, "not", _lowered(clause.subject), _stated(clause))
    if quantity in _ANY:
        return joined(clause.lead, _ANY[quantity], others, _stated(clause))
    return joined(clause.lead, clause.subject, _denied(clause, quantity, word, rest))


def _denied(clause: _Clause, quantity: str, word: str, rest: str) -> str:
    """Return the negated verb with its predicate, which is `word` and then `rest`."""
    verb = clause.verb or clause.tense
    if word == "ever":
        return joined(clause.verb, "never", rest)
    if quantity == "there" and verb in TO_BE and word not in _NOT_AFTER_THERE:
        if word in _ANY_THING:
            return joined(verb, _ANY_THING[word], rest)
        return joined(verb, "no", rest if word in ("a", "an", "some") else clause.predicate)
    if verb == "can":
        return joined("cannot", clause.predicate)
    # "must not" would forbid; who says no to "must" says that it need not be.
    return joined("need" if verb == "must" else verb, "not", clause.predicate)


def _stated(clause: _Clause) -> str:
    return joined(clause.verb, clause.predicate) if clause.verb else _inflected(clause)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]

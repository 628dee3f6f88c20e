"""Whether a text is a proper debate question: one sentence that "yes" or "no" answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from acuerdo.domain.text import canonical, sentences, words
from acuerdo.questions.openings import asks_openly, opens_for_yes_or_no
from acuerdo.questions.sides import asks_twice, offers_alternatives

FEWEST_WORDS: Final = 4
MOST_WORDS: Final = 40
MOST_CHARACTERS: Final = 240
LONGEST_CLEANED: Final = 1000
"""Characters above which only spaces are tidied."""

FORM_FAULTS: Final[Mapping[str, str]] = {
    "empty": "There is no text in it.",
    "control_characters": "It holds invisible or control characters.",
    "too_long": f"It has more than {MOST_WORDS} words or {MOST_CHARACTERS} characters.",
    "too_short": f"It has fewer than {FEWEST_WORDS} words.",
    "wrong_script": "Its letters are not those of its language.",
    "placeholder": "It holds a gap to be filled in, or trails off.",
    "not_a_question": "It does not end with a question mark.",
    "no_opening_mark": "A Spanish question begins with “¿”.",
    "several_questions": "It asks more than one question.",
    "several_sentences": "It is more than one sentence.",
    "refers_to_prompt": "It speaks of a text that its readers do not see.",
    "open_question": "It asks how, what or why: yes and no are no answers to it.",
    "not_yes_or_no": "It does not begin like a question that yes or no answers.",
    "either_or": "It lets one choose between two things: yes and no are no answers to it.",
}
"""Reasons that `form_fault` gives, in words for people."""

_LISTED: Final = re.compile(
    r"^(?:[-*•–—‣▪+>#]+(?=\s|\*|[^\W\d_]|¿)|\(?\d{1,4}\s?[.):](?!\d)|\(?[a-zA-Z][.)]|\[\d{1,4}\])\s*"
)
_LABEL: Final = re.compile(
    r"^(?:(?:debate |discussion |seed |new |nueva )*(?:question|pregunta|q|p)"
    r"(?: de debate)?\s*#?\d{0,4}\s*[:.)]|(?:question|pregunta)\s*#?\d{1,4}\s*[-–—])\s*",
    re.IGNORECASE,
)
_MARKDOWN: Final = re.compile(r"(?<!\w)[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?!\w)")
_INVISIBLE: Final = frozenset(("Cc", "Cf", "Cs", "Co"))
# "etc.)" ends no sentence.
_BRACKETS: Final = re.compile(r"[()]")
_QUOTES: Final = "\"“”„«»‘’'`"
_PLACEHOLDER: Final = re.compile(
    r"\[[^\]]*\]|<[^>]*>|\{[^}]*\}|_{2,}|…|\.\.\.|\bX{1,3}\b|\b(?:TBD|TO-?DO|XYZ)\b"
    r"|\b(?:insert|inserte) \w+ (?:here|aquí)\b"
)
_OF_THE_PROMPT: Final = re.compile(
    r"\b(?:th(?:is|ese|e following|e previous) (?:question|statement|text|passage|list|example)s?"
    r"|the above|mentioned above|above-mentioned|the (?:example|seed) questions?"
    r"|est[ea]s? (?:pregunta|afirmación|texto|lista|ejemplo)s?|(?:la|las) anterior(?:es)?"
    r"|lo anterior|mencionad[oa]s? (?:arriba|antes|anteriormente))\b",
    re.IGNORECASE,
)


def cleaned(text: str) -> str:
    """Return a question as models and files mean it: one line, nothing around it.

    Takes off numbers and bullets of lists, labels ("Question 3:"), quotation marks around the
    whole, Markdown, and repeated question marks. Never changes the words.

    >>> cleaned(' 12. **"Should  shops close on Sundays??"** ')
    'Should shops close on Sundays?'
    """
    line = " ".join(canonical(text).split())
    # A longer text is no question, whatever is around it.
    while len(line) <= LONGEST_CLEANED:
        shorter = _MARKDOWN.sub("", _LABEL.sub("", _LISTED.sub("", line, count=1), count=1)).strip()
        shorter = _unquoted(shorter)
        if shorter == line:
            return re.sub(r"\s*\?[?\s]*$", "?", line)
        line = shorter
    return line


def _unquoted(line: str) -> str:
    """Take off quotation marks that stand around the whole, or at its end without a beginning."""
    if len(line) > 1 and line[0] in _QUOTES and line[-1] in _QUOTES + ",":
        return line.rstrip(",")[1:-1].strip()
    if line.endswith(('?"', "?”", "?»", "?'", "?’")) and not any(
        mark in line[:-1] for mark in '"“”„«»'
    ):
        return line[:-1].strip()
    return line


def form_fault(text: str, language: str = "en") -> str:
    """Return what keeps a text from being a debate question (a key of FORM_FAULTS), "" if nothing.

    The text is judged as it stands: call `cleaned` first on what a model or a file brings. Openings
    and alternatives are known for English and Spanish; questions in other languages are judged by
    length, marks and sentences alone. Whether the text is in `language` is not asked, only whether
    its letters can be.
    """
    fault = _fault_of_characters(text)
    if fault:
        return fault
    return _fault_of_sentence(text) or _fault_of_asking(text, language)


def _fault_of_characters(text: str) -> str:
    said = text[: MOST_CHARACTERS + 1]
    number = len(words(said))
    checks = (
        ("empty", number == 0 and not text.strip()),
        ("control_characters", any(unicodedata.category(one) in _INVISIBLE for one in said)),
        ("too_long", len(text) > MOST_CHARACTERS or number > MOST_WORDS),
        ("empty", number == 0),
    )
    return next((fault for fault, applies in checks if applies), "")


def _fault_of_sentence(text: str) -> str:
    stripped = text.strip()
    marks = stripped.count("?") + stripped.count("？")
    checks = (
        ("placeholder", _PLACEHOLDER.search(stripped) is not None),
        ("not_a_question", not stripped.endswith(("?", "？", "؟"))),
        ("several_questions", marks > 1),
        ("several_sentences", len(sentences(_BRACKETS.sub("", stripped))) > 1 or "\n" in stripped),
        ("too_short", len(words(stripped)) < FEWEST_WORDS),
        ("refers_to_prompt", _OF_THE_PROMPT.search(stripped) is not None),
    )
    return next((fault for fault, applies in checks if applies), "")


def _fault_of_asking(text: str, language: str) -> str:
    if language not in ("en", "es"):
        return ""
    checks = (
        ("wrong_script", not _is_latin(text)),
        ("no_opening_mark", language == "es" and text.count("¿") != 1),
        ("open_question", asks_openly(text, language)),
        ("not_yes_or_no", not opens_for_yes_or_no(text, language)),
        ("several_questions", asks_twice(text, language)),
        ("either_or", offers_alternatives(text, language)),
    )
    return next((fault for fault, applies in checks if applies), "")


def _is_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return latin >= 0.9 * len(letters)

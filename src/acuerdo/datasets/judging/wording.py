"""What a conversation was about in one line, and in which language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from acuerdo.domain.text import canonical

MAX_QUESTION_CHARACTERS: Final = 300

_EMPHASIS: Final = re.compile(r"\*+|__+|(?<!\w)_|_(?!\w)|~~+|`+|^#+\s*", re.MULTILINE)
_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")

# The commonest words that hardly occur in the other languages listed here.
_FUNCTION_WORDS: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the and of to is that for it with be are this should not they have more we",
        "de": "der die und das nicht ist für auf mit ein eine sollte werden den zu wir auch dem",
        "fr": "le les et des est pas pour dans une que du qui sur sont il nous plus avec",
        "es": "el los y que las por una para con del se más como pero son sus debería hay",
        "pt": "o os que não uma para com do da em mais são como dos ao ser deve muito",
        "it": "il che di e per non una sono della con del gli più anche essere nel alla come",
        "nl": "het een van en niet dat zijn voor met op te ook moeten worden maar aan bij wij",
        "pl": "nie jest się na że do w z i to być dla jak powinno oraz przez są ale",
        "tr": "ve bir bu için ile çok daha olarak gibi ama ne değil olan var kadar her sonra",
        "da": "det og ikke til at som med på af skal jeg har være kan vi også den fra",
        "fi": "ja on ei se että ovat olla mutta myös kun kuin niin tai ole tämä pitäisi",
    }.items()
}
_SCRIPTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)


def question_text(title: str, description: str = "") -> str:
    """Return "title: description" on one line, without markdown emphasis.

    At most 300 characters, cut after a word.
    """
    parts = (_plain(title), _plain(description))
    text = ": ".join(part for part in parts if part)
    if len(text) <= MAX_QUESTION_CHARACTERS:
        return text
    cut = text[: MAX_QUESTION_CHARACTERS + 1]
    space = cut.rfind(" ")
    # Scripts without spaces are cut where the space runs out.
    short = cut[:space] if space > MAX_QUESTION_CHARACTERS // 2 else cut[:-1]
    return short.rstrip(" ,;:–—-")


def language_of(texts: Iterable[str]) -> str:
    """Return the ISO 639-1 code of the language that most of the texts are in, "" if unclear.

    Made for many texts of one conversation: scripts decide first, then common function words.

    >>> language_of(["We should plant trees.", "The buses are late and it is not fair."])
    'en'
    """
    joined = "\n".join(texts).casefold()
    letters = sum(letter.isalpha() for letter in joined)
    for language, script in _SCRIPTS:
        if letters and len(script.findall(joined)) > 0.2 * letters:
            return language
    words = Counter(re.findall(r"[^\W\d_]+", joined))
    shares = {
        language: sum(words[word] for word in known) for language, known in _FUNCTION_WORDS.items()
    }
    best, second = sorted(shares, key=lambda language: -shares[language])[:2]
    clear = shares[best] >= 0.1 * words.total() and shares[best] > 1.5 * shares[second]
    return best if words and clear else ""


def _plain(text: str) -> str:
    without_marks = _EMPHASIS.sub("", _LINK.sub(r"\1", text)).replace('""', '"')
    return " ".join(canonical(without_marks).split())

"""Which language a text is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from acuerdo.domain.statements import Rejection
from acuerdo.domain.text import words
from acuerdo.ports import Screening

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES: Final = (
    *("ar", "ca", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hu", "id", "it", "ja"),
    *("ko", "nb", "nl", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"),
)
"""ISO 639-1 codes that are told apart: the sentence encoder's sixteen and their neighbours."""

MIN_WORDS: Final = 12
"""Shorter texts are never called foreign: names and loan words weigh too much in them."""
FOREIGN_CONFIDENCE: Final = 0.9
EXPECTED_CONFIDENCE: Final = 0.05
CLEAR_MAJORITY: Final = 0.55
_SYNONYMS: Final = {"no": "nb", "nn": "nb", "iw": "he"}


def detect_language(texts: Sequence[str]) -> str:
    """Return the ISO 639-1 code most texts are written in, "" if that is unclear.

    Every text has one vote, divided by confidence; the winner needs a clear majority.
    """
    votes: dict[str, float] = {}
    for text in texts:
        for code, confidence in _confidences(text).items():
            votes[code] = votes.get(code, 0.0) + confidence
    total = sum(votes.values())
    if not total:
        return ""
    best = max(votes, key=lambda code: votes[code])
    return best if votes[best] > CLEAR_MAJORITY * total else ""


def wrong_language(text: str, screening: Screening) -> Rejection | None:
    """Object to a text that is clearly in another language than the round's."""
    asked = screening.round.question.language.lower().split("-")[0]
    expected = _SYNONYMS.get(asked, asked)
    if expected not in LANGUAGES or len(words(text)) < MIN_WORDS:
        return None
    confidences = _confidences(text)
    if not confidences:
        return None
    found = max(confidences, key=lambda code: confidences[code])
    clearly_foreign = (
        found != expected
        and confidences[found] >= FOREIGN_CONFIDENCE
        and confidences.get(expected, 0.0) <= EXPECTED_CONFIDENCE
    )
    if not clearly_foreign:
        return None
    return Rejection(
        "wrong_language", f"It is written in another language ({found}) than asked for ({asked})."
    )


def _confidences(text: str) -> Mapping[str, float]:
    """Return the languages a text may be written in; values sum to 1, empty if none can be told."""
    found = _detector().compute_language_confidence_values(text)
    return {
        value.language.iso_code_639_1.name.lower(): value.value
        for value in found
        if value.value > 0
    }


@cache
def _detector() -> LanguageDetector:
    """Build the one detector of this process: about 40 MB, a fifth of a second.

    The high-accuracy models would take half a gigabyte and only help on texts of a few words,
    which are not judged anyway.
    """
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder  # noqa: PLC0415

    languages = [
        Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in LANGUAGES
    ]
    return (
        LanguageDetectorBuilder.from_languages(*languages)
        .with_low_accuracy_mode()
        .with_preloaded_language_models()
        .build()
    )

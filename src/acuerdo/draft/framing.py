"""How quoted sentences are set: an opening in the language of the round, then quotes."""

from __future__ import annotations

from typing import Final

OPENINGS: Final = {
    "ca": "Això és el que volem que s'escolti, amb les nostres paraules.",
    "de": "Das soll gehört werden, in unseren eigenen Worten.",
    "en": "This is what we want to be heard, in our own words.",
    "es": "Esto es lo que queremos que se escuche, con nuestras propias palabras.",
    "fr": "Voilà ce que nous voulons faire entendre, avec nos propres mots.",
    "it": "Questo è ciò che vogliamo far sentire, con parole nostre.",
    "nl": "Dit willen wij laten horen, in onze eigen woorden.",
    "pl": "Oto co chcemy powiedzieć, własnymi słowami.",
    "pt": "Isto é o que queremos que seja ouvido, com as nossas próprias palavras.",
    "sv": "Det här vill vi ska höras, med våra egna ord.",
}
_ENDS: Final = (".", "!", "?", "…", "。", "！", "？", "؟")


def opening(language: str) -> str:
    """Return the sentence that introduces quotes; "" where there is none in this language."""
    return OPENINGS.get(language.lower().split("-")[0], "")


def quoted(sentences: list[str]) -> str:
    """Return one person's sentences as one quote, each ended by a mark.

    >>> quoted(["First better buses", "Then a ban!"])
    '“First better buses. Then a ban!”'
    """
    return f"“{' '.join(ended(sentence) for sentence in sentences)}”"


def ended(sentence: str) -> str:
    """Return a sentence with a mark at its end."""
    return sentence if sentence.endswith(_ENDS) else f"{sentence.rstrip(' ,;:')}."


def bare(sentence: str) -> str:
    """Return a sentence without the quote marks around it."""
    return sentence.strip(' “”"«»„')

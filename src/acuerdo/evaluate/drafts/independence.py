"""Who may judge drafts: a predictor that chose none of them and has not seen the questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.text import comparable
from acuerdo.evaluate.drafts.measures.cues import stem

_ASKING: Final = frozenset(map(stem, ("do", "does", "did")))
"""Words that make a question of a sentence and say nothing themselves."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a predictor: its name in the run file, hashes of its weights, and the
    questions it was trained on, each as its words. Without a card there are neither."""

    name: str
    weights: frozenset[str] = frozenset()
    questions: frozenset[frozenset[str]] = frozenset()

    @classmethod
    def from_card(cls, name: str, card: Mapping[str, Any]) -> Known:
        """Read the card of a trained predictor; what it does not say is not known."""
        hashes, data = card.get("sha256"), card.get("data")
        weights = hashes.values() if isinstance(hashes, dict) else ()
        tables = [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
        seen = (text for table in tables for text in table.get("conversations") or ())
        return cls(name, frozenset(map(str, weights)), frozenset(meant(str(t)) for t in seen))


def meant(question: str) -> frozenset[str]:
    """Return the words of a question without the endings that asking changes.

    "We should ban zoos" and "Should we ban zoos?" are one question, and so are "Homeopathy brings
    more harm than good" and "Does homeopathy bring more harm than good?".
    """
    return frozenset(stem(word) for word in comparable(question).split()) - _ASKING


def check_apart(judge: Known, choosers: Iterable[Known], where: str = "measuring") -> None:
    """Raise SettingsError if the predictor that judges is one of those that choose."""
    for chooser in choosers:
        if judge.name == chooser.name or judge.weights & chooser.weights:
            raise SettingsError(
                f"the predictor that judges, {judge.name!r}, is the one that chooses drafts "
                f"({chooser.name!r}): it would praise its own choice",
                where=where,
                fix="Name another one, such as the folder of a cross-encoder "
                "(acuerdo train predictor runs/predictor_cross_encoder.toml).",
            )


def check_unseen(known: Known, questions: Iterable[str], where: str = "measuring") -> None:
    """Raise SettingsError if a predictor was trained on one of these questions, by its card."""
    for question in questions:
        if meant(question) in known.questions:
            raise SettingsError(
                f"the predictor {known.name!r} was trained on the held-out question {question!r}",
                where=where,
                fix="Train one with the same splits, so that it has not seen these questions.",
            )

"""Drafts that are copies: of an accepted draft, of an opinion, of the prompt's example."""

from __future__ import annotations

from collections import Counter
from typing import Final

from acuerdo.domain.statements import Rejection
from acuerdo.domain.text import comparable, words
from acuerdo.ports import Screening

SAME_DRAFT: Final = 0.9
"""Share of word pairs two drafts have in common from which they count as the same."""
SAME_OPINION: Final = 0.8
"""Share of a draft's word triples found in one single opinion from which it is a copy of it."""
SAME_EXAMPLE: Final = 0.3
"""The same for the prompt's example, which has nothing to do with the question."""
MIN_EXAMPLE_RUNS: Final = 8
"""Fewer triples in common with the example than this are a turn of phrase ("a trial of a year")."""
_LABEL_LENGTH: Final = 60


def copy_of_draft(text: str, screening: Screening) -> Rejection | None:
    """Object to a draft that says the same as an accepted one, in nearly the same words."""
    pairs = _runs(text, 2)
    for accepted in screening.accepted:
        if (
            comparable(text) == comparable(accepted)
            or _overlap(pairs, _runs(accepted, 2)) >= SAME_DRAFT
        ):
            return Rejection("copy_of_draft", f"It repeats another draft: “{_beginning(accepted)}”")
    return None


def copy_of_opinion(text: str, screening: Screening) -> Rejection | None:
    """Object to a draft that is one person's opinion instead of the group's statement.

    Sentences taken from several opinions are no copy; nearly all words from one opinion are.
    """
    triples = _runs(text, 3)
    for opinion in screening.round.opinions:
        if (
            comparable(text) == comparable(opinion.text)
            or _contained(triples, _runs(opinion.text, 3)) >= SAME_OPINION
        ):
            return Rejection(
                "copy_of_opinion", f"It is one person's opinion: “{_beginning(opinion.text)}”"
            )
    return None


def copy_of_example(text: str, screening: Screening) -> Rejection | None:
    """Object to a draft that repeats the example of the prompt."""
    if not screening.example:
        return None
    triples, shown = _runs(text, 3), _runs(screening.example, 3)
    if (triples & shown).total() < MIN_EXAMPLE_RUNS or _contained(triples, shown) < SAME_EXAMPLE:
        return None
    return Rejection("copy_of_example", "It repeats the example that the model was shown.")


def _runs(text: str, length: int) -> Counter[tuple[str, ...]]:
    """Return the runs of `length` words, ignoring case and punctuation."""
    spoken = words(comparable(text))
    return Counter(zip(*(spoken[start:] for start in range(length)), strict=False))


def _contained(part: Counter[tuple[str, ...]], whole: Counter[tuple[str, ...]]) -> float:
    """Return the share of `part` that is in `whole`, 0 to 1."""
    return (part & whole).total() / part.total() if part else 0.0


def _overlap(one: Counter[tuple[str, ...]], other: Counter[tuple[str, ...]]) -> float:
    """Return twice the common share of both (Dice's coefficient), 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _beginning(text: str) -> str:
    return text if len(text) <= _LABEL_LENGTH else text[: _LABEL_LENGTH - 1] + "…"

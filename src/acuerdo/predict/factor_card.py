"""The shares of variance that were fitted on people's votes, kept as a card."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from acuerdo.domain.errors import ModelError
from acuerdo.predict.factor_kernel import FactorWeights

FACTOR_CARD: Final = "factor_card.json"


@dataclass(frozen=True, slots=True)
class FactorCard:
    """Shares of variance for sheets whose texts can be compared and for those whose cannot, and
    the level (1-7) and spread of all training ratings."""

    with_texts: FactorWeights
    ratings_only: FactorWeights
    level: float
    spread: float


def fitted_factors() -> FactorCard:
    """Return the fitted card. Raises ModelError if it is missing or damaged."""
    try:
        card = json.loads((files("acuerdo.predict") / FACTOR_CARD).read_text("utf-8"))
        return FactorCard(
            with_texts=FactorWeights(**card["with_texts"]),
            ratings_only=FactorWeights(**card["ratings_only"]),
            level=float(card["level"]),
            spread=float(card["spread"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"the fitted shares of variance cannot be read: {error!r}",
            where=FACTOR_CARD,
            fix="Install the package again, or run benchmarks/fit_factors.py.",
        ) from error

"""Folders that runs write: where they lie by default, and the card in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.errors import WeightsError

OUT: Final = Path("out")
"""A run goes to `out/<name of the run>` unless told otherwise."""
CARD: Final = "card.json"


def card_in(folder: Path) -> dict[str, Any]:
    """Return the card of a run folder; raises WeightsError if it cannot be read."""
    path = folder / CARD
    try:
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the card cannot be read: {error}", where=str(path)) from error
    if not isinstance(card, dict):
        raise WeightsError("the card is not a JSON object", where=str(path))
    return card

"""Folders that runs write: where they lie by default, and the card in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.errors import WeightsError

OUT: Final = Path("out")
"""A run goes to `out/<name of the run>` unless told otherwise."""


def card_in(folder: Path) -> dict[str, Any]:
    """Return the card of a run folder; raises WeightsError if it cannot be read."""
    card = folder / "card.json"
    try:
        found: dict[str, Any] = json.loads(card.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the card cannot be read: {error}", where=str(card)) from error
    return found

"""The card of a trained model: what it is, what it learned from, and the hash of its weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.errors import StorageError, WeightsError

CARD: Final = "card.json"
FORMAT: Final = "acuerdo-predictor/1"
CHUNK: Final = 1 << 20
_AGAIN: Final = "Train the model again, or take its folder from where it was made, whole."


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file; raises WeightsError if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise WeightsError(f"cannot be read: {error}", where=str(path), fix=_AGAIN) from error
    return digest.hexdigest()


def write_card(
    folder: Path, content: Mapping[str, Any], weights: tuple[str, ...], kind: str = FORMAT
) -> None:
    """Write card.json, of the format `kind`, with the hashes of `weights`, relative to the folder.

    Raises StorageError if it cannot be written.
    """
    hashes = {name: file_hash(folder / name) for name in weights}
    card = {"format": kind, **content, "sha256": hashes}
    text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False)
    partial = folder / f"{CARD}.partial"
    try:
        partial.write_text(text + "\n", "utf-8")
        partial.replace(folder / CARD)
    except OSError as error:
        raise StorageError(f"cannot be written: {error}", where=str(partial)) from error


def read_card(folder: Path, kind: str = FORMAT) -> dict[str, Any]:
    """Return the card of a folder once its weights have been checked against it.

    Raises WeightsError if the card is missing, damaged or of another format, if it names no
    weights, or if these are missing or not the ones it describes.
    """
    path = folder / CARD
    try:
        card = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WeightsError("not a trained model: it has no card", where=str(path)) from error
    except ValueError as error:
        raise WeightsError(f"damaged: {error}", where=str(path), fix=_AGAIN) from error
    if not isinstance(card, dict) or card.get("format") != kind:
        raise WeightsError(f"not a card of the format {kind}", where=str(path), fix=_AGAIN)
    hashes = card.get("sha256")
    if not isinstance(hashes, dict) or not hashes:
        raise WeightsError("the card names no weights", where=str(path), fix=_AGAIN)
    for name, expected in hashes.items():
        if file_hash(folder / name) != expected:
            raise WeightsError(
                "not the weights that the card describes", where=str(folder / name), fix=_AGAIN
            )
    return card

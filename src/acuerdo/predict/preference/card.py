"""The model on disk: weights.npz beside card.json, which says what it is and hashes the weights."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import WeightsError
from acuerdo.files import write_whole
from acuerdo.predict.preference.features import FEATURES
from acuerdo.predict.preference.model import PreferenceModel
from acuerdo.predict.preference.surface import SURFACE

CARD: Final = "card.json"
WEIGHTS: Final = "weights.npz"
FORMAT: Final = "acuerdo-preference/1"
ENCODER: Final = "encoder/"
_AGAIN: Final = "Train the model again, or take its folder from where it was made, whole."
_UNREADABLE: Final = (
    KeyError,
    TypeError,
    ValueError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
)
_VECTORS: Final = (
    "stance_weights",
    "stance_bias",
    "popularity_weights",
    "surface_mean",
    "surface_scale",
    "feature_weights",
)


def save_model(model: PreferenceModel, folder: Path) -> None:
    """Write weights and card into a folder, the card last; each file is there whole or not at all.

    The encoder's arrays are kept in half precision. Raises StorageError if the disk refuses.
    """
    arrays: dict[str, npt.NDArray[np.floating]] = {
        f"{ENCODER}{name}": array.astype(np.float16) for name, array in model.encoder.items()
    }
    arrays |= {name: getattr(model, name).astype(np.float32) for name in _VECTORS}
    content = io.BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    weights = content.getvalue()
    card = {
        **model.card,
        "format": FORMAT,
        "calibration": model.calibration.as_json(),
        "least_likeness": model.least_likeness,
        "sha256": {WEIGHTS: hashlib.sha256(weights).hexdigest()},
    }
    text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    for name, data in ((WEIGHTS, weights), (CARD, text.encode())):
        write_whole(folder / name, [data])


def is_preference_model(folder: Path) -> bool:
    """Return whether a folder holds, by its card, a model of this kind, sound or not."""
    try:
        return f'"{FORMAT}"' in (folder / CARD).read_text("utf-8")
    except (OSError, ValueError):
        return False


def shipped_model() -> PreferenceModel:
    """Return the model that comes with the package; raises WeightsError if it is damaged."""
    return load_model(files("acuerdo.predict.preference") / "shipped")


def load_model(folder: Traversable) -> PreferenceModel:
    """Read a model's folder.

    Raises WeightsError if the card is missing, damaged or of another format, or if the weights are
    missing, truncated, not the ones that the card describes, or not what this version reads.
    """
    card = _card(folder)
    where = str(folder / WEIGHTS)
    try:
        weights = (folder / WEIGHTS).read_bytes()
    except OSError as error:
        raise WeightsError("cannot be read", where=where, fix=_AGAIN) from error
    if hashlib.sha256(weights).hexdigest() != card["sha256"].get(WEIGHTS):
        raise WeightsError("not the weights that the card describes", where=where, fix=_AGAIN)
    try:
        with np.load(io.BytesIO(weights), allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        return _model(arrays, card)
    except _UNREADABLE as error:
        raise WeightsError(f"cannot be read: {error!r}", where=where, fix=_AGAIN) from error


def _model(arrays: Mapping[str, npt.NDArray[Any]], card: Mapping[str, Any]) -> PreferenceModel:
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"{name} is not finite everywhere")
    numbers = {name: arrays[name].astype(np.float64) for name in _VECTORS}
    _check_shapes(numbers)
    if not (numbers["surface_scale"] > 0).all():
        raise ValueError("surface_scale is not above 0 everywhere")
    return PreferenceModel(
        encoder={
            name.removeprefix(ENCODER): array
            for name, array in arrays.items()
            if name.startswith(ENCODER)
        },
        stance_weights=arrays["stance_weights"].astype(np.float32),
        stance_bias=arrays["stance_bias"].astype(np.float32),
        popularity_weights=numbers["popularity_weights"],
        surface_mean=numbers["surface_mean"],
        surface_scale=numbers["surface_scale"],
        feature_weights=numbers["feature_weights"],
        least_likeness=card["least_likeness"],
        calibration=Calibration.of_json(card["calibration"]),
        card=card,
    )


def _check_shapes(arrays: Mapping[str, npt.NDArray[np.float64]]) -> None:
    """Raise ValueError for arrays that do not fit each other or the features of this version."""
    both, stance = (*arrays["stance_weights"].shape, 0, 0)[:2]
    expected = {
        "stance_weights": (both - both % 2, stance),
        "stance_bias": (stance,),
        "popularity_weights": (both // 2 + len(SURFACE),),
        "surface_mean": (len(SURFACE),),
        "surface_scale": (len(SURFACE),),
        "feature_weights": (len(FEATURES),),
    }
    for name, shape in expected.items():
        if arrays[name].shape != shape:
            raise ValueError(f"{name} has shape {arrays[name].shape}, not {shape}")


def _card(folder: Traversable) -> dict[str, Any]:
    where = str(folder / CARD)
    try:
        card = json.loads((folder / CARD).read_text("utf-8"))
    except OSError as error:
        raise WeightsError("not a trained model: it has no card", where=where) from error
    except ValueError as error:
        raise WeightsError(f"damaged: {error}", where=where, fix=_AGAIN) from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise WeightsError(f"not a card of the format {FORMAT}", where=where, fix=_AGAIN)
    if not isinstance(card.get("sha256"), dict):
        raise WeightsError("the card names no weights", where=where, fix=_AGAIN)
    try:
        Calibration.of_json(card["calibration"])
        if not -1 <= card["least_likeness"] <= 1:
            raise ValueError(f"least_likeness is {card['least_likeness']}, not -1 to 1")
    except (KeyError, TypeError, ValueError) as error:
        raise WeightsError(
            f"the card has no usable calibration: {error!r}", where=where, fix=_AGAIN
        ) from error
    return card

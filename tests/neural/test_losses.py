"""Losses against numbers worked out by hand."""

from __future__ import annotations

import math

import pytest
import torch

from acuerdo.neural import SourceThresholds, binary_loss, lists_loss, ordinal_loss, pairs_loss
from acuerdo.neural import step_logs as logs_of

pytestmark = pytest.mark.training


def logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def test_steps_of_two_scales_in_one_batch() -> None:
    """Row 0: three steps, thresholds -1 and 2, latent 0.5. Row 1: two steps, threshold 0.25."""
    thresholds = torch.tensor([[-1.0, 2.0, 3.0], [0.25, 1.0, 2.0]], dtype=torch.float64)
    latent = torch.tensor([0.5, 0.5], dtype=torch.float64)
    shares = logs_of(latent, thresholds, torch.tensor([3, 2])).exp()

    first, second = logistic(-1.5), logistic(1.5)
    assert shares[0].tolist() == pytest.approx([first, second - first, 1 - second, 0.0])
    below = logistic(-0.25)
    assert shares[1].tolist() == pytest.approx([below, 1 - below, 0.0, 0.0])


def test_a_rating_between_two_steps_is_split() -> None:
    thresholds = torch.tensor([[-1.0, 1.0]], dtype=torch.float64).repeat(3, 1)
    latent = torch.zeros(3, dtype=torch.float64)
    target = torch.tensor([[1.0, 0, 0], [0, 1.0, 0], [0.25, 0.75, 0]], dtype=torch.float64)
    low, middle, between = ordinal_loss(latent, thresholds, torch.tensor([3, 3, 3]), target)
    assert float(low) == pytest.approx(-math.log(logistic(-1)))
    assert float(between) == pytest.approx(0.25 * float(low) + 0.75 * float(middle))


@pytest.mark.parametrize("latent", [-300.0, 0.0, 300.0])
def test_far_latents_have_finite_losses_and_gradients(latent: float) -> None:
    score = torch.tensor([latent], requires_grad=True)
    thresholds = torch.tensor([[-1.0, 0.0, 1.0]], requires_grad=True)
    target = torch.tensor([[0.0, 1.0, 0, 0]])
    loss = ordinal_loss(score, thresholds, torch.tensor([4]), target).sum()
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(score.grad).all()
    assert torch.isfinite(thresholds.grad).all()


def test_unused_thresholds_get_no_gradient() -> None:
    thresholds = torch.tensor([[0.0, 1.0, 2.0]], requires_grad=True)
    target = torch.tensor([[0.0, 1.0, 0.0, 0.0]])
    ordinal_loss(torch.zeros(1), thresholds, torch.tensor([2]), target).sum().backward()
    assert thresholds.grad[0, 1:].tolist() == [0.0, 0.0]
    assert thresholds.grad[0, 0] != 0


def test_votes() -> None:
    loss = binary_loss(torch.tensor([1.0, 1.0, 1.0]), torch.tensor(0.5), torch.tensor([1, 0, 0.5]))
    agree, disagree = -math.log(logistic(0.5)), -math.log(logistic(-0.5))
    assert loss.tolist() == pytest.approx([agree, disagree, (agree + disagree) / 2])


def test_pairs() -> None:
    latent = torch.tensor([0.0, 2.0, -1.0])
    loss = pairs_loss(latent, torch.tensor([1, 0]), torch.tensor([0, 2]))
    assert loss.tolist() == pytest.approx([-math.log(logistic(2)), -math.log(logistic(1))])


def test_a_ranking_is_choice_after_choice() -> None:
    """2 before 0 before 1, with strengths e^1, e^0 and e^-1 (rows 2, 0, 1)."""
    latent = torch.tensor([0.0, -1.0, 1.0])
    strength = latent.exp().tolist()
    loss = lists_loss(
        latent,
        choice=torch.tensor([2, 0]),
        member=torch.tensor([0, 1, 2, 0, 1]),
        among=torch.tensor([0, 0, 0, 1, 1]),
    )
    first = strength[2] / sum(strength)
    second = strength[0] / (strength[0] + strength[1])
    assert loss.tolist() == pytest.approx([-math.log(first), -math.log(second)])


def test_a_ranking_of_far_latents_does_not_overflow() -> None:
    latent = torch.tensor([500.0, -500.0], requires_grad=True)
    both = torch.tensor([0, 1])
    loss = lists_loss(latent, torch.tensor([1]), both, torch.tensor([0, 0]))
    loss.sum().backward()
    assert float(loss.detach()) == pytest.approx(1000.0)
    assert latent.grad.tolist() == pytest.approx([1.0, -1.0])


def test_thresholds_rise_and_start_even() -> None:
    cuts = SourceThresholds(["seven", "two"], [7, 2])
    rising, steps, bias = cuts(torch.tensor([0, 1, 0]))
    assert steps.tolist() == [7, 2, 7]
    assert bias.tolist() == [0, 0, 0]
    assert rising[0].tolist() == pytest.approx([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], abs=1e-5)
    assert rising[1, 0].item() == 0
    with torch.no_grad():
        cuts.gaps.fill_(-50.0)
    assert (cuts(torch.tensor([0]))[0].diff() > 0).all()

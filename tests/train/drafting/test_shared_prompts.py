"""Reading a prompt once for both statements gives what reading it twice gives."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from acuerdo.train.drafting.compact_head import add_compact_head
from acuerdo.train.drafting.preference_rows import PreferenceCollator
from acuerdo.train.drafting.rows import IGNORED
from acuerdo.train.drafting.shared_prompts import (
    BRANCHES,
    add_shared_prompts,
    laid_out,
    register_branches,
)
from tests.train.drafting import small

pytestmark = pytest.mark.training

PAIRS = [
    {"prompt_ids": [5, 6, 7, 8], "chosen_ids": [9, 10], "rejected_ids": [11, 12, 13]},
    {"prompt_ids": [14, 15], "chosen_ids": [16, 17, 18], "rejected_ids": [19]},
]


def llama(attention: str) -> Any:
    register_branches()
    return small.bare_llama(attention)


def batch() -> dict[str, torch.Tensor]:
    made = PreferenceCollator(0)(PAIRS)
    labels = made["input_ids"].masked_fill(made["completion_mask"] == 0, IGNORED)
    return {
        "input_ids": made["input_ids"],
        "attention_mask": made["attention_mask"],
        "labels": labels,
    }


def test_log_probabilities_and_gradients_are_those_of_two_texts() -> None:
    found = []
    for attention, add in (("sdpa", add_compact_head), (BRANCHES, add_shared_prompts)):
        model = llama(attention)
        add(model)
        out = model(**batch(), fused_lm_head=True)
        (out.log_probs.sum(dim=1) * torch.tensor([1.0, -2.0, 0.5, 3.0])).sum().backward()
        found.append((out, {name: p.grad for name, p in model.named_parameters()}))
    (apart, theirs), (shared, ours) = found
    assert torch.equal(apart.label_mask, shared.label_mask)
    assert torch.equal(apart.is_top1, shared.is_top1)
    torch.testing.assert_close(shared.log_probs, apart.log_probs)
    for name, gradient in theirs.items():
        torch.testing.assert_close(ours[name], gradient, rtol=1e-4, atol=1e-6)


def test_a_batch_as_one_row() -> None:
    given = batch()
    layout = laid_out(given["input_ids"], given["labels"])
    assert layout.branches == [(4, 2, 3), (2, 3, 1), (49, 0, 0)]
    assert layout.ids[0, :15].tolist() == list(range(5, 20))
    assert layout.positions[0, :16].tolist() == [0, 1, 2, 3, 4, 5, 4, 5, 6, 0, 1, 2, 3, 4, 2, 0]
    assert layout.ids.shape == (1, 64)
    learned = list(zip(layout.states.tolist(), layout.targets.tolist(), strict=True))
    first = [(3, 9), (4, 10), (3, 11), (6, 12), (7, 13)]
    second = [(10, 16), (11, 17), (12, 18), (10, 19)]
    assert learned == first + second
    assert layout.rows.tolist() == [0, 0, 2, 2, 2, 1, 1, 1, 3]
    assert layout.columns.tolist() == [3, 4, 3, 4, 5, 1, 2, 3, 1]


def test_statements_of_different_prompts_are_refused() -> None:
    given = batch()
    given["labels"][2, 4] = IGNORED
    with pytest.raises(ValueError, match="different prompts"):
        laid_out(given["input_ids"], given["labels"])


def test_the_model_is_otherwise_as_it_was() -> None:
    model = llama("sdpa")
    ids = torch.tensor([[5, 6, 7]])
    before = model(input_ids=ids).logits
    add_shared_prompts(model)
    assert torch.equal(model(input_ids=ids).logits, before)

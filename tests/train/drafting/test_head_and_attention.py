"""The compact head and attention by segments give what the plain ways give."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from trl.trainer.utils import add_fused_lm_head

from acuerdo.train.drafting.compact_head import add_compact_head, can_be_compact, scored
from acuerdo.train.drafting.rows import IGNORED
from acuerdo.train.drafting.segments import SEGMENTS, register_segments, segment_attention
from tests.train.drafting import small

pytestmark = pytest.mark.training

LENGTHS = [5, 9, 4]
EDGES = [0, 5, 14, 18]


def llama(attention: str = "sdpa") -> Any:
    register_segments()
    return small.bare_llama(attention)


def packed() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    ids = torch.randint(1, 61, (1, sum(LENGTHS)), generator=generator)
    labels = ids.clone()
    positions = torch.cat([torch.arange(length) for length in LENGTHS])[None]
    labels[positions < 2] = IGNORED
    return {"input_ids": ids, "labels": labels, "position_ids": positions}


def segments() -> dict[str, torch.Tensor]:
    return {"cu_seq_lens_q": torch.tensor(EDGES, dtype=torch.int32)}


def test_the_compact_head_gives_what_trl_gives_and_the_same_gradients() -> None:
    batch = packed()
    found = []
    for add in (add_fused_lm_head, add_compact_head):
        model = llama()
        if add is add_fused_lm_head:
            add(model, outputs=("log_probs", "entropy", "is_top1"))
        else:
            add(model)
        out = model(**batch, fused_lm_head=True)
        out.loss.backward()
        gradients = {name: p.grad for name, p in model.named_parameters()}
        found.append((out, gradients))
    (trl, theirs), (own, ours) = found
    torch.testing.assert_close(own.log_probs, trl.log_probs)
    torch.testing.assert_close(own.loss, trl.loss)
    assert torch.equal(own.label_mask, trl.label_mask)
    assert torch.equal(own.is_top1.bool(), trl.is_top1.bool())
    for name, gradient in theirs.items():
        torch.testing.assert_close(ours[name], gradient, rtol=1e-4, atol=1e-6)


def test_the_compact_head_agrees_with_logits_and_leaves_the_model_as_it_was() -> None:
    model, batch = llama(), packed()
    ids = {"input_ids": batch["input_ids"], "position_ids": batch["position_ids"]}
    ids |= {"use_cache": False}  # with a cache, packed examples would see each other
    before = model(**ids).logits
    add_compact_head(model)
    assert torch.equal(model(**ids).logits, before)
    out = model(**batch, fused_lm_head=True)
    expected = before[:, :-1].log_softmax(-1).gather(-1, batch["input_ids"][:, 1:, None])[..., 0]
    mask = batch["labels"][:, 1:] != IGNORED
    torch.testing.assert_close(out.log_probs[mask], expected[mask])
    assert (out.log_probs[~mask] == 0).all()


def test_nothing_to_learn_is_a_loss_of_zero_with_a_gradient() -> None:
    model, batch = llama(), packed()
    add_compact_head(model)
    batch["labels"] = torch.full_like(batch["labels"], IGNORED)
    out = model(**batch, fused_lm_head=True)
    out.loss.backward()
    assert out.loss.item() == 0
    assert all((p.grad == 0).all() for p in model.parameters() if p.grad is not None)


def test_scores_by_hand() -> None:
    head = torch.nn.Linear(2, 3, bias=False)
    with torch.no_grad():
        head.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]))
    states = torch.log(torch.tensor([[2.0, 3.0], [5.0, 4.0]]))
    log_probs, right = scored(states, head, torch.tensor([0, 0]))
    torch.testing.assert_close(log_probs.exp(), torch.tensor([2 / 6, 5 / 10]))
    assert right.tolist() == [False, True]


def test_models_that_scale_their_logits_keep_trls_head() -> None:
    model = llama()
    assert can_be_compact(model)
    model.config.logit_scale = 0.5
    assert not can_be_compact(model)
    with pytest.raises(ValueError, match="scaled"):
        add_compact_head(model)


def test_attention_by_segments_is_attention_under_a_mask_of_blocks() -> None:
    generator = torch.Generator().manual_seed(2)
    query = torch.randn(1, 4, 18, 8, generator=generator)
    key, value = (torch.randn(1, 2, 18, 8, generator=generator) for _ in range(2))
    block = torch.repeat_interleave(torch.arange(3), torch.tensor(LENGTHS))
    mask = (block[:, None] == block[None, :]) & torch.ones(18, 18, dtype=torch.bool).tril()
    expected = torch.nn.functional.scaled_dot_product_attention(
        query, key, value, attn_mask=mask, scale=0.3, enable_gqa=True
    )
    module = torch.nn.Module()
    module.__dict__["num_key_value_groups"] = 2
    found, weights = segment_attention(module, query, key, value, None, scaling=0.3, **segments())
    assert weights is None
    torch.testing.assert_close(found, expected.transpose(1, 2))


def test_it_refuses_what_it_cannot_do() -> None:
    both = torch.zeros(2, 4, 3, 8)
    with pytest.raises(ValueError, match="packed row"):
        segment_attention(torch.nn.Module(), both, both, both, None)


@pytest.mark.parametrize("attention", [SEGMENTS, "sdpa"])
def test_an_example_never_sees_another_in_its_row(attention: str) -> None:
    model, batch = llama(attention), packed()
    add_compact_head(model)
    extra = segments() if attention == SEGMENTS else {}
    with torch.no_grad():
        before = model(**batch, **extra, fused_lm_head=True).log_probs[0]
        batch["input_ids"][0, 5:14] = batch["input_ids"][0, 5:14].flip(0)
        after = model(**batch, **extra, fused_lm_head=True).log_probs[0]
    torch.testing.assert_close(after[:4], before[:4], rtol=0, atol=1e-6)
    torch.testing.assert_close(after[14:], before[14:], rtol=0, atol=1e-6)
    assert (after[6:13] - before[6:13]).abs().max() > 1e-4


def test_a_packed_row_gives_each_example_what_it_gets_alone() -> None:
    batch = packed()
    together = llama(SEGMENTS)
    add_compact_head(together)
    with torch.no_grad():
        found = together(**batch, **segments(), fused_lm_head=True).log_probs[0]
        for start, end in pairwise(EDGES):
            own = {name: tensor[:, start:end] for name, tensor in batch.items()}
            alone = together(**own, fused_lm_head=True).log_probs[0]
            torch.testing.assert_close(found[start : end - 1], alone)

"""Two statements after one prompt, read together: the prompt is computed once.

A pair has its prompt in common, and the prompt is most of it. Here a batch of pairs is one row of
prompt, better, worse, prompt, better, worse, ...: both statements see the prompt and themselves,
not each other, and count positions from its end. What comes out is what two separate texts give,
for little more than half of the work.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

from acuerdo.train.drafting.compact_head import can_be_compact, scored
from acuerdo.train.drafting.rows import IGNORED

BRANCHES: Final = "acuerdo_branches"
MULTIPLE: Final = 64

Branch = tuple[int, int, int]
"""How many tokens a prompt has, and the statements that follow it."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A batch of pairs as one row.

    `ids` and `positions` are (1, tokens). For every learned token: `states` is the place in the row
    of the one before it, `targets` the token, `rows` and `columns` where its log-probability stands
    in a (2 x pairs, tokens - 1) table.
    """

    ids: Tensor
    positions: Tensor
    branches: list[Branch]
    states: Tensor
    targets: Tensor
    rows: Tensor
    columns: Tensor


def register_branches() -> None:
    """Make `attn_implementation=BRANCHES` known to transformers."""
    from transformers import AttentionInterface  # noqa: PLC0415 - slow to import

    AttentionInterface.register(BRANCHES, branch_attention)


def branch_attention(  # noqa: PLR0917 - as transformers calls it
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    branches: Sequence[Branch] = (),
    **_: Any,
) -> tuple[Tensor, None]:
    """Return (1, positions, heads, size) from (1, heads, positions, size), causal by branch."""
    if attention_mask is not None or query.shape[0] != 1 or not branches:
        raise ValueError("attention by branches is for one row of prompts with their statements")
    groups = getattr(module, "num_key_value_groups", 1)
    if groups > 1:
        key = key.repeat_interleave(groups, dim=1)
        value = value.repeat_interleave(groups, dim=1)
    attend = functools.partial(
        torch.nn.functional.scaled_dot_product_attention, dropout_p=dropout, scale=scaling
    )
    parts = []
    at = 0
    for prompt, *statements in branches:
        begun = slice(at, at + prompt)
        parts.append(
            attend(query[:, :, begun], key[:, :, begun], value[:, :, begun], is_causal=True)
        )
        at += prompt
        for length in statements:
            own = slice(at, at + length)
            at += length
            if length:
                seen = [torch.cat([x[:, :, begun], x[:, :, own]], dim=2) for x in (key, value)]
                mask = torch.ones(length, prompt + length, dtype=torch.bool).tril(prompt)
                parts.append(attend(query[:, :, own], *seen, attn_mask=mask.to(query.device)))
    return torch.cat(parts, dim=2).transpose(1, 2).contiguous(), None


def add_shared_prompts(model: Any) -> None:
    """Let `model(input_ids=..., labels=..., fused_lm_head=True)` read pairs by branches.

    Texts come as TRL stacks them: the better statements first, then the worse ones with the same
    prompts, (2 x pairs, tokens); labels are `IGNORED` but on statements. The log-probabilities come
    back in that shape. Raises ValueError for a model that scales its logits.
    """
    if not can_be_compact(model):
        raise ValueError("the logits of this model are scaled")
    from trl.trainer.utils import FusedCausalLMOutput  # noqa: PLC0415 - slow to import

    original = model.forward

    @functools.wraps(type(model).forward)
    def forward(self: Any, *args: Any, fused_lm_head: bool = False, **kwargs: Any) -> Any:
        if not fused_lm_head:
            return original(*args, **kwargs)
        ids, labels = kwargs["input_ids"], kwargs["labels"]
        layout = laid_out(ids, labels)
        states = self.base_model(
            input_ids=layout.ids,
            position_ids=layout.positions,
            branches=layout.branches,
            use_cache=False,
        ).last_hidden_state[0]
        head = self.get_output_embeddings()
        log_probs, right = scored(states[layout.states], head, layout.targets)
        shape = (ids.shape[0], ids.shape[1] - 1)
        places = (layout.rows, layout.columns)
        table = log_probs.new_zeros(shape).index_put(places, log_probs)
        mask = torch.zeros(shape, dtype=torch.bool, device=ids.device)
        mask[places] = True
        return FusedCausalLMOutput(
            loss=-log_probs.mean(),
            log_probs=table,
            entropy=torch.zeros_like(table),
            mean_logits=torch.zeros_like(table),
            is_top1=torch.zeros_like(mask).index_put(places, right),
            label_mask=mask,
        )

    model.forward = types.MethodType(forward, model)


def laid_out(ids: Tensor, labels: Tensor) -> Layout:
    """Lay a batch of pairs out as one row; see `add_shared_prompts` for what comes in."""
    pairs = ids.shape[0] // 2
    learned = labels != IGNORED
    prompts = learned.int().argmax(dim=1).tolist()
    lengths = learned.sum(dim=1).tolist()
    pieces: list[Tensor] = []
    positions: list[Tensor] = []
    branches: list[Branch] = []
    places: list[tuple[int, int, int]] = []
    at = 0
    for better in range(pairs):
        worse = better + pairs
        prompt = prompts[better]
        if prompts[worse] != prompt or prompt == 0:
            raise ValueError("the two statements of a pair follow different prompts")
        pieces.append(ids[better, :prompt])
        positions.append(torch.arange(prompt))
        start = at + prompt
        for row in (better, worse):
            count = lengths[row]
            pieces.append(ids[row, prompt : prompt + count])
            positions.append(torch.arange(prompt, prompt + count))
            before = [at + prompt - 1, *range(start, start + count - 1)]
            places += [(state, row, prompt - 1 + k) for k, state in enumerate(before[:count])]
            start += count
        branches.append((prompt, lengths[better], lengths[worse]))
        at = start
    if filler := -at % MULTIPLE:
        pieces.append(ids.new_zeros(filler))
        positions.append(torch.arange(filler))
        branches.append((filler, 0, 0))
    states, rows, columns = torch.tensor(places, device=ids.device).unbind(1)
    return Layout(
        ids=torch.cat(pieces)[None],
        positions=torch.cat(positions)[None].to(ids.device),
        branches=branches,
        states=states,
        targets=ids[rows, columns + 1],
        rows=rows,
        columns=columns,
    )

"""Pairs as tokens, in batches of nearly one length, with what the starting model says of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from acuerdo.domain.errors import InputError
from acuerdo.files import write_whole
from acuerdo.ports import Progress, Watch, stop_if_asked
from acuerdo.train.drafting.material import MOST_TOO_LONG
from acuerdo.train.drafting.pairs import Preference
from acuerdo.train.drafting.rows import IGNORED
from acuerdo.train.drafting.texts import ExampleWriter

MULTIPLE: Final = 64
"""Batches are padded to a multiple of this, so that there are few shapes."""
WINDOW: Final = 16
"""Batches are filled from this many batches' worth of pairs, sorted by length within."""

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PreferenceCollator:
    """Makes batches as TRL's does: better statements first, then worse ones, (2 x pairs, tokens).

    All are padded on the right and nothing is masked: what stands before cannot see the padding,
    and the padding is not learned. So attention needs no mask, which is faster.
    """

    filler: int

    def __call__(self, pairs: Sequence[Columns]) -> dict[str, Tensor]:
        texts = [(pair["prompt_ids"], pair["chosen_ids"]) for pair in pairs]
        texts += [(pair["prompt_ids"], pair["rejected_ids"]) for pair in pairs]
        longest = max(len(prompt) + len(statement) for prompt, statement in texts)
        length = -(-longest // MULTIPLE) * MULTIPLE
        ids = torch.full((len(texts), length), self.filler)
        learned = torch.zeros((len(texts), length), dtype=torch.long)
        for place, (prompt, statement) in enumerate(texts):
            end = len(prompt) + len(statement)
            ids[place, :end] = torch.tensor([*prompt, *statement])
            learned[place, len(prompt) : end] = 1
        batch = {
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "completion_mask": learned,
        }
        for name in ("ref_chosen_logps", "ref_rejected_logps"):
            if name in pairs[0]:
                batch[name] = torch.tensor([pair[name] for pair in pairs])
        return batch


def preference_rows(
    pairs: Sequence[Preference], writer: ExampleWriter, most: int
) -> tuple[list[Columns], str]:
    """Return pairs as tokens, those of at most `most` tokens, and a note on those left out.

    Raises InputError if too many are longer.
    """
    rows: list[Columns] = []
    for pair in pairs:
        prompt, chosen = writer.tokens_of(pair.prompt, pair.chosen)
        _, rejected = writer.tokens_of(pair.prompt, pair.rejected)
        if len(prompt) + max(len(chosen), len(rejected)) <= most:
            texts = {"prompt_ids": prompt, "chosen_ids": chosen, "rejected_ids": rejected}
            rows.append({name: list(tokens) for name, tokens in texts.items()})
    left_out = len(pairs) - len(rows)
    if left_out > MOST_TOO_LONG * len(pairs):
        raise InputError(
            f"{left_out} of {len(pairs)} pairs are longer than {most} tokens",
            where="[training], row_tokens",
            fix="Raise row_tokens, or leave long pairs out.",
        )
    note = f"{left_out} pairs longer than {most} tokens were left out" if left_out else ""
    return rows, note


def ordered(rows: Sequence[Columns], batch: int, seed: int, epoch: int) -> list[int]:
    """Return the places of pairs in an epoch's order: those of nearly one length in one batch.

    Batches are shuffled; the last holds what is left.
    """
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(rows)).tolist()
    batches: list[list[int]] = []
    for at in range(0, len(order), WINDOW * batch):
        window = sorted(order[at : at + WINDOW * batch], key=lambda place: _length(rows[place]))
        batches += [window[k : k + batch] for k in range(0, len(window), batch)]
    whole = [places for places in batches if len(places) == batch]
    rest = [places for places in batches if len(places) < batch]
    shuffled = [whole[place] for place in random.permutation(len(whole))] + rest
    return [place for places in shuffled for place in places]


def with_reference(
    rows: list[Columns], trainer: Any, *, batch: int, kept: Path, watch: Watch
) -> list[Columns]:
    """Return pairs with the log-probability of both statements under the trainer's model as it is.

    They are read from the file `kept` if it is there, and written there otherwise. Raises
    StorageError if the disk refuses, Cancelled if the watcher stops.
    """
    found = _kept(kept, len(rows))
    if found is None:
        found = _reckoned(rows, trainer, batch=batch, watch=watch)
        _keep(kept, json.dumps(found))
    return [
        {**row, "ref_chosen_logps": chosen, "ref_rejected_logps": rejected}
        for row, (chosen, rejected) in zip(rows, found, strict=True)
    ]


def log_probs(model: Any, batch: dict[str, Tensor]) -> Tensor:
    """Return the log-probability of each whole statement, (2 x pairs,)."""
    labels = batch["input_ids"].masked_fill(batch["completion_mask"] == 0, IGNORED)
    found = model(
        input_ids=batch["input_ids"],
        attention_mask=batch["attention_mask"],
        labels=labels,
        use_cache=False,
        fused_lm_head=True,
    )
    return found.log_probs.sum(dim=1)


def _reckoned(
    rows: list[Columns], trainer: Any, *, batch: int, watch: Watch
) -> list[tuple[float, float]]:
    model, device = trainer.model, trainer.accelerator.device
    order = sorted(range(len(rows)), key=lambda place: _length(rows[place]))
    found: dict[int, tuple[float, float]] = {}
    model.eval()
    for at in range(0, len(order), batch):
        stop_if_asked(watch)
        places = order[at : at + batch]
        made = trainer.data_collator([rows[place] for place in places])
        inputs = {name: tensor.to(device) for name, tensor in made.items()}
        with torch.no_grad(), trainer.accelerator.autocast():
            chosen, rejected = log_probs(model, inputs).float().chunk(2)
        told = zip(places, chosen.tolist(), rejected.tolist(), strict=True)
        found |= {place: (better, worse) for place, better, worse in told}
        watch.report(Progress("reference", min(at + batch, len(order)), len(order)))
    model.train()
    return [found[place] for place in range(len(rows))]


def _keep(path: Path, text: str) -> None:
    write_whole(path, [text.encode()], "the reference")


def _kept(path: Path, count: int) -> list[tuple[float, float]] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return [(one, other) for one, other in found] if len(found) == count else None


def _length(row: Columns) -> int:
    return len(row["prompt_ids"]) + max(len(row["chosen_ids"]), len(row["rejected_ids"]))

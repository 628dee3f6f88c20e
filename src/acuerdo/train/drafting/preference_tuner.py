"""Direct preference optimisation through TRL, on pairs whose reference is known beforehand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback
from trl import DPOConfig, DPOTrainer

from acuerdo.train.drafting.base import Machine, causal_of
from acuerdo.train.drafting.compact_head import can_be_compact
from acuerdo.train.drafting.guiding import Guided
from acuerdo.train.drafting.preference_rows import Columns, PreferenceCollator, log_probs
from acuerdo.train.drafting.runs import DrafterRun, PreferenceTable
from acuerdo.train.drafting.shared_prompts import (
    BRANCHES,
    add_shared_prompts,
    register_branches,
)
from acuerdo.train.drafting.sitting import Split
from acuerdo.train.drafting.tuner import common_settings
from datasets import Dataset


class PreferenceTuner(Guided, DPOTrainer):
    """TRL's DPOTrainer on pairs as tokens with what the reference said of them, led by a guide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remove_callback(PrinterCallback)
        self._held_out: Sequence[Columns] = ()
        # The batches say what the reference said, so its copy of the adapter is not needed.
        self.precompute_ref_logps = True
        if "ref" in self.model.peft_config:
            self.model.delete_adapter("ref")
            self.model.set_adapter("default")
        causal = causal_of(self.model)
        if self.accelerator.device.type == "cpu" and can_be_compact(causal):
            register_branches()
            causal.set_attn_implementation(BRANCHES)
            add_shared_prompts(causal)

    def learn_from(self, rows: Sequence[Columns], held_out: Sequence[Columns]) -> None:
        """Take pairs with their reference, in the order in which they are learned."""
        self.train_dataset = Dataset.from_list(list(rows))
        self._held_out = held_out

    def measured(self) -> tuple[float, float]:
        """Return the held-out loss without its supervised part, and the share in order."""
        if not self._held_out:
            return math.nan, math.nan
        size = self.args.per_device_train_batch_size
        batches = [self._held_out[at : at + size] for at in range(0, len(self._held_out), size)]
        mine = batches[self.accelerator.process_index :: self.accelerator.num_processes]
        total = torch.zeros(3, dtype=torch.float64, device=self.accelerator.device)
        for batch in mine:
            inputs = self._prepare_inputs(self.data_collator(batch))
            with self.accelerator.autocast():
                chosen, rejected = log_probs(self.model, inputs).double().chunk(2)
            better = chosen - inputs["ref_chosen_logps"]
            margin = self.beta * (better - (rejected - inputs["ref_rejected_logps"]))
            total[0] += torch.nn.functional.softplus(-margin).sum()
            total[1] += (margin > 0).sum()
            total[2] += len(margin)
        total = self.accelerator.reduce(total, "sum")
        loss = float(total[0] / total[2])
        self.check(loss, "held-out loss")
        return loss, float(total[1] / total[2])

    def _prepare_dataset(self, dataset: Any, *_: Any, **__: Any) -> Any:
        """Return the pairs as they are: they are tokens already."""
        return dataset


def preference_tuner(
    run: DrafterRun,
    table: PreferenceTable,
    model: Any,
    tokenizer: Any,
    *,
    machine: Machine,
    rows: Sequence[Columns],
    split: Split,
    steps: int,
    folder: Path,
) -> PreferenceTuner:
    """Return a trainer for `steps` steps; it learns from `rows` once they have their reference."""
    losses, weights = ["robust" if table.smoothing else "sigmoid"], [1.0]
    if table.sft_weight:
        losses.append("sft")
        weights.append(table.sft_weight)
    config = DPOConfig(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=split.batch,
        gradient_accumulation_steps=split.accumulation,
        beta=table.beta,
        label_smoothing=table.smoothing,
        max_length=None,
        gradient_checkpointing=run.training.recompute,
        loss_type=losses,
        loss_weights=weights,
        **common_settings(run, machine),
    )
    return PreferenceTuner(
        model=model,
        args=config,
        train_dataset=Dataset.from_list(list(rows[:1])),
        processing_class=tokenizer,
        data_collator=PreferenceCollator(tokenizer.pad_token_id),
    )

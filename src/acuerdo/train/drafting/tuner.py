"""Supervised fine-tuning through TRL, on packed rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback
from trl import SFTConfig, SFTTrainer

from acuerdo.train.drafting.base import Machine, causal_of
from acuerdo.train.drafting.compact_head import add_compact_head, can_be_compact
from acuerdo.train.drafting.guiding import Guided
from acuerdo.train.drafting.rows import Row
from acuerdo.train.drafting.runs import DrafterRun
from acuerdo.train.drafting.sitting import Split
from datasets import Dataset

SECOND_MOMENT = 0.99
"""AdamW's beta 2: runs are short, and its memory should be shorter."""


class StatementTuner(Guided, SFTTrainer):
    """TRL's SFTTrainer on rows of one length, led by a guide; the loss is on statements only."""

    def __init__(self, *args: Any, held_out: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remove_callback(PrinterCallback)
        self._held_out = held_out
        causal = causal_of(self.model)
        if self.accelerator.device.type == "cpu" and can_be_compact(causal):
            add_compact_head(causal)

    def measured(self) -> tuple[float, float]:
        """Return the mean loss of a held-out token, over all processes; nan without any."""
        if not self._held_out:
            return math.nan, math.nan
        size = self.args.per_device_train_batch_size
        batches = [self._held_out[at : at + size] for at in range(0, len(self._held_out), size)]
        mine = batches[self.accelerator.process_index :: self.accelerator.num_processes]
        total = torch.zeros(2, dtype=torch.float64, device=self.accelerator.device)
        # With shards, every process must take part as often.
        for place in range(-(-len(batches) // self.accelerator.num_processes)):
            counts = place < len(mine)
            batch = mine[place] if counts else batches[0]
            inputs = self._prepare_inputs(self.data_collator([as_columns(row) for row in batch]))
            found = self.model(**inputs, fused_lm_head=True, use_cache=False)
            if counts:
                total[0] -= found.log_probs.double().sum()
                total[1] += found.label_mask.sum()
        total = self.accelerator.reduce(total, "sum")
        loss = float(total[0] / total[1].clamp(min=1))
        self.check(loss, "held-out loss")
        return loss, math.nan


def statement_tuner(
    run: DrafterRun,
    model: Any,
    tokenizer: Any,
    *,
    machine: Machine,
    rows: Sequence[Row],
    held_out: Sequence[Row],
    split: Split,
    steps: int,
    folder: Path,
) -> StatementTuner:
    """Return a trainer for these rows, in order; `steps` are those that are left."""
    training = run.training
    config = SFTConfig(
        output_dir=str(folder),
        max_steps=steps,
        per_device_train_batch_size=split.batch,
        gradient_accumulation_steps=split.accumulation,
        max_length=training.row_tokens,
        packing=True,
        packing_strategy="bfd",
        dataset_kwargs={"skip_prepare_dataset": True},
        gradient_checkpointing=training.recompute,
        **common_settings(run, machine),
    )
    return StatementTuner(
        model=model,
        args=config,
        train_dataset=Dataset.from_list([as_columns(row) for row in rows]),
        processing_class=tokenizer,
        held_out=held_out,
    )


def common_settings(run: DrafterRun, machine: Machine) -> dict[str, Any]:
    """Return what all our trainers tell transformers; schedule and intervals are the guide's."""
    training = run.training
    return {
        "learning_rate": training.learning_rate,
        "weight_decay": training.weight_decay,
        "adam_beta2": SECOND_MOMENT,
        "optim": "adamw_torch",
        "max_grad_norm": training.clip,
        "seed": run.seed,
        "data_seed": run.seed,
        "bf16": machine.precision == "bf16",
        "use_cpu": machine.device == "cpu",
        "train_sampling_strategy": "sequential",
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "save_strategy": "no",
        "eval_strategy": "no",
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": machine.device == "cuda",
        "remove_unused_columns": False,
    }


def as_columns(row: Row) -> dict[str, list[int]]:
    """Return a row as TRL's collator for packed rows takes it."""
    return {"input_ids": row.input_ids, "labels": row.labels, "seq_lengths": row.seq_lengths}

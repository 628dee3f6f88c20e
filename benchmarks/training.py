"""How fast does `acuerdo train drafter` learn, against TRL's trainer as it comes?

    python benchmarks/training.py MATERIAL.jsonl [--groups 40] [--rounds 3]

Both tune the default weights with the same low-rank layers on the same statements, the first ones
of MATERIAL (the reader `statements`), alternately in fresh processes. TRL's `SFTTrainer` gets
prompts and completions as texts and keeps its defaults: batches of 8 padded to their longest, loss
on completions, gradient checkpointing, bf16. Ours runs its run file: packed rows of 1,024 tokens,
two a step. Tokens are those of prompts and statements, without padding; seconds are from the first
step's start to the last one's end, without loading. Prints a Markdown table with the median and the
range of every pair's ratio. Needs `pip install 'acuerdo[train]'`.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from transformers import TrainerCallback
from trl import SFTConfig, SFTTrainer

from acuerdo.api import train_drafter
from acuerdo.datasets import read_material
from acuerdo.llm import WEIGHTS
from acuerdo.neural import load_causal
from acuerdo.prompts import render_draft, speakers
from acuerdo.settings import read_settings
from acuerdo.train.drafting.texts import ExampleWriter
from datasets import Dataset

RUN = """
name = "speed"
kind = "drafter"
[[data]]
reader = "statements"
path = {path}
[lora]
rank = 32
alpha = 64.0
[training]
epochs = 1
row_tokens = 1024
batch = 1
accumulation = 2
validate_every = 100000
validation_rows = 1
checkpoint_every = 100000
checkpoint_minutes = 1000.0
[samples]
groups = 0
"""


def ours(material: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run.toml"
        run.write_text(RUN.format(path=json.dumps(str(material))), "utf-8")
        measures = train_drafter(run, Path(folder) / "out").card["measures"]
    tokens = measures["tokens"]
    return {"tokens": tokens, "seconds": tokens / measures["tokens_per_second"]}


def theirs(material: Path) -> dict[str, float]:
    base = WEIGHTS["smollm2-135m-instruct"].packed_path_in(read_settings().weights_dir)
    model, tokenizer = load_causal(base, torch.bfloat16, "sdpa")
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    writer = ExampleWriter(tokenizer, base, "plain")
    rows, tokens = [], 0
    for one in read_material("statements", material):
        if one.split != "train":
            continue
        messages = render_draft(one.round(), speakers(one.round()), "plain")
        prompt, answer = writer.tokens_of(messages, one.statement)
        tokens += len(prompt) + len(answer)
        rows.append(
            {
                "prompt": writer.prompt(messages),
                "completion": writer.answer(messages, one.statement),
            }
        )
    at: list[float] = []

    class Clock(TrainerCallback):
        def on_step_begin(self, *_: Any, **__: Any) -> None:
            at.append(time.perf_counter())

        def on_train_end(self, *_: Any, **__: Any) -> None:
            at.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        trainer = SFTTrainer(
            model=model,
            args=SFTConfig(
                output_dir=folder,
                num_train_epochs=1,
                report_to="none",
                save_strategy="no",
                use_cpu=not torch.cuda.is_available(),
            ),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            peft_config=LoraConfig(r=32, lora_alpha=64, target_modules="all-linear"),
            callbacks=[Clock()],
        )
        trainer.train()
    return {"tokens": tokens, "seconds": at[-1] - at[0]}


def measured(which: str, material: Path) -> dict[str, float]:
    """Run one of both in a process of its own and return what it says last."""
    command = [sys.executable, __file__, str(material), "--one", which]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(told.strip().splitlines()[-1])
    return found


def first_groups(material: Path, groups: int, out: Path) -> None:
    """Write so many training groups, and one to validate on, without their revisions."""
    kept: list[dict[str, Any]] = []
    for line in material.read_text("utf-8").splitlines():
        row = json.loads(line)
        wanted = row["split"] == "train" and len(kept) < groups
        if wanted:
            kept.append({k: v for k, v in row.items() if k not in ("critiques", "revised")})
    held_out = {**kept[0], "id": "held out", "question": "Is this held out?", "split": "validation"}
    held_out |= {"opinions": ["Yes, this is.", "No, it is not."], "statement": "We are not sure."}
    out.write_text("".join(json.dumps(row) + "\n" for row in [*kept, held_out]), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("material", type=Path)
    parser.add_argument("--groups", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", choices=("ours", "theirs"))
    asked = parser.parse_args()
    if asked.one:
        print("\n" + json.dumps((ours if asked.one == "ours" else theirs)(asked.material)))
        return
    rates: dict[str, list[float]] = {"ours": [], "theirs": []}
    with tempfile.TemporaryDirectory() as folder:
        material = Path(folder) / "groups.jsonl"
        first_groups(asked.material, asked.groups, material)
        for _ in range(asked.rounds):
            for which, found in rates.items():
                told = measured(which, material)
                found.append(told["tokens"] / told["seconds"])
    ratios = [mine / other for mine, other in zip(rates["ours"], rates["theirs"], strict=True)]
    print("| | Tokens a second, median (range) |")
    print("| --- | --- |")
    for which, found in rates.items():
        name = "acuerdo train drafter" if which == "ours" else "TRL's SFTTrainer, defaults"
        print(f"| {name} | {told_as(found)} |")
    print(f"| ratio, {asked.rounds} pairs | {told_as(ratios)} |")


def told_as(values: list[float]) -> str:
    return f"{statistics.median(values):.3g} ({min(values):.3g} to {max(values):.3g})"


if __name__ == "__main__":
    main()

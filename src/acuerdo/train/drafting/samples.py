"""Drafts for the same held-out groups at every validation, so that one can read how it goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from acuerdo.domain.material import Material
from acuerdo.train.drafting.base import causal_of
from acuerdo.train.drafting.material import evenly
from acuerdo.train.drafting.runs import SamplesTable
from acuerdo.train.drafting.texts import ExampleWriter


@dataclass(frozen=True, slots=True, eq=False)
class Sampler:
    """Writes one draft for each of `groups`, with a seed of its own for each."""

    groups: Sequence[Material]
    writer: ExampleWriter
    table: SamplesTable
    seed: int

    def __call__(self, trainer: Any) -> list[dict[str, Any]]:
        """Return group, question, opinions and statement of each draft."""
        if not self.groups:
            return []
        model = trainer.accelerator.unwrap_model(trainer.model)
        causal = causal_of(model)
        attention = causal.config._attn_implementation
        causal.set_attn_implementation("sdpa")
        # Generation fills a cache, which takes no part in training.
        before, causal.config.use_cache = causal.config.use_cache, True
        try:
            with trainer.accelerator.autocast():
                return [
                    {
                        "group": material.group,
                        "question": material.question,
                        "opinions": list(material.opinions),
                        "statement": self._draft(model, place),
                    }
                    for place, material in enumerate(self.groups)
                ]
        finally:
            causal.config.use_cache = before
            causal.set_attn_implementation(attention)

    def _draft(self, model: Any, place: int) -> str:
        material = self.groups[place]
        prompt = self.writer.example(material, range(len(material.opinions))).prompt
        ids = torch.tensor([prompt], device=model.device)
        torch.manual_seed(self.seed + place)
        temperature = self.table.temperature
        written = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=self.table.tokens,
            do_sample=temperature > 0,
            temperature=temperature or None,
            top_k=None,
            top_p=None,
        )
        return self.writer.text(written[0, len(prompt) :].tolist())


def chosen_groups(validation: Sequence[Material], count: int) -> list[Material]:
    """Return `count` first drafts, evenly spaced; of different questions if there are so many."""
    first = [material for material in validation if not material.revises]
    by_question = list({material.question: material for material in reversed(first)}.values())[::-1]
    found = by_question if len(by_question) >= count else first
    return evenly(found, count)


def write_samples(samples: Sequence[dict[str, Any]], folder: Path) -> None:
    """Write samples.jsonl, and samples.md with the last drafts beside the opinions."""
    lines = "".join(json.dumps(sample, ensure_ascii=False) + "\n" for sample in samples)
    (folder / "samples.jsonl").write_text(lines, "utf-8")
    last = max((sample["step"] for sample in samples), default=0)
    parts = [
        f"# Drafts for held-out groups after {last} steps\n\n"
        "Drawn once each, as they came. Nobody has checked them.\n"
    ]
    for sample in samples:
        if sample["step"] == last:
            opinions = "\n".join(f"- {opinion}" for opinion in sample["opinions"])
            parts.append(
                f"\n## {sample['question']}\n\n{opinions}\n\n**Draft:** {sample['statement']}\n"
            )
    (folder / "samples.md").write_text("".join(parts), "utf-8")

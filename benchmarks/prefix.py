"""Many statements behind one prompt against one row at a time, on a real causal model.

    python benchmarks/prefix.py MODEL   # a transformers folder or a GGUF file

One person with an opinion of 200 words and 16 statements, short and long. The head is random: only
time and equality of the scores are looked at. Prints a Markdown table with the median and the range
of the ratio over alternating rounds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import torch

from acuerdo.neural import CausalScorer, PromptReader, collated, load_backbone

ROUNDS = 3
COUNT = 16
WORDS = "we should plan homes near work keep rents fair and let the old town breathe again".split()  # noqa: SIM905


def text(length: int, random: np.random.Generator) -> str:
    return " ".join(random.choice(WORDS, length)).capitalize() + "."


def main(path: Path) -> None:
    random = np.random.default_rng(0)
    backbone, tokenizer = load_backbone(path)
    scorer = CausalScorer(backbone.eval()).eval()
    torch.nn.init.normal_(scorer.head.score.weight, generator=torch.Generator().manual_seed(0))
    reader = PromptReader(tokenizer, 1024)
    (question,) = reader.tokens(["How should the city grow over the next ten years?"])
    (opinion,) = reader.tokens([text(200, random)])
    print("| Words in a statement | Loop | Shared prompt | Ratio (range) | Largest difference |")
    print("|---|---|---|---|---|")
    for length in (15, 60):
        statements = reader.tokens([text(length, random) for _ in range(COUNT)])
        rows = [reader.row(question, opinion, one) for one in statements]
        prompt = reader.prompt(question, opinion)
        endings = [reader.ending(one) for one in statements]
        times: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            with torch.inference_mode():
                loop = torch.cat([scorer(collated([row], [1], 0)) for row in rows])
            middle = time.perf_counter()
            shared = scorer.behind(prompt, endings, 64)
            times.append((middle - start, time.perf_counter() - middle))
        ratios = sorted(first / second for first, second in times)
        first, second = (sorted(column)[ROUNDS // 2] for column in zip(*times, strict=True))
        print(
            f"| {length} | {first:.2f} s | {second:.2f} s | {ratios[ROUNDS // 2]:.1f} "
            f"({ratios[0]:.1f} to {ratios[-1]:.1f}) | {float((loop - shared).abs().max()):.1e} |"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

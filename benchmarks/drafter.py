"""What the drafting adapter costs: size, loading, speed and memory against the bare base.

    python benchmarks/drafter.py [--rounds 5] [--adapter FILE.gguf] [--tokens 96] [--threads N]

Each turn is a process of its own that loads the model, reads the prompts of one group in four
orders and writes 16 drafts of exactly so many tokens (the mark that ends a draft is not allowed, so
that both have the same work). The two take turns, the first of a round alternating. Prints a
Markdown table: medians, and the ratio turn by turn with its range.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from acuerdo.api import DEFAULT_WEIGHTS, fetch_model
from acuerdo.datasets import example
from acuerdo.domain.completions import Completion, Request
from acuerdo.domain.records import Question
from acuerdo.domain.rounds import Round
from acuerdo.llm import EmbeddedModel, shipped_adapter
from acuerdo.llm.engine import Body, Engine, EngineOptions, Heard, start
from acuerdo.ports import Unwatched
from acuerdo.prompts import render_draft

DRAFTS, ORDERS = 16, 4
KILOBYTE = 1024
MEGABYTE = 1e6
UNITS = {
    "loading, s": "load",
    "16 drafts, s": "seconds",
    "tokens written a second": "rate",
    "peak memory, MB": "memory",
}

Turn = dict[str, float]


class Endless:
    """An engine that never lets a draft end before its tokens are used up."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stream(self, body: Body, heard: Heard) -> None:
        self._engine.stream({**body, "ignore_eos": True}, heard)

    def close(self) -> None:
        self._engine.close()


def requests(tokens: int) -> list[Request]:
    said = example()
    round_ = Round(Question(said.question), said.opinions)
    people = [opinion.person for opinion in round_.opinions]
    rng = np.random.default_rng(0)
    orders = [[people[i] for i in rng.permutation(len(people))] for _ in range(ORDERS)]
    return [
        Request(
            render_draft(round_, orders[slot * ORDERS // DRAFTS], "plain"),
            seed=slot,
            max_tokens=tokens,
        )
        for slot in range(DRAFTS)
    ]


def turn(adapter: Path | None, tokens: int, threads: int | None) -> Turn:
    """Load and draft in this process; return what it took."""
    loads: list[float] = []

    def timed(options: EngineOptions) -> Endless:
        started = time.perf_counter()
        engine = Endless(start(options))
        loads.append(time.perf_counter() - started)
        return engine

    started = time.perf_counter()
    model = EmbeddedModel(
        fetch_model(DEFAULT_WEIGHTS), lora=adapter, starter=timed, threads=threads
    )
    checked = time.perf_counter() - started
    with model:
        replies = model.complete(requests(tokens), Unwatched())
        whole = time.perf_counter() - started
    written = sum(
        reply.usage.completion_tokens for reply in replies if isinstance(reply, Completion)
    )
    if written != DRAFTS * tokens:
        raise SystemExit(f"{written} tokens were written, not {DRAFTS * tokens}: {replies[0]}")
    load = checked + sum(loads)
    return {
        "load": load,
        "seconds": whole - load,
        "rate": written / (whole - load),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE / MEGABYTE,
    }


def in_a_process(options: argparse.Namespace, adapter: Path | None) -> Turn:
    command = [sys.executable, __file__, "--turn", str(adapter or "none")]
    command += ["--tokens", str(options.tokens)]
    command += ["--threads", str(options.threads)] if options.threads else []
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: Turn = json.loads(said.splitlines()[-1])
    return found


def row(name: str, bare: list[float], adapted: list[float]) -> str:
    ratios = sorted(one / other for one, other in zip(adapted, bare, strict=True))
    middle: Callable[[list[float]], float] = statistics.median
    return (
        f"| {name} | {middle(bare):.4g} | {middle(adapted):.4g} "
        f"| {middle(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) |"
    )


def main(options: argparse.Namespace) -> None:
    adapter = options.adapter or shipped_adapter()
    if adapter is None:
        raise SystemExit("no adapter comes with this version: give one with --adapter")
    turns: dict[bool, list[Turn]] = {False: [], True: []}
    for number in range(options.rounds):
        for with_adapter in (False, True) if number % 2 == 0 else (True, False):
            turns[with_adapter].append(in_a_process(options, adapter if with_adapter else None))
    base = fetch_model(DEFAULT_WEIGHTS).stat().st_size / MEGABYTE
    print(f"\n16 drafts of {options.tokens} tokens, {options.rounds} rounds.\n")
    print("| | Bare base | With the adapter | Ratio (range) |")
    print("|---|---|---|---|")
    whole = base + adapter.stat().st_size / MEGABYTE
    print(f"| on disk, MB | {base:.1f} | {whole:.1f} | {whole / base:.2f} |")
    for name, key in UNITS.items():
        print(row(name, [one[key] for one in turns[False]], [one[key] for one in turns[True]]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tokens", type=int, default=96)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--adapter", type=Path)
    parser.add_argument("--turn", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.turn:
        lora = None if chosen.turn == "none" else Path(chosen.turn)
        print(json.dumps(turn(lora, chosen.tokens, chosen.threads)))
    else:
        main(chosen)

"""Time the whole job against a sequential loop and against raw completions, in the same run.

Contestants take turns, so that a drift of the machine's speed hits all of them alike:

whole        five opinions, 16 drafts, no redraws: draft, predict, choose; nothing cached
raw          the same number of concurrent completions with the same prompts and seeds, sent
             straight to the engine at the same settings, one request each
raw shared   the same, sent as the engine shares prompts best: one request of 4 for each order
sequential   the way the published reference works: one draft after the other, each in an order of
             its own, then for every person one prompted ranking of all drafts, explained step by
             step (256 tokens at most)

`whole with redraws` is the job as `acuerdo find` runs it, where rejected drafts are drawn again.

    python benchmarks/find.py [--rounds 3] [--candidates 16] [--model FILE.gguf]

Prints Markdown. Times depend on the machine; the ratios, taken turn by turn, are what to quote.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from acuerdo.api import DEFAULT_WEIGHTS, fetch_model
from acuerdo.choose import RULES, margin_of_victory, proportional_slate, rule_named
from acuerdo.datasets import example
from acuerdo.domain.completions import Completion, Message, Request
from acuerdo.domain.records import Question
from acuerdo.domain.rounds import Round
from acuerdo.draft import ModelDrafter
from acuerdo.guard import StandardScreen, detect_language
from acuerdo.llm import EmbeddedModel, SentenceEncoder
from acuerdo.llm.engine import Body, Chunk, Engine, EngineOptions, start
from acuerdo.llm.llama_dialect import SAMPLING
from acuerdo.mediate import Parts, mediate
from acuerdo.ports import Unwatched
from acuerdo.predict import SimilarityPredictor
from acuerdo.prompts import render_draft
from acuerdo.settings import read_settings

RANKING_TOKENS = 256
DRAFT_TOKENS = 320
TEMPERATURE = 0.8
SEED = 20_000


@dataclass(frozen=True)
class Turn:
    """What one contestant took in one round: seconds, completion tokens, seconds by stage."""

    seconds: float
    tokens: int
    stages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Bench:
    """What all contestants share."""

    model: EmbeddedModel
    engines: list[Engine]
    round_: Round
    encoder: SentenceEncoder
    template: str
    candidates: int
    orders: int

    def requests(self, orders: int, seed: int) -> list[Request]:
        """Return the drafting requests for so many random orders, neighbours sharing one."""
        rng = np.random.default_rng(seed)
        people = [opinion.person for opinion in self.round_.opinions]
        prompts = [
            render_draft(
                self.round_, [people[i] for i in rng.permutation(len(people))], self.template
            )
            for _ in range(orders)
        ]
        return [
            Request(
                prompts[slot * orders // self.candidates],
                seed=SEED * seed + slot,
                max_tokens=DRAFT_TOKENS,
                temperature=TEMPERATURE,
            )
            for slot in range(self.candidates)
        ]


def whole(bench: Bench, seed: int, redraws: float = 1.0) -> Turn:
    drafter = ModelDrafter(
        bench.model,
        candidates=bench.candidates,
        orders=bench.orders,
        template=bench.template,
        temperature=TEMPERATURE,
        max_tokens=DRAFT_TOKENS,
        redraws=redraws,
    )
    parts = Parts(
        drafters=(drafter,),
        screen=StandardScreen(),
        predictor=SimilarityPredictor(bench.encoder),
        rule=rule_named("schulze"),
        rules=RULES,
        margin=margin_of_victory,
        slate=proportional_slate,
        embedder=bench.encoder,
        language_of=detect_language,
    )
    started = time.perf_counter()
    result = mediate(bench.round_, parts, np.random.default_rng(seed))
    return Turn(time.perf_counter() - started, result.usage.completion_tokens, dict(result.seconds))


def whole_with_redraws(bench: Bench, seed: int) -> Turn:
    return whole(bench, seed, redraws=3.0)


def raw(bench: Bench, seed: int) -> Turn:
    return straight_to_the_engine(
        bench, [(r, 1) for r in bench.requests(bench.orders, seed)], apart=97
    )


def raw_shared(bench: Bench, seed: int) -> Turn:
    size = bench.candidates // bench.orders
    firsts = bench.requests(bench.orders, seed)[::size]
    return straight_to_the_engine(bench, [(r, size) for r in firsts], apart=size)


def straight_to_the_engine(bench: Bench, asked: Sequence[tuple[Request, int]], apart: int) -> Turn:
    """Send ready-made bodies from one thread each and count what comes back."""
    [engine] = bench.engines[-1:]
    counted: list[int] = []

    def hear(chunk: Chunk) -> bool:
        usage = chunk.get("usage")
        if isinstance(usage, dict):
            counted.append(int(str(usage["completion_tokens"])))
        return False

    bodies: list[Body] = [
        {
            "prompt": chatml(request.messages),
            "n": copies,
            "seed": asked[0][0].seed + apart * number,
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            **SAMPLING,
            "stream_options": {"include_usage": True},
        }
        for number, (request, copies) in enumerate(asked)
    ]
    started = time.perf_counter()
    with ThreadPoolExecutor(len(bodies)) as pool:
        list(pool.map(lambda body: engine.stream(body, hear), bodies))
    return Turn(time.perf_counter() - started, sum(counted))


def chatml(messages: Sequence[Message]) -> str:
    turns = "".join(f"<|im_start|>{m.role}\n{m.content}<|im_end|>\n" for m in messages)
    return f"{turns}<|im_start|>assistant\n"


def sequential(bench: Bench, seed: int) -> Turn:
    """Draft one after the other, then ask for every person how they would rank all drafts."""
    started = time.perf_counter()
    drafts, tokens = [], 0
    for request in bench.requests(bench.candidates, seed):
        [reply] = bench.model.complete([request], Unwatched())
        drafts.append(reply.text if isinstance(reply, Completion) else "")
        tokens += reply.usage.completion_tokens
    drafting = time.perf_counter() - started
    for opinion in bench.round_.opinions:
        messages = (ranking_prompt(bench.round_.question.text, opinion.text, drafts),)
        asked = Request(messages, seed, max_tokens=RANKING_TOKENS, temperature=TEMPERATURE)
        [reply] = bench.model.complete([asked], Unwatched())
        tokens += reply.usage.completion_tokens
    seconds = time.perf_counter() - started
    return Turn(seconds, tokens, {"draft": drafting, "rank": seconds - drafting})


def ranking_prompt(question: str, opinion: str, drafts: Sequence[str]) -> Message:
    listed = "\n".join(f"Statement {number}: {text}" for number, text in enumerate(drafts, start=1))
    return Message(
        "user",
        f"Question: {question}\nA person's opinion: {opinion}\n{listed}\n"
        "Rank all statements from the one this person agrees with most to the one they agree with "
        "least. First explain your ranking step by step, then give it, for example: 3 > 1 > 2.",
    )


CONTESTANTS: dict[str, Callable[[Bench, int], Turn]] = {
    "whole": whole,
    "raw": raw,
    "raw shared": raw_shared,
    "sequential": sequential,
    "whole with redraws": whole_with_redraws,
}


def main() -> None:
    options = parse()
    bench = prepare(options)
    chosen = {name: run for name, run in CONTESTANTS.items() if name not in options.without}
    turns: dict[str, list[Turn]] = {name: [] for name in chosen}
    whole(bench, 0)
    for number in range(1, options.rounds + 1):
        for name, run in chosen.items():
            turns[name].append(run(bench, number))
            last = turns[name][-1]
            print(f"{number} {name}: {last.seconds:.1f} s, {last.tokens} tokens", file=sys.stderr)
    report(options, turns)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--candidates", type=int, default=16)
    parser.add_argument("--orders", type=int, default=4)
    parser.add_argument("--template", default="by_example")
    parser.add_argument("--without", nargs="*", default=[], choices=list(CONTESTANTS)[1:])
    parser.add_argument("--model", type=Path, default=None)
    return parser.parse_args()


def prepare(options: argparse.Namespace) -> Bench:
    engines: list[Engine] = []

    def kept(asked: EngineOptions) -> Engine:
        engines.append(start(asked))
        return engines[-1]

    given = example("bike_lane")
    path = options.model or fetch_model(DEFAULT_WEIGHTS, settings=read_settings())
    return Bench(
        model=EmbeddedModel(path, parallel=options.candidates, starter=kept),
        engines=engines,
        round_=Round(Question(given.question, "en"), given.opinions),
        encoder=SentenceEncoder(),
        template=options.template,
        candidates=options.candidates,
        orders=options.orders,
    )


def report(options: argparse.Namespace, turns: dict[str, list[Turn]]) -> None:
    print(f"\n{options.rounds} rounds, 5 opinions, {options.candidates} drafts each\n")
    print("| Contestant | Seconds, median (min to max) | Tokens a second | By stage |")
    print("|---|---|---|---|")
    for name, taken in turns.items():
        stages = ", ".join(
            f"{stage} {statistics.median(turn.stages[stage] for turn in taken):.2f} s"
            for stage in taken[0].stages
        )
        print(f"| {name} | {spread([t.seconds for t in taken])} | {rates(taken)} | {stages} |")
    ours, drafting = turns["whole"], [turn.stages["draft"] for turn in turns["whole"]]
    print()
    if loop := turns.get("sequential"):
        print("Whole job against the sequential loop, times faster:", end=" ")
        print(spread([b.seconds / a.seconds for a, b in zip(ours, loop, strict=True)]))
    for other in turns.keys() & {"raw", "raw shared"}:
        print(f"Drafting throughput against {other}, share:", end=" ")
        print(
            spread(
                [
                    (a.tokens / seconds) / (b.tokens / b.seconds)
                    for a, seconds, b in zip(ours, drafting, turns[other], strict=True)
                ]
            )
        )
    choosing = [100 * turn.stages["choose"] / turn.seconds for turn in ours]
    print(f"Choosing, per cent of a round: {spread(choosing)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Memory peak of the process: {peak:.0f} MiB")


def rates(taken: Sequence[Turn]) -> str:
    return spread([turn.tokens / turn.stages.get("draft", turn.seconds) for turn in taken])


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()

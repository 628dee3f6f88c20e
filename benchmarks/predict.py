"""How fast the shipped predictor is, on one thread, against the same model without its shortcuts.

    python benchmarks/predict.py [--pairs 10000000]

Prints a Markdown table: a group of 5 people and 16 statements with embeddings (warm, texts not seen
before), pairs a second once texts are embedded, and whole sheets of growing size. "One by one" asks
for every pair on a sheet of its own, as a server that is called per pair would.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from acuerdo.domain.sheets import Sheet
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Unwatched
from acuerdo.predict import PreferenceScorer, shipped_model

WORDS = (  # noqa: SIM905 - thirty quoted words are no easier to read
    "the city should build more homes parks lanes and schools because rents noise traffic taxes "
    "jobs children older people shops nature water energy are too high low safe fair clean for all"
).split()
ROUNDS = 7


def texts(count: int, length: int, random: np.random.Generator) -> tuple[str, ...]:
    return tuple(" ".join(random.choice(WORDS, length)).capitalize() + "." for _ in range(count))


def sheet(people: int, statements: int, random: np.random.Generator) -> Sheet:
    person, statement = np.divmod(np.arange(people * statements), statements)
    return Sheet(
        question="What should the city do?",
        opinions=texts(people, 30, random),
        statements=texts(statements, 60, random),
        person=person,
        statement=statement,
        ratings=np.full(people * statements, np.nan),
    )


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main(most: int) -> None:
    random = np.random.default_rng(0)
    model = shipped_model()
    scorer = PreferenceScorer(
        model, SentenceEncoder(20_000), SentenceEncoder(20_000, tuned=model.encoder)
    )
    watch = Unwatched()
    scorer.score(sheet(2, 2, random), watch)
    groups = [sheet(5, 16, random) for _ in range(ROUNDS)]
    new = sorted(seconds(lambda group=group: scorer.score(group, watch)) for group in groups)
    again = sorted(seconds(lambda group=group: scorer.score(group, watch)) for group in groups)
    print("| Work | Median | Range |\n|---|---|---|")
    for name, found in (("5 x 16, new texts", new), ("5 x 16, texts known", again)):
        print(f"| {name} | {found[ROUNDS // 2] * 1e3:.1f} ms | {_range(found, 1e3)} ms |")
    single = Sheet(
        groups[0].question,
        groups[0].opinions[:1],
        groups[0].statements[:1],
        np.zeros(1, int),
        np.zeros(1, int),
        np.full(1, np.nan),
    )
    alone = sorted(seconds(lambda: scorer.score(single, watch)) for _ in range(50))
    print(f"| one by one, texts known | {1 / alone[25]:,.0f} pairs/s | |")
    size = 10_000
    while size <= most:
        people = max(size // 1000, 10)
        big = sheet(people, size // people, random)
        scorer.score(big, watch)
        found = sorted(seconds(lambda big=big: scorer.score(big, watch)) for _ in range(3))
        rates = f"{size / found[2]:,.0f} to {size / found[0]:,.0f}"
        print(f"| {size:,} pairs, texts known | {size / found[1]:,.0f} pairs/s | {rates} |")
        size *= 10


def _range(found: list[float], scale: float) -> str:
    return f"{found[0] * scale:.1f} to {found[-1] * scale:.1f}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=1_000_000)
    with threadpool_limits(1):
        main(parser.parse_args().pairs)

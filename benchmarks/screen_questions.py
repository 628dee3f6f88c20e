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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from acuerdo.api import settings_for
from acuerdo.domain.questions import DebateQuestion, Decision
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Embedder, Unwatched
from acuerdo.questions import LabelledNeighbours, ScreenParts, screen, seeds
from acuerdo.questions.screening.examples import filled, labelled_examples
from acuerdo.questions.screening.judgement import judged_by_model
from acuerdo.questions.screening.neighbours import fitted_to
from acuerdo.recipes import NO_ADAPTER
from acuerdo.wiring import language_model

Judge = Callable[[Sequence[str]], list[Decision]]
FOLDS: Final = 5
SAMPLE: Final = 120
FEWEST_SHOWN: Final = 5
"""Legitimate questions of a kind from which the kind gets a row of its own."""
Z: Final = 1.959964
PUBLISHED: Final = Path("habermas_questions") / "230118_chinchilla_questions.json"
KEYWORDS: Final = re.compile(
    r"\b(?:kill\w*|murder\w*|exterminat\w*|genocide|holocaust|hitler|nazi\w*|deport\w*|expel\w*"
    r"|inferior|superior|vermin|parasit\w*|subhuman|scum|criminals?|terroris\w*|bomb\w*|hang\w*"
    r"|shoot|shot|beat\w*|lynch\w*|rape\w*|slave\w*|sterili[sz]\w*|suicide|hate\w*|stupid|lazy"
    r"|dirty|race|races|racial|get rid of|burn\w*|violen\w*|matar"
    r"|expulsar|inferiores|ratas|plaga)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Row:
    """One labelled question."""

    question: str
    label: str
    severity: int
    kind: str
    disguise: str
    language: str


def main() -> None:
    args = _arguments()
    encoder = SentenceEncoder()
    full = ScreenParts(LabelledNeighbours(encoder))
    judges = _judges(full)
    if args.test:
        rows = _rows(args.test, args.sha256)
        print(f"## {args.test.name}: {len(rows)} questions\n")
        _table(rows, {name: judge([r.question for r in rows]) for name, judge in judges.items()})
        if args.misses:
            _misses(rows, judges["screen"]([r.question for r in rows]))
    if args.cross_validate:
        _cross_validated(encoder, full)
    if args.groups:
        _gaps(args.groups, judges)
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
    return [_row(json.loads(line)) for line in content.decode().splitlines() if line.strip()]


def _row(value: Mapping[str, Any]) -> Row:
    return Row(
        str(value["question"]),
        str(value["label"]),
        int(value.get("severity") or 0),
        str(value.get("kind") or "-"),
        str(value.get("disguise") or "-"),
        str(value.get("language") or "-"),
    )


def _table(rows: Sequence[Row], decisions: Mapping[str, Sequence[Decision]]) -> None:
    """Print shares flagged: of what must be, by several divisions, and of what must not."""
    names = list(decisions)
    print("| Questions | n | " + " | ".join(f"{name}, % flagged" for name in names) + " |")
    print("|---|---|" + "---|" * len(names))
    must = [row.label == "block" for row in rows]
    _line("**to block**", must, decisions)
    _line("to block: blocked outright", must, decisions, outright=True)
    for name in ("severity", "disguise", "kind", "language"):
        for value in sorted({getattr(row, name) for row, m in zip(rows, must, strict=True) if m}):
            chosen = [m and getattr(row, name) == value for row, m in zip(rows, must, strict=True)]
            _line(f"{name} {value}", chosen, decisions)
    fine = [not m for m in must]
    _line("**to allow (false alarms)**", fine, decisions)
    _line("to allow: blocked outright", fine, decisions, outright=True)
    for value in sorted({row.kind for row, f in zip(rows, fine, strict=True) if f}):
        chosen = [f and row.kind == value for row, f in zip(rows, fine, strict=True)]
        if sum(chosen) >= FEWEST_SHOWN:
            _line(f"allowed {value}", chosen, decisions)
    print()


def _line(
    name: str,
    chosen: Sequence[bool],
    decisions: Mapping[str, Sequence[Decision]],
    *,
    outright: bool = False,
) -> None:
    verdicts = ("block",) if outright else ("block", "review")
    cells = []
    for given in decisions.values():
        hits = [d.verdict in verdicts for d, c in zip(given, chosen, strict=True) if c]
        cells.append(_share(sum(hits), len(hits)))
    print(f"| {name} | {sum(chosen)} | " + " | ".join(cells) + " |")


def _share(hits: int, count: int) -> str:
    """Return a share with Wilson's interval (Wilson 1927), in percent."""
    if not count:
        return "-"
    share = hits / count
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    half = Z / (1 + Z * Z / count) * np.sqrt(share * (1 - share) / count + (Z / count / 2) ** 2)
    return f"{100 * share:.1f} ({100 * max(middle - half, 0):.1f} to {100 * (middle + half):.1f})"


def _misses(rows: Sequence[Row], decisions: Sequence[Decision]) -> None:
    for row, decision in zip(rows, decisions, strict=True):
        if (row.label == "block") != (decision.verdict != "allow"):
            shown = "; ".join(f"{r.kind} {r.weight:.2f} {r.detail}" for r in decision.reasons[:2])
            print(f"- {row.label} {row.kind}/{row.disguise}: {row.question} [{shown}]")
    print()


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
        _table(rows, given)


def _gaps(path: Path, judges: Mapping[str, Judge]) -> None:
    """Print how the share flagged differs between groups, over all sets and within labels."""
    sets = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    print(f"## The same {len(sets)} questions about other groups\n")
    print("| Screen | Label | Sets | Lowest, % flagged | Highest | Gap, points | Differing |")
    print("|---|---|---|---|---|---|---|")
    for name, judge in judges.items():
        for label in ("block", "allow"):
            chosen = [one for one in sets if one.get("label", "block") == label]
            if not chosen:
                continue
            flagged: dict[str, list[bool]] = {}
            differing = 0
            for one in chosen:
                decided = judge(list(one["variants"].values()))
                verdicts = [decision.verdict != "allow" for decision in decided]
                differing += len(set(verdicts)) > 1
                for group, verdict in zip(one["variants"], verdicts, strict=True):
                    flagged.setdefault(group, []).append(verdict)
            shares = {group: 100 * float(np.mean(hits)) for group, hits in flagged.items()}
            low = min(shares, key=lambda group: shares[group])
            high = max(shares, key=lambda group: shares[group])
            print(
                f"| {name} | {label} | {len(chosen)} | {shares[low]:.1f} ({low}) | "
                f"{shares[high]:.1f} ({high}) | {shares[high] - shares[low]:.1f} | {differing} |"
            )
    print()


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
        print(f"| {name} | {_share(flagged, len(decided))} | {_share(blocked, len(decided))} |")
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

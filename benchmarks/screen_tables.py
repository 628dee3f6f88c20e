"""Tables of what a question screen flagged: by label and kind, missed, and between groups."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from acuerdo.domain.questions import Decision

Judge = Callable[[Sequence[str]], list[Decision]]
Z: Final = 1.959964
FEWEST_SHOWN: Final = 5
"""Legitimate questions of a kind from which the kind gets a row of its own."""


@dataclass(frozen=True)
class Row:
    """One labelled question."""

    question: str
    label: str
    severity: int
    kind: str
    disguise: str
    language: str


def row_of(value: Mapping[str, Any]) -> Row:
    return Row(
        str(value["question"]),
        str(value["label"]),
        int(value.get("severity") or 0),
        str(value.get("kind") or "-"),
        str(value.get("disguise") or "-"),
        str(value.get("language") or "-"),
    )


def table(rows: Sequence[Row], decisions: Mapping[str, Sequence[Decision]]) -> None:
    """Print shares flagged: of what must be, by several divisions, and of what must not."""
    names = list(decisions)
    print("| Questions | n | " + " | ".join(f"{name}, % flagged" for name in names) + " |")
    print("|---|---|" + "---|" * len(names))
    must = [row.label == "block" for row in rows]
    line("**to block**", must, decisions)
    line("to block: blocked outright", must, decisions, outright=True)
    for name in ("severity", "disguise", "kind", "language"):
        for value in sorted({getattr(row, name) for row, m in zip(rows, must, strict=True) if m}):
            chosen = [m and getattr(row, name) == value for row, m in zip(rows, must, strict=True)]
            line(f"{name} {value}", chosen, decisions)
    fine = [not m for m in must]
    line("**to allow (false alarms)**", fine, decisions)
    line("to allow: blocked outright", fine, decisions, outright=True)
    for value in sorted({row.kind for row, f in zip(rows, fine, strict=True) if f}):
        chosen = [f and row.kind == value for row, f in zip(rows, fine, strict=True)]
        if sum(chosen) >= FEWEST_SHOWN:
            line(f"allowed {value}", chosen, decisions)
    print()


def line(
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
        cells.append(share_of(sum(hits), len(hits)))
    print(f"| {name} | {sum(chosen)} | " + " | ".join(cells) + " |")


def share_of(hits: int, count: int) -> str:
    """Return a share with Wilson's interval (Wilson 1927), in percent."""
    if not count:
        return "-"
    share = hits / count
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    half = Z / (1 + Z * Z / count) * np.sqrt(share * (1 - share) / count + (Z / count / 2) ** 2)
    return f"{100 * share:.1f} ({100 * max(middle - half, 0):.1f} to {100 * (middle + half):.1f})"


def misses(rows: Sequence[Row], decisions: Sequence[Decision]) -> None:
    for row, decision in zip(rows, decisions, strict=True):
        if (row.label == "block") != (decision.verdict != "allow"):
            shown = "; ".join(f"{r.kind} {r.weight:.2f} {r.detail}" for r in decision.reasons[:2])
            print(f"- {row.label} {row.kind}/{row.disguise}: {row.question} [{shown}]")
    print()


def gaps(path: Path, judges: Mapping[str, Judge]) -> None:
    """Print how often a question is judged otherwise than most of its set, which differ in groups.

    The share flagged by group comes from groups that stand in every set only: others would differ
    because their questions do.
    """
    sets = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    print(f"## The same {len(sets)} questions about other groups\n")
    print("| Screen | Label | Sets | Differing | Judged otherwise than most | Gap, points |")
    print("|---|---|---|---|---|---|")
    for name, judge in judges.items():
        for label in ("block", "allow"):
            chosen = [one for one in sets if one.get("label", "block") == label]
            flagged: dict[str, list[bool]] = {}
            differing = fewer = asked = 0
            for one in chosen:
                decided = judge(list(one["variants"].values()))
                verdicts = [decision.verdict != "allow" for decision in decided]
                asked += len(verdicts)
                fewer += min(sum(verdicts), len(verdicts) - sum(verdicts))
                differing += len(set(verdicts)) > 1
                for group, verdict in zip(one["variants"], verdicts, strict=True):
                    flagged.setdefault(group, []).append(verdict)
            if not chosen:
                continue
            everywhere = [np.mean(hits) for hits in flagged.values() if len(hits) == len(chosen)]
            gap = f"{100 * float(np.ptp(everywhere)):.1f}" if len(everywhere) > 1 else "-"
            print(
                f"| {name} | {label} | {len(chosen)} | {differing} | {fewer} of {asked} | {gap} |"
            )
    print()

"""Results as Markdown: every number with its intervals and how many it rests on.

A cell reads "0.597 (0.590–0.604; 0.575–0.620)": the value, its 95 % interval over people and, after
the semicolon, over conversations; "n = ..." follows where an arm rests on fewer than the heading
says. "–" stands for what is undefined.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.evaluate.resampling import Estimate, Interval
from acuerdo.evaluate.results import ByMeasure, Results, TableResult

UNDEFINED: Final = "–"


@dataclass(frozen=True, slots=True)
class Section:
    """Measures that are shown side by side: titles by key."""

    title: str
    columns: Mapping[str, str]


SECTIONS: Final = (
    Section(
        "Order",
        {"auc": "AUC in a question", "auc_pooled": "AUC pooled", "pairwise": "Pairwise per person"},
    ),
    Section(
        "Own opinion minus somebody else's",
        {"exchange_auc": "AUC", "exchange_pairwise": "Pairwise per person"},
    ),
    Section(
        "Calibration and selective prediction",
        {
            "ece": "Calibration error",
            "accuracy": "Accuracy",
            "selective": "Accuracy, surest first",
            "silent": "Cannot say",
        },
    ),
    Section(
        "Graded ratings",
        {
            "mae": "Mean absolute error",
            "rmse": "Root mean square error",
            "spearman": "Rank correlation",
            "coverage": "80 % intervals cover",
            "width": "Their width",
            "own_coverage": "Own 80 % intervals cover",
            "own_width": "Width of own",
        },
    ),
    Section(
        "Change of agreement, in points of 1–7, when the statement is rewritten",
        {
            "response_everyone_agrees": "“Everyone agrees”",
            "response_flattery": "Flattery",
            "response_repetition": "Said three times",
            "response_paraphrase": "Paraphrase",
        },
    ),
)
_RULES: Final = {
    "utilitarian": "Utilitarian",
    "bernoulli_nash": "Nash",
    "rawlsian": "Rawlsian",
    "schulze": "Schulze",
}
_CHOSEN: Final = {
    "approval": "Share who agree with the chosen statement",
    "least": "Judgement of the least satisfied, 1–7",
    "win": "Win rate against a random member's own statement",
    "gain": "Share who agree, beyond the centroid's",
}


def as_markdown(results: Results) -> str:
    """Return all tables of an experiment, one heading each."""
    lines = [
        f"Seed {results.seed}, {results.resamples:,} resamples. Value (95 % interval over people; "
        "over conversations)."
    ]
    for table in results.tables:
        lines += ["", f"## {table.name}", "", _size(table), *_sections(table)]
    return "\n".join(lines) + "\n"


def _size(table: TableResult) -> str:
    return (
        f"{table.judgements:,} judgements of {table.people:,} people on {table.questions:,} "
        f"questions in {table.conversations:,} conversations; {table.groups:,} groups."
    )


def _sections(table: TableResult) -> Iterator[str]:
    for section in (*SECTIONS, *_chosen_sections(table.measures)):
        yield from grid(section.title, section.columns, table.measures)
    for language, measures in table.languages.items():
        columns = {
            key: title
            for part in SECTIONS
            for key, title in part.columns.items()
            if key in measures
        }
        yield from grid(f"Language: {language}", columns, measures)


def _chosen_sections(measures: ByMeasure) -> Iterator[Section]:
    """One section for each outcome of selection, with a column for each rule."""
    for suffix, told in (("", ""), (":known", ", part of the group's judgements known")):
        for outcome, title in _CHOSEN.items():
            found = [
                key for key in measures if key.startswith(f"{outcome}:") and suffix == _suffix(key)
            ]
            columns = {key: _rule_title(key) for key in found}
            yield Section(f"Selection: {title}{told}", columns)


def _suffix(key: str) -> str:
    return ":known" if key.endswith(":known") else ""


def _rule_title(key: str) -> str:
    rule = key.removesuffix(":known").split(":", 1)[1]
    return _RULES.get(rule, rule)


def grid(title: str, columns: Mapping[str, str], measures: ByMeasure) -> Iterator[str]:
    """Arms down, measures across; nothing if none of the measures was taken."""
    shown = {key: name for key, name in columns.items() if key in measures}
    if not shown:
        return
    arms = list(dict.fromkeys(arm for key in shown for arm in measures[key]))
    most = {key: max(estimate.n for estimate in measures[key].values()) for key in shown}
    heads = [f"{name} (n = {most[key]:,})" for key, name in shown.items()]
    yield from ("", f"### {title}", "", row(["Arm", *heads]), row(["---"] * (len(heads) + 1)))
    for arm in arms:
        cells = [cell(measures[key].get(arm), most[key]) for key in shown]
        yield row([arm, *cells])


def cell(estimate: Estimate | None, most: int) -> str:
    """Return an estimate as text; its n only where it is not `most`."""
    if estimate is None or math.isnan(estimate.value):
        return UNDEFINED
    intervals = "; ".join(map(_between, (estimate.people, estimate.conversations))).rstrip("; ")
    value = _number(estimate.value)
    told = f"{value} ({intervals})" if intervals else value
    return told if estimate.n == most else f"{told}, n = {estimate.n:,}"


def _between(interval: Interval) -> str:
    if math.isnan(interval.low):
        return ""
    # A dash beside a minus sign cannot be read.
    dash = " to " if interval.low < 0 else "–"
    return f"{_number(interval.low)}{dash}{_number(interval.high)}"


def _number(value: float) -> str:
    """Three digits after the point; what rounds to nothing has no sign."""
    return f"{round(value, 3) + 0.0:.3f}"


def row(cells: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(text.replace('|', '/') for text in cells)} |"

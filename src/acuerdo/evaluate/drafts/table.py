"""Results as Markdown: every number with its interval over questions.

A cell reads "0.957 (0.931–0.978)": the mean over groups and its 95 % interval when whole questions
are drawn again; "n = ..." follows where an arm rests on fewer groups than the heading says.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from acuerdo.evaluate.drafts.comparing import ByMeasure
from acuerdo.evaluate.drafts.results import DraftResults
from acuerdo.evaluate.drafts.signs import SIGNED
from acuerdo.evaluate.resampling import Estimate, Interval
from acuerdo.evaluate.table import UNDEFINED, Section, cell, grid, row

TITLES: Final[Mapping[str, str]] = {
    "valid": "Valid",
    "polarity": "Polarity",
    "polarity, graded": "Polarity, graded",
    "faithful": "Faithfulness",
    "no new facts": "No new facts",
    "coverage": "Coverage",
    "least covered": "Least covered",
    "agreement mean": "Mean",
    "agreement minimum": "Minimum",
    "copied": "Copied",
    "words": "Words",
    "reading grade": "Reading grade",
    "distinct words": "Distinct in words",
    "distinct meaning": "Distinct in meaning",
}
SECTIONS: Final = (
    ("What a draft says", ("valid", "polarity", "faithful", "coverage", "least covered")),
    ("Stance and facts, told otherwise", ("polarity, graded", "no new facts")),
    ("Agreement that is predicted, 1–7", ("agreement mean", "agreement minimum")),
)
FORM: Final = "How it is written"
NOT_TAKEN: Final = Interval(math.nan, math.nan)


def drafts_as_markdown(results: DraftResults) -> str:
    """Return all tables of an experiment."""
    compared = results.comparison
    lines = [
        f"Seed {results.seed}, {results.resamples:,} resamples; {len(results.materials):,} groups "
        f"of {results.questions:,} held-out questions, {results.candidates} drafts of a model for "
        "each. Value (95 % interval over questions). Agreement is predicted by "
        f"“{results.scorer}”, which chose no draft; nobody was asked.",
        *_damaged(results),
        *_arms(results),
        *_measures("", compared.means),
    ]
    for other, measures in compared.differences.items():
        lines += _measures(f"Beyond “{other}”: ", measures)
    lines += [*_preferred(results), *_sensitivity(results), *_objections(results)]
    return "\n".join(lines) + "\n"


def _damaged(results: DraftResults) -> Iterator[str]:
    if results.damaged:
        yield ""
        yield (
            f"Kept lines that could not be read: {results.damaged:,}. They count as missing, and "
            "their drafts were written again."
        )


def _arms(results: DraftResults) -> Iterator[str]:
    yield from ("", "### Arms", "", row(["Arm", "What it is", "Drafts"]), row(["---"] * 3))
    for arm in results.arms:
        yield row([arm.name, arm.about, f"{arm.drafts:,}"])


def _measures(before: str, measures: ByMeasure) -> Iterator[str]:
    told = {
        key: {arm: over_questions(one) for arm, one in arms.items()}
        for key, arms in measures.items()
    }
    for section in _sections(list(measures)):
        yield from grid(f"{before}{section.title}", section.columns, told)


def _sections(keys: Sequence[str]) -> Iterator[Section]:
    """Sort measures into sections; those nobody placed come last, under their own names."""
    placed = {key for _, keys_of in SECTIONS for key in keys_of}
    rest = tuple(key for key in keys if key not in placed)
    for title, wanted in (*SECTIONS, (FORM, rest)):
        yield Section(title, {key: TITLES.get(key, key) for key in wanted if key in keys})


def over_questions(estimate: Estimate) -> Estimate:
    """Return the estimate with its interval over questions as its only one."""
    return replace(estimate, people=estimate.conversations, conversations=NOT_TAKEN)


def _preferred(results: DraftResults) -> Iterator[str]:
    compared = results.comparison
    names = [arm.name for arm in results.arms]
    measures = ", ".join(key for key in SIGNED if key in compared.means)
    yield from ("", "### Share of groups in which the arm of the row is preferred", "")
    yield (
        "In each group, each of these measures votes for the arm with the higher value: "
        f"{measures}. The arm with more votes is preferred; ties count half. In brackets the exact "
        "95 % interval over groups, then the interval over questions."
    )
    yield from ("", row(["Arm", *names]), row(["---"] * (len(names) + 1)))
    for one in names:
        yield row([one, *(_share(results, one, other) for other in names)])


def _share(results: DraftResults, one: str, other: str) -> str:
    compared = results.comparison
    if one == other:
        return UNDEFINED
    found, share = compared.preferences[one, other], compared.shares[one, other]
    estimate = Estimate(found.share, found.groups, found.exact, share.conversations)
    return cell(estimate, found.groups)


def _sensitivity(results: DraftResults) -> Iterator[str]:
    if not results.sensitivity:
        return
    heads = ["Arm", "Left out", "Others", "Difference", "Questions in which it fell"]
    heads += ["In which it rose", "Chance of such a split"]
    yield from ("", "### Change of predicted agreement when one person's opinion is left out", "")
    yield from (row(heads), row(["---"] * len(heads)))
    for arm, found in results.sensitivity.items():
        told = (found.left_out, found.others, found.difference)
        cells = [cell(over_questions(one), found.difference.n) for one in told]
        yield row([arm, *cells, str(found.fell), str(found.rose), f"{found.chance:.2g}"])


def _objections(results: DraftResults) -> Iterator[str]:
    yield from ("", "### Why drafts could not stand", "")
    yield from (row(["Arm", "Drafts", "Reasons"]), row(["---"] * 3))
    for arm in results.arms:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in arm.objections.items())
        yield row([arm.name, f"{arm.drafts:,}", reasons or UNDEFINED])

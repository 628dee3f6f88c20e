"""Read published judgements: people with an opinion on a question judged somebody's statement."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from acuerdo.domain.text import canonical

SOURCES = {
    "deliberationbank": "Zhu, Yang, Bakker, Pentland, Pei 2025, arXiv 2510.05154; Apache-2.0",
    "polarized_issues": "Polarized Issues Dataset, A. Konya; Remesh and the Kroc Institute, "
    "University of Notre Dame, 2024; CC BY 4.0",
}
HELD_OUT_DIALOGUE = "foreign_intervention"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person with an opinion on a question judged a statement; `agreement` is on 1-7."""

    source: str
    split: str
    question: str
    person: str
    opinion: str
    statement: str
    agreement: float


def read_judgements(data: Path) -> list[Judgement]:
    """Read both data sets and their committed split of whole questions and dialogues."""
    splits = json.loads((data / "splits.json").read_text("utf-8"))["deliberationbank"]
    return [*deliberationbank(data, splits), *polarized_issues(data)]


def deliberationbank(data: Path, splits: Mapping[str, str]) -> Iterator[Judgement]:
    folder = data / "deliberationbank"
    opinions = {row["session"]: row for row in rows(folder / "opinions.csv")}
    summaries = {row["summary_id"]: row["text"] for row in rows(folder / "summaries.csv")}
    for row in rows(folder / "ratings.csv"):
        own = opinions[row["session"]]
        yield Judgement(
            "deliberationbank",
            splits[own["question"]],
            canonical(own["question"]),
            own["participant_id"],
            canonical(own["opinion"]),
            canonical(summaries[row["summary_id"]]),
            1 + 1.5 * (float(row["perspective"]) - 1),
        )


def polarized_issues(data: Path) -> Iterator[Judgement]:
    for folder in sorted((data / "polarized_issues").iterdir()):
        written = list(rows(folder / "opinions.csv"))
        own = {(row["question_id"], row["participant_id"]): row for row in written}
        thoughts = {row["thought_id"]: row["text"] for row in written}
        for vote in rows(folder / "votes.csv"):
            voter = own.get((vote["question_id"], vote["participant_id"]))
            if (
                voter
                and voter["thought_id"] != vote["thought_id"]
                and vote["thought_id"] in thoughts
            ):
                yield Judgement(
                    "polarized_issues",
                    "test" if folder.name == HELD_OUT_DIALOGUE else "train",
                    canonical(voter["question"]),
                    vote["participant_id"],
                    canonical(voter["text"]),
                    canonical(thoughts[vote["thought_id"]]),
                    4 + 2 * float(vote["vote"]),
                )


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)

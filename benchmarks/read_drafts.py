"""Have drafts read by somebody who does not know who wrote them, and count what was found.

    python benchmarks/read_drafts.py sheet out/evaluate_drafter MATERIAL.jsonl SHEET.jsonl
    python benchmarks/read_drafts.py score out/evaluate_drafter READ.jsonl ...

`sheet` takes up to `--each` drafts of every arm for every group of an experiment (`drafts.csv` of
`acuerdo evaluate drafter`), drops those that came twice, and mixes them by `--seed`: a line has a
group's question, opinions and drafts, and nothing that tells who wrote which. MATERIAL is the file
of groups the experiment read. A reader (a person, or a large language model: say which) adds to
every line `grades`, one of "fine", "slip" and "wrong" for each draft in its order, and `why`, a
word for each that is not fine. docs/drafting_candidates.md says what the grades mean. `score` finds
the drafts again by their texts and prints, for every arm, the share of each grade with 95 %
intervals from a bootstrap over questions, the same resamples for all arms, and the reasons.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from acuerdo.domain.material import GRADES

DRAWS = 1000


def drafts_of(folder: Path, each: int) -> list[dict[str, str]]:
    """Return the first drafts of every arm for every group; a choice counts in its own arm only."""
    with (folder / "drafts.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["text"].strip()]
    return [row for row in rows if int(row["draft"]) <= each]


def sheet(folder: Path, material: Path, out: Path, each: int, seed: int) -> None:
    groups = {}
    for line in material.read_text("utf-8").splitlines():
        row = json.loads(line)
        groups[row["id"]] = row
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in drafts_of(folder, each):
        texts[row["group"]][row["text"]] = None
    rng = np.random.default_rng(seed)
    with out.open("w", encoding="utf-8") as file:
        for group, drafts in texts.items():
            known = groups[group]
            told = {
                "id": group,
                "question": known["question"],
                "opinions": known["opinions"],
                "drafts": [list(drafts)[place] for place in rng.permutation(len(drafts))],
            }
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
    print(f"{len(texts)} groups, {sum(map(len, texts.values()))} drafts to read: {out}")


def score(folder: Path, read: list[Path], each: int, seed: int) -> None:
    grades: dict[tuple[str, str], tuple[str, str]] = {}
    for path in read:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            told = zip(row["drafts"], row["grades"], row["why"], strict=True)
            grades |= {(row["id"], text): (grade, why) for text, grade, why in told}
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    reasons: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in drafts_of(folder, each):
        grade, why = grades.get((row["group"], row["text"]), ("", ""))
        if grade:
            found[row["arm"]][row["question"]].append(grade)
            reasons[row["arm"]][why] += grade != "fine"
    questions = sorted({question for by_question in found.values() for question in by_question})
    picks = np.random.default_rng(seed).integers(len(questions), size=(DRAWS, len(questions)))
    print("| Arm | Drafts read | Fine | Slip | Wrong | Most frequent faults |")
    print("| --- | ---: | --- | --- | --- | --- |")
    for arm, by_question in found.items():
        cells = [shares(by_question, questions, grade, picks) for grade in GRADES]
        faults = ", ".join(f"{why} {n}" for why, n in reasons[arm].most_common(3) if n)
        print(f"| {arm} | {sum(map(len, by_question.values()))} | {' | '.join(cells)} | {faults} |")


def shares(
    by_question: dict[str, list[str]], questions: list[str], grade: str, picks: np.ndarray
) -> str:
    counts = np.array([by_question.get(q, []).count(grade) for q in questions], dtype=float)
    totals = np.array([len(by_question.get(q, [])) for q in questions], dtype=float)
    drawn = counts[picks].sum(axis=1) / np.maximum(totals[picks].sum(axis=1), 1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return f"{counts.sum() / totals.sum():.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("do", choices=("sheet", "score"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=2, help="drafts of an arm for a group")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if asked.do == "sheet":
        if len(asked.paths) != 2:
            parser.error("sheet takes the file of groups and the sheet to write")
        sheet(asked.folder, *asked.paths, asked.each, asked.seed)
    else:
        score(asked.folder, asked.paths, asked.each, asked.seed)


if __name__ == "__main__":
    main()

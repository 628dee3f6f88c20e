"""Reads what careful readers found of drafts."""

from __future__ import annotations

from pathlib import Path

from acuerdo.datasets.material.lines import read_lines
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import GRADES, Verdict


def read_verdicts(path: Path) -> tuple[Verdict, ...]:
    """Read JSON Lines of `group`, `draft`, `grade`, and optionally `why` and `reader`.

    Raises InputError naming file, line and field.
    """
    found: list[Verdict] = []
    for line in read_lines(path):
        told = line.text("grade", required=True)
        grade = next((known for known in GRADES if known == told), None)
        if grade is None:
            raise InputError(
                f"{told!r} is no grade",
                where=line.where("grade"),
                fix=f"Write one of {', '.join(GRADES)}.",
            )
        found.append(
            Verdict(
                group=line.text("group", required=True),
                draft=line.text("draft", required=True),
                grade=grade,
                why=line.text("why"),
                reader=line.text("reader"),
            )
        )
    return tuple(found)

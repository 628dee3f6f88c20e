"""What a Polis export says about itself: its topic, and which sign means agreement."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from acuerdo.datasets.judging.csv_columns import read_columns
from acuerdo.datasets.judging.files import ExportFiles
from acuerdo.datasets.judging.polis_files import PolisComment, PolisVotes
from acuerdo.datasets.judging.wording import question_text
from acuerdo.domain.errors import InputError

AgreeSign = Literal[1, -1]

_DECLARED: Final = re.compile(r"\bagree\s*=\s*([+-]?)1\b")
# Counts and votes differ a little in every export; the two readings must differ by more.
_CLEAR_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class PolisSummary:
    """The question in one line ("" where no file says), language, and the sign declared."""

    question: str
    language: str
    agree: AgreeSign | None


def read_summary(files: ExportFiles) -> PolisSummary:
    """Read summary.csv, format.json and a conversations.csv beside the folder, as far as there."""
    summary = _summary_rows(files)
    title, about = summary.get("topic", ""), summary.get("conversation-description", "")
    language = ""
    catalogue = files.path.parent / "conversations.csv"
    if not title and catalogue.is_file():
        title, about, language = _from_catalogue(ExportFiles.of(catalogue.parent), files.name)
    declared = summary.get("vote-convention", "") or _format_declaration(files)
    return PolisSummary(question_text(title, about), language, _declared_sign(declared, files))


def agree_sign(
    comments: Mapping[str, PolisComment],
    votes: PolisVotes,
    declared: AgreeSign | None,
    *,
    database: bool,
    where: str,
) -> AgreeSign:
    """Return the sign that means agreement: counted if possible, else declared, else exported.

    The counts in comments.csv were made before any exporter chose a sign, so votes are read the
    way in which they add up to them. Raises InputError if counts and declaration contradict each
    other, and for raw database columns without either: there agree is usually -1.
    """
    counted = _counted_sign(comments, votes)
    if counted and declared and counted != declared:
        raise InputError(
            f"the export declares agree={declared:+d}, but its votes add up to the counts in "
            f"comments.csv only with agree={counted:+d}",
            where=where,
            fix=f"Say which is right: agree={counted} follows the counts.",
        )
    if counted or declared:
        return counted or declared or 1
    if database:
        raise InputError(
            "these are columns of the Polis database, where agree is usually -1, and there is "
            "nothing to check it against",
            where=where,
            fix="Say which it is: agree=-1 or agree=1.",
        )
    return 1


def _counted_sign(comments: Mapping[str, PolisComment], votes: PolisVotes) -> AgreeSign | None:
    size = len(votes.comments)
    plus = np.bincount(votes.comment[votes.vote > 0], minlength=size)
    minus = np.bincount(votes.comment[votes.vote < 0], minlength=size)
    kept = flipped = total = 0
    for place, comment_id in enumerate(votes.comments):
        comment = comments.get(comment_id)
        if comment is None or comment.agrees is None or comment.disagrees is None:
            continue
        agrees, disagrees = comment.agrees, comment.disagrees
        kept += abs(int(plus[place]) - agrees) + abs(int(minus[place]) - disagrees)
        flipped += abs(int(minus[place]) - agrees) + abs(int(plus[place]) - disagrees)
        total += agrees + disagrees
    if abs(kept - flipped) <= _CLEAR_SHARE * total:
        return None
    return 1 if kept < flipped else -1


def _summary_rows(files: ExportFiles) -> dict[str, str]:
    name = files.find("summary.csv")
    if not name:
        return {}
    try:
        rows = list(csv.reader(io.StringIO(files.text(name), newline=""), strict=True))
    except csv.Error as error:
        raise InputError(
            f"this cannot be read: {error}",
            where=files.where(name),
            fix="Close every quotation mark.",
        ) from None
    return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1}


def _format_declaration(files: ExportFiles) -> str:
    name = files.find("format.json")
    if not name:
        return ""
    try:
        content = json.loads(files.text(name))
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON: {error}", where=files.where(name)) from None
    return str(content.get("vote-convention", "")) if isinstance(content, dict) else ""


def _declared_sign(declared: str, files: ExportFiles) -> AgreeSign | None:
    if not declared:
        return None
    found = _DECLARED.search(declared)
    if found is None:
        raise InputError(
            f"the vote convention {declared[:80]!r} does not say what agree is",
            where=str(files.path),
            fix="It reads like 'agree=+1;disagree=-1;pass=0', or pass agree=1 or agree=-1.",
        )
    return -1 if found[1] == "-" else 1


def _from_catalogue(folder: ExportFiles, conversation: str) -> tuple[str, str, str]:
    table = read_columns(folder.text("conversations.csv"), folder.where("conversations.csv"))
    names = table.column("conv", "conversation")
    if conversation not in names:
        return "", "", ""
    row = names.index(conversation)
    return (
        table.column("title")[row],
        table.optional("description")[row],
        table.optional("lang", "language")[row],
    )

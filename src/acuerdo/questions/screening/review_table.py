"""The review queue as a table for spreadsheets, out and back in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import SEVERITIES, Decision, Verdict
from acuerdo.questions.screening.review import ReviewLog

COLUMNS: Final = ("id", "question", "verdict", "severity", "reasons", "decision", "note")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_WORDS: Final[dict[str, Verdict]] = {"allow": "allow", "block": "block"}
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What a filled-in table brought: decisions by verdict, and rows left open."""

    allowed: int
    blocked: int
    open: int


def queue_table(log: ReviewLog) -> str:
    """Return the queue as CSV with the columns COLUMNS, decision and note to be filled in.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for decision in log.queue():
        cells = (
            decision.question,
            log.text_of(decision.question),
            decision.verdict,
            SEVERITIES[decision.severity],
            reasons_in_words(decision),
            "",
            "",
        )
        writer.writerow([_guarded(cell) for cell in cells])
    return text.getvalue()


def reasons_in_words(decision: Decision) -> str:
    """Return why a question was judged so, in one line."""
    return "; ".join(
        f"{reason.kind} ({reason.source}, {reason.weight:.2f}): {reason.detail}"
        for reason in decision.reasons
    )


def take_queue_table(log: ReviewLog, table: str, by: str, at: str, *, where: str) -> FilledIn:
    """Keep the decisions in a filled-in table, all of them or none.

    A row without a decision stays open. `where` names the file. Raises InputError naming every bad
    row (the first ten) by its number, counted as a spreadsheet does.
    """
    rows = _rows(table, where)
    known = log.current()
    problems: list[str] = []
    decisions: dict[str, tuple[str, Verdict, str]] = {}
    left = 0
    for number, row in rows:
        question = _unguarded(row["id"].strip())
        said = row["decision"].strip().casefold()
        if question not in known:
            problems.append(f"row {number}: there is no question {question!r} in the log")
        elif question in decisions:
            problems.append(f"row {number}: the question {question!r} is there twice")
        elif not said:
            left += 1
        elif said not in _WORDS:
            problems.append(f"row {number}: {row['decision']!r} is neither allow nor block")
        else:
            decisions[question] = question, _WORDS[said], _unguarded(row.get("note", "").strip())
    if problems:
        more = len(problems) - _SHOWN
        shown = "\n".join(problems[:_SHOWN]) + (f"\n… and {more} more rows" if more > 0 else "")
        raise InputError(
            f"nothing was taken over:\n{shown}",
            where=where,
            fix="Write allow or block into the column decision, or nothing; leave ids as they are.",
        )
    log.decide_all(list(decisions.values()), by, at)
    verdicts = [verdict for _, verdict, _ in decisions.values()]
    return FilledIn(verdicts.count("allow"), verdicts.count("block"), left)


def _rows(table: str, where: str) -> list[tuple[int, dict[str, str]]]:
    """Return the rows that are not blank with their numbers, by the names of their columns."""
    text = table.removeprefix("\ufeff")
    header_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[tuple[int, dict[str, str]]] = []
    names: list[str] = []
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = [cell.strip().casefold() for cell in cells]
                continue
            found.append((number, dict.fromkeys(names, "") | dict(zip(names, cells, strict=False))))
    except csv.Error as error:
        raise InputError(
            f"this row cannot be read: {error}",
            where=f"{where}, row {number + 1}",
            fix="Save the table again as CSV.",
        ) from None
    missing = [name for name in ("id", "decision") if name not in names]
    if missing:
        raise InputError(
            f"there is no column {' or '.join(missing)}",
            where=where,
            fix=f"Use the table that was written, with the columns {', '.join(COLUMNS)}.",
        )
    return found


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell

"""One key for each question of the review queue."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import typer
from rich.console import Console
from rich.text import Text

from acuerdo.domain.questions import SEVERITIES, Decision, Verdict
from acuerdo.domain.text import canonical
from acuerdo.questions import ReviewLog, reasons_in_words

KEYS: Final = "a allow, b block, s skip, u undo, q quit"
_VERDICTS: Final[dict[str, Verdict]] = {"a": "allow", "b": "block"}


def decide_in_turn(
    log: ReviewLog, by: str, console: Console, key: Callable[[], str] | None = None
) -> int:
    """Show the queue question by question and keep what the keys say; return how many decisions.

    Unknown keys change nothing. The end of the input counts as q.
    """
    read = key or _key
    queue = log.queue()
    decided: list[tuple[int, str]] = []
    place = 0
    while place < len(queue):
        _show(queue[place], log, console, place, len(queue))
        pressed = read().lower()
        if pressed == "q":
            break
        if pressed == "s":
            place += 1
        elif pressed == "u" and decided:
            place, question = decided.pop()
            log.withdraw(question, by, _now())
        elif pressed in _VERDICTS:
            question = queue[place].question
            log.decide(question, _VERDICTS[pressed], by, "", _now())
            decided.append((place, question))
            place += 1
        else:
            console.print(KEYS if pressed != "u" else "There is nothing to undo.")
    left = len(log.queue())
    console.print(f"{len(decided):,} decided, {left:,} questions still wait.")
    return len(decided)


def _show(decision: Decision, log: ReviewLog, console: Console, place: int, total: int) -> None:
    console.print()
    console.print(f"[dim]{place + 1}/{total}, severity {SEVERITIES[decision.severity]}[/]")
    console.print(Text(canonical(log.text_of(decision.question)), style="bold"), soft_wrap=True)
    console.print(Text(canonical(reasons_in_words(decision)), style="dim"), soft_wrap=True)
    console.print(f"[{KEYS}]", markup=False)


def _key() -> str:
    if not sys.stdin.isatty():
        # Keys that come through a pipe, one after the other.
        while (letter := sys.stdin.read(1)).isspace():
            pass
        return letter or "q"
    try:
        return typer.getchar()
    except (EOFError, KeyboardInterrupt):
        return "q"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

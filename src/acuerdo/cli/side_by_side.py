"""All rules side by side in a terminal."""

from __future__ import annotations

from collections import Counter
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from acuerdo.api import Count
from acuerdo.domain.ballots import Choice, Margin
from acuerdo.domain.text import canonical

_WIDEST: Final = 110
_LONGEST_NAME: Final = 60
_MOST_TIED: Final = 3


def print_count(count: Count, console: Console) -> None:
    """Print what each rule chooses and how firm that is, within 80 to 110 columns.

    Names are shown as text: neither markup nor control characters in them reach the terminal.
    """
    width = min(console.width, _WIDEST)
    ballots, candidates = count.ballots.size, len(count.ballots.names)
    console.print(Text(f"{ballots:,} ballots, {candidates:,} candidates", style="bold"))
    console.print()
    console.print(_table(count), width=width)
    console.print()
    for line in _findings(count):
        console.print(line, width=width)


def _table(count: Count) -> Table:
    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("Rule", no_wrap=True)
    table.add_column("Winner", overflow="fold", ratio=1)
    table.add_column("Margin", no_wrap=True, justify="right")
    table.add_column("", no_wrap=True)
    for name, choice in count.choices.items():
        if choice.winner is None:
            continue
        margin = count.margins[name]
        table.add_row(
            _title(name),
            _winner(choice, choice.winner, count),
            _margin(margin),
            Text("fragile", style="yellow") if margin.fragile else "",
        )
    return table


def _winner(choice: Choice, winner: int, count: Count) -> Text:
    shown = Text(_name(count, winner), style="bold")
    others = [column for column in choice.winners if column != winner]
    if others:
        tied = (
            ", ".join(_name(count, column) for column in others)
            if len(others) <= _MOST_TIED
            else f"{len(others)} others"
        )
        shown.append(f"\ntied with {tied}; {choice.tie_break}", style="not bold dim")
    return shown


def _margin(margin: Margin) -> str:
    if margin.ballots is None:
        return "-"
    if margin.kind == "exact":
        return f"{margin.ballots:,}"
    return f"{margin.at_least:,} to {margin.ballots:,}"


def _findings(count: Count) -> list[Text]:
    found: list[Text] = []
    won = Counter(c.winner for c in count.choices.values() if c.winner is not None)
    if len(count.choices) > 1 and won:
        parts = [f"{_name(count, column)} ({times})" for column, times in won.most_common()]
        found.append(Text(f"Chosen by {sum(won.values())} rules: {', '.join(parts)}."))
    if count.slate:
        slate = ", ".join(_name(count, column) for column in count.slate)
        found.append(Text(f"A slate of {len(count.slate)} that represents the voters: {slate}."))
    found += [
        Text(f"{', '.join(_title(rule) for rule in rules)}: {note}", style="dim")
        for note, rules in _notes(count).items()
    ]
    if not won:
        return found
    found.append(
        Text(
            "Margin: how many ballots would have to be different before the set of winners "
            "changes, exactly or between two bounds. Fragile: one ballot or 5 % of them, "
            f"whichever is more, is enough. Ties are broken with seed {count.seed}.",
            style="dim",
        )
    )
    return found


def _notes(count: Count) -> dict[str, list[str]]:
    """Return each remark once, with the rules it is about."""
    notes: dict[str, list[str]] = {}
    for name, choice in count.choices.items():
        if choice.note:
            notes.setdefault(choice.note, []).append(name)
    return notes


def _title(rule: str) -> str:
    return rule.replace("_", " ")


def _name(count: Count, column: int) -> str:
    name = " ".join(canonical(count.ballots.names[column]).split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"

"""A result in a terminal: the statement, who stands where, and how firm it is."""

from __future__ import annotations

import math

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from acuerdo.domain.records import LIKERT_LABELS, LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.rounds import PersonView, RoundResult
from acuerdo.domain.text import canonical
from acuerdo.report import sentences
from acuerdo.report.comparison import compared
from acuerdo.report.reading import best_column, people_in_order, worst_off
from acuerdo.report.words import counted, figure, level

BAR_WIDTH = 24
NAME_WIDTH = 18
MOST_PEOPLE = 12
LOWEST_SHOWN = 5
MOST_PROBLEMS = 5
WIDEST = 100


def print_result(result: RoundResult, console: Console) -> None:
    """Print a result within 80 to 100 columns; without colour nothing is lost.

    Texts are shown as text: neither markup nor control characters in them reach the terminal.
    """
    width = min(console.width, WIDEST)
    console.print(_statement(result), width=width)
    for line in _labels(result):
        console.print(Text(line, style="yellow"), width=width)
    if best_column(result) is not None:
        console.print()
        console.print(Text(_scale(result), style="dim"), width=width)
        console.print(_people(result, ascii_only=console.options.ascii_only), width=width)
    console.print()
    for paragraph in _findings(result):
        console.print(paragraph, width=width)
    _print_problems(result, console, width)


def _statement(result: RoundResult) -> Panel:
    question = Text(canonical(result.round.question.text), style="dim")
    if result.statement is not None:
        shown = Text(canonical(result.statement), style="bold")
    else:
        shown = Text(sentences.reason(result))
    body = Table.grid()
    for row in (question, Text(), shown):
        body.add_row(row)
    return Panel(body, title=sentences.headline(result), title_align="left", padding=(1, 2))


def _labels(result: RoundResult) -> list[str]:
    if result.statement is None:
        return []
    found = f"{sentences.writer(result)} {sentences.votes_so_far(result)}"
    return [found, *filter(None, [sentences.honesty(result)])]


def _people(result: RoundResult, *, ascii_only: bool) -> Table:
    shown = [view for view in people_in_order(result) if not math.isnan(view.agreement)]
    unknown = len(result.people) - len(shown)
    table = Table.grid(padding=(0, 2))
    table.add_column(width=NAME_WIDTH, no_wrap=True, overflow="ellipsis")
    table.add_column(width=BAR_WIDTH, no_wrap=True)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    hidden = shown[:-LOWEST_SHOWN] if len(shown) > MOST_PEOPLE else []
    if hidden:
        high, low = hidden[0].agreement, hidden[-1].agreement
        note = f"between {figure(low)} and {figure(high)}"
        table.add_row(counted(len(hidden), "person", "people"), "", "", note)
    for view in shown[len(hidden) :]:
        table.add_row(
            Text(canonical(view.person)),
            _bar(view.agreement, ascii_only=ascii_only),
            figure(view.agreement, view.known),
            level(view.agreement) + (", own rating" if view.known else ""),
        )
    if unknown:
        table.add_row(counted(unknown, "person", "people"), "", "?", "cannot say")
    return table


def _scale(result: RoundResult) -> str:
    column = best_column(result)
    what = "" if result.outcome == "agreement" or column is None else f" with draft {column + 1}"
    ends = f"{LIKERT_MIN} {LIKERT_LABELS[0]}, {LIKERT_MAX} {LIKERT_LABELS[-1]}"
    own = any(view.known for view in result.people)
    return f"{'Agreement' if own else 'Predicted agreement'}{what} ({ends})"


def _bar(value: float, *, ascii_only: bool) -> Text:
    full, empty = ("#", ".") if ascii_only else ("█", "░")
    filled = round((value - LIKERT_MIN) / (LIKERT_MAX - LIKERT_MIN) * BAR_WIDTH)
    return Text(full * filled + empty * (BAR_WIDTH - filled))


def _findings(result: RoundResult) -> list[Text]:
    lines = [Text(sentences.decided(result, ""))]
    lines += [Text(line) for line in (sentences.tie(result), sentences.margin(result)) if line]
    if result.outcome == "agreement":
        lines.append(Text(sentences.reason(result)))
    else:
        lines += _divided(result)
    least = worst_off(result)
    if least is not None:
        lines.append(_least(least))
    if len(result.rules) > 1:
        lines.append(Text(compared(result)))
    return lines


def _divided(result: RoundResult) -> list[Text]:
    """Name the text that came closest and the one that divides people most."""
    lines = []
    closest = best_column(result)
    if closest is not None:
        text = canonical(result.candidates[closest].text)
        lines.append(Text(f"Closest, but not a proposal: draft {closest + 1}: “{text}”"))
    for found in result.differences[:1]:
        text = canonical(result.candidates[found.candidate].text)
        lines.append(
            Text(
                f"People differ most, by {figure(found.gap)} points, on draft "
                f"{found.candidate + 1}: “{text}” {canonical(found.agrees)} agrees, "
                f"{canonical(found.disagrees)} disagrees (predicted)."
            )
        )
    return lines


def _least(view: PersonView) -> Text:
    line = Text(f"Agrees least: {canonical(view.person)}")
    line.append(f" ({figure(view.agreement, view.known)}, {level(view.agreement)}).")
    if view.least_covered:
        line.append(f" Hardly taken up of what they wrote: “{canonical(view.least_covered)}”")
    return line


def _print_problems(result: RoundResult, console: Console, width: int) -> None:
    if not result.problems:
        return
    console.print()
    console.print(Text("Not everything worked:", style="bold yellow"), width=width)
    for problem in result.problems[:MOST_PROBLEMS]:
        times = f" ({problem.count} times)" if problem.count > 1 else ""
        console.print(Padding(Text(f"- {canonical(problem.detail)}{times}"), (0, 0, 0, 2)))
    more = len(result.problems) - MOST_PROBLEMS
    if more > 0:
        console.print(Text(f"  and {more} more"), width=width)
    if result.degraded:
        console.print(Text(sentences.resume(result)), width=width)

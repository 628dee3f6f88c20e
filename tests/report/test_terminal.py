"""The terminal view: readable in 80 columns, without colour, and safe to print."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from acuerdo.domain.rounds import RoundResult
from acuerdo.report import print_result
from tests.factories import make_result, make_round
from tests.report import cases

SNAPSHOT = """\
╭─ Proposed group statement ───────────────────────────────────────────────────╮
│                                                                              │
│  Should our main street be closed to cars?                                   │
│                                                                              │
│  We try a car-free Sunday once a month, add parking behind the shops, and    │
│  decide after a year.                                                        │
│                                                                              │
╰──────────────────────────────────────────────────────────────────────────────╯
Written by a machine (tiny-model). 1 of 3 people rated it themselves; the rest
is predicted. The program compared subjects, hardly sides: it expects mild
agreement with almost any text on the topic, and rarely sees that a group is
divided.

Agreement (1 strongly disagree, 7 strongly agree)
Chloé               ██████████████████░░░░░░  5.6  agree
Ana                 ████████████████░░░░░░░░    5  somewhat agree, own rating
Ben                 ██████████████░░░░░░░░░░  4.6  somewhat agree

Decided on 3 of 3 people's agreement (1 of 9 values are own ratings, the rest
predicted) by the rule “Mean”.
One changed ballot could have changed the result: treat it as fragile.
3 of 3 people are expected to lean towards agreeing with it (above neutral); the
group had asked for at least 50%.
Agrees least: Ben (4.6, somewhat agree). Hardly taken up of what they wrote: “My
shop needs parking.”
2 of 3 rules choose statement 3 (the one proposed), which has the highest
average (5.1) and is best for whoever agrees least (4.6); 1 chooses statement 1,
which wins against every other one by one and is most often a person's favourite
(2).

Not everything worked:
  - the model did not answer within 60 s (3 times)
Run the same command again with the same input and seed 7: what succeeded is
reused, only what failed is asked for again.
"""


def printed(result: RoundResult, *, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="\n")
    print_result(result, Console(file=stream, width=width, color_system=None))
    stream.flush()
    return "\n".join(line.rstrip() for line in raw.getvalue().decode(encoding).split("\n"))


def test_it_reads_like_this() -> None:
    assert printed(cases.agreement()) == SNAPSHOT


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("name", cases.ALL)
def test_every_kind_of_result_stays_within_the_window(name: str, width: int) -> None:
    lines = printed(cases.ALL[name](), width=width).splitlines()
    assert lines
    assert max(cell_len(line) for line in lines) <= min(width, 100)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no_statement_first", "“No statement” came first"),
        ("too_little_support", "Only 2 of 3 people"),
        ("no_candidates", "Nothing that was drafted could be used"),
        ("undecided", "there was no ballot to count"),
    ],
)
def test_without_agreement_it_says_why(name: str, told: str) -> None:
    shown = printed(cases.ALL[name]())
    assert told in re.sub(r"[\s│]+", " ", shown)
    assert "Proposed group statement" not in shown


def test_a_crowd_is_summed_up_with_those_who_agree_least() -> None:
    shown = printed(cases.crowd())
    assert "25 people" in shown
    assert shown.count("█") > 0
    assert len(shown.splitlines()) < 45


def test_control_sequences_and_markup_in_texts_do_not_reach_the_terminal() -> None:
    attack = "\x1b]0;owned\x07\x1b[31m\u202e[bold red]x[/] \x9b2J"
    people = {f"{attack}{number}": attack for number in range(3)}
    shown = printed(make_result(round_=make_round(people, question=attack)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert "[bold red]x[/]" in shown


def test_a_terminal_that_knows_ascii_only_gets_bars_it_can_show() -> None:
    shown = printed(make_result(), encoding="latin-1")
    assert "#####" in shown

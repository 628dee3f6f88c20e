"""Count ballots: every rule side by side on the same ballots, with margins and a slate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from acuerdo.choose import RULES, margin_of_victory, proportional_slate, rule_named
from acuerdo.domain.ballots import Ballots, Choice, Margin
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked


@dataclass(frozen=True)
class Count:
    """What each rule makes of the ballots, by the rule's name, in the order asked for.

    `slate` are columns in ascending order, empty if none was asked for. The same ballots and
    `seed` give the same count; every rule breaks ties with the same draws.
    """

    ballots: Ballots
    choices: Mapping[str, Choice]
    margins: Mapping[str, Margin]
    slate: tuple[int, ...]
    seed: int


def count_ballots(
    ballots: Ballots,
    rules: Sequence[str] = (),
    *,
    seed: int = 0,
    slate: int = 0,
    watch: Watch | None = None,
) -> Count:
    """Count ballots under the named rules, by default under all of them.

    `slate` asks for that many candidates that represent the voters in proportion. Raises
    SettingsError for an unknown rule, InputError for an impossible slate, Cancelled if the watcher
    stops.

    >>> import numpy as np
    >>> ranks = np.array([[0, 1, 2], [1, 0, 2], [2, 0, 1]])
    >>> count = count_ballots(Ballots(ranks, ("A", "B", "C"), np.array([4, 3, 2])), ["borda"])
    >>> count.choices["borda"].winners, count.margins["borda"].ballots
    ((1,), 1)
    """
    watch = watch or Unwatched()
    chosen = {rule.name: rule for rule in map(rule_named, rules or RULES)}
    columns = proportional_slate(ballots, slate, np.random.default_rng(seed)) if slate else ()
    choices: dict[str, Choice] = {}
    margins: dict[str, Margin] = {}
    for done, (name, rule) in enumerate(chosen.items()):
        stop_if_asked(watch)
        watch.report(Progress("choose", done, len(chosen), name))
        choices[name] = rule.choose(ballots, np.random.default_rng(seed))
        margins[name] = margin_of_victory(rule, ballots)
    watch.report(Progress("choose", len(chosen), len(chosen)))
    return Count(ballots, choices, margins, columns, seed)

"""All rules by name.

A parameter may follow a colon: `isoelastic:2`, `isoelastic:inf`, `gini:3`, `approval:6`, and
`margins` or `winning_votes` for schulze, minimax, ranked_pairs and split_cycle. Capital letters,
hyphens and spaces are accepted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, Protocol, get_args

from acuerdo.choose.condorcet import copeland, minimax, schulze, split_cycle
from acuerdo.choose.counting import CountingRule, Tally
from acuerdo.choose.elimination import instant_runoff
from acuerdo.choose.explanations import EXPLANATIONS
from acuerdo.choose.grades import approval, majority_judgement
from acuerdo.choose.pairwise import Strength
from acuerdo.choose.positional import borda, plurality
from acuerdo.choose.ranked_pairs import ranked_pairs
from acuerdo.choose.ratings import on_full_ratings
from acuerdo.choose.veto_core import VetoCore
from acuerdo.choose.welfare import gini, isoelastic, leximin
from acuerdo.domain.ballots import Ballots
from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Rule


def _isoelastic(name: str, aversion: float) -> Rule:
    return CountingRule(name, "ratings", on_full_ratings(partial(isoelastic, aversion=aversion)))


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            _isoelastic("utilitarian", 0.0),
            _isoelastic("bernoulli_nash", 1.0),
            _isoelastic("rawlsian", math.inf),
            CountingRule("leximin", "ratings", on_full_ratings(leximin)),
            CountingRule("gini", "ratings", on_full_ratings(gini)),
            CountingRule("schulze", "rankings", schulze),
            CountingRule("minimax", "rankings", minimax),
            CountingRule("ranked_pairs", "rankings", ranked_pairs),
            CountingRule("split_cycle", "rankings", split_cycle),
            CountingRule("borda", "rankings", borda),
            CountingRule("copeland", "rankings", copeland),
            CountingRule("instant_runoff", "rankings", instant_runoff),
            CountingRule("plurality", "rankings", plurality),
            CountingRule("approval", "ratings", approval),
            CountingRule("majority_judgement", "ratings", on_full_ratings(majority_judgement)),
            VetoCore(),
        )
    }
)
"""Every rule in its usual form, by name."""


class _PairwiseCount(Protocol):
    def __call__(self, ballots: Ballots, strength: Strength) -> Tally: ...


def _isoelastic_from(parameter: str) -> Rule:
    aversion = _number(parameter, "isoelastic", lowest=0)
    named = {0.0: "utilitarian", 1.0: "bernoulli_nash", math.inf: "rawlsian"}
    if aversion in named:
        return RULES[named[aversion]]
    return _isoelastic(f"isoelastic:{_shown(aversion)}", aversion)


def _gini_from(parameter: str) -> Rule:
    aversion = _number(parameter, "gini", lowest=1)
    if math.isinf(aversion):
        return RULES["rawlsian"]
    count = on_full_ratings(partial(gini, aversion=aversion))
    return CountingRule(f"gini:{_shown(aversion)}", "ratings", count)


def _approval_from(parameter: str) -> Rule:
    threshold = _number(parameter, "approval", lowest=0)
    count = partial(approval, threshold=threshold)
    return CountingRule(f"approval:{_shown(threshold)}", "ratings", count)


def _pairwise_from(name: str, count: _PairwiseCount, parameter: str) -> Rule:
    for strength in get_args(Strength):
        if _joined(parameter) == strength:
            return CountingRule(f"{name}:{strength}", "rankings", partial(count, strength=strength))
    raise SettingsError(
        f"the rule {name} knows no {parameter!r}",
        where=f"rule {name}:{parameter}",
        fix=f"Write one of {', '.join(f'{name}:{strength}' for strength in get_args(Strength))}.",
    )


_WITH_PARAMETER: Final[Mapping[str, Callable[[str], Rule]]] = {
    "isoelastic": _isoelastic_from,
    "gini": _gini_from,
    "approval": _approval_from,
    "schulze": partial(_pairwise_from, "schulze", schulze),
    "minimax": partial(_pairwise_from, "minimax", minimax),
    "ranked_pairs": partial(_pairwise_from, "ranked_pairs", ranked_pairs),
    "split_cycle": partial(_pairwise_from, "split_cycle", split_cycle),
}

_ALIASES: Final[Mapping[str, str]] = {
    "mean": "utilitarian",
    "average": "utilitarian",
    "nash": "bernoulli_nash",
    "geometric_mean": "bernoulli_nash",
    "minimum": "rawlsian",
    "egalitarian": "rawlsian",
    "beat_path": "schulze",
    "beatpath": "schulze",
    "simpson": "minimax",
    "simpson_kramer": "minimax",
    "tideman": "ranked_pairs",
    "irv": "instant_runoff",
    "ranked_choice": "instant_runoff",
    "alternative_vote": "instant_runoff",
    "first_past_the_post": "plurality",
    "median": "majority_judgement",
}


def rule_named(text: str) -> Rule:
    """Return the rule of that name; SettingsError, with all names, if there is none.

    >>> rule_named("Ranked-Pairs").name, rule_named("isoelastic:2").name, rule_named("Nash").name
    ('ranked_pairs', 'isoelastic:2', 'bernoulli_nash')
    """
    words, _, parameter = (part.strip().lower() for part in text.partition(":"))
    name = _ALIASES.get(_joined(words), _joined(words))
    if not parameter and name in RULES:
        return RULES[name]
    if parameter and name in _WITH_PARAMETER:
        return _WITH_PARAMETER[name](parameter)
    raise SettingsError(_what_is_wrong(text, name), fix=_every_name())


def explain(text: str) -> str:
    """Return one sentence in plain words on what the rule of that name does.

    >>> explain("plurality")
    'Picks the statement that is the first choice of the most people and looks at nothing else.'
    """
    name, _, _ = rule_named(text).name.partition(":")
    return EXPLANATIONS[name]


def _joined(words: str) -> str:
    return words.replace("-", "_").replace(" ", "_")


def _shown(value: float) -> str:
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _number(parameter: str, name: str, *, lowest: float) -> float:
    try:
        value = float(parameter)
    except ValueError:
        value = math.nan
    if value >= lowest:
        return value
    raise SettingsError(
        f"{parameter!r} is not a number of at least {lowest:g}",
        where=f"rule {name}:{parameter}",
        fix=f"Write for example {name}:{lowest + 2:g}.",
    )


def _what_is_wrong(text: str, name: str) -> str:
    if name in _WITH_PARAMETER:
        return f"the rule {name} needs a number after a colon"
    if name in RULES:
        return f"the rule {name} takes no parameter, but {text!r} has one"
    return f"there is no rule {text!r}"


def _every_name() -> str:
    return (
        f"Rules: {', '.join(RULES)}. With a parameter: isoelastic:2, isoelastic:inf, gini:3,"
        " approval:6, minimax:margins (likewise schulze, ranked_pairs, split_cycle)."
    )

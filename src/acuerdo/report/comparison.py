"""What the rules choose side by side, and in one sentence why they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import Choice
from acuerdo.domain.records import LIKERT_NEUTRAL
from acuerdo.domain.rounds import RoundResult
from acuerdo.report.reading import title, titles
from acuerdo.report.words import counted, figure, joined, rule_explanation, rule_title

MOST_SPELLED_OUT = 3
_SAME = 0.05  # Strengths are told with one decimal: closer values would read as equal.


def rules_by_winner(result: RoundResult) -> Mapping[int, list[str]]:
    """Return the names of the rules that choose each column, the most chosen column first."""
    found: dict[int, list[str]] = {}
    for name, choice in result.rules.items():
        if choice.winner is not None:
            found.setdefault(choice.winner, []).append(name)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def compared(result: RoundResult) -> str:
    """Return one sentence on what the rules choose and on what that turns."""
    groups = rules_by_winner(result)
    total = sum(len(rules) for rules in groups.values())
    if not total:
        return "No rule could choose: there was no ballot to count."
    if len(groups) == 1:
        return _unanimous(result, next(iter(groups)), total)
    spelled = [
        f"{len(rules)} {f'of {total} rules ' if place == 0 else ''}"
        f"{'choose' if len(rules) > 1 or place == 0 else 'chooses'} "
        f"{_named(result, column)}{_because(result, column)}"
        for place, (column, rules) in enumerate(groups.items())
        if place < MOST_SPELLED_OUT
    ]
    rest = list(groups)[MOST_SPELLED_OUT:]
    if rest:
        spelled.append(f"the others choose {titles(result, rest)}")
    return "; ".join(spelled) + "."


def _unanimous(result: RoundResult, column: int, total: int) -> str:
    if total == 1:
        return f"The rule chooses {title(result, column)}."
    return (
        f"All {counted(total, 'rule')} choose {title(result, column)}: "
        "here it makes no difference how the ballots are counted."
    )


def _named(result: RoundResult, column: int) -> str:
    proposed = result.outcome == "agreement" and column == result.winner
    return f"{title(result, column)}{' (the one proposed)' if proposed else ''}"


def _because(result: RoundResult, column: int) -> str:
    found = strengths(result)[column][:2]
    return f", which {joined(found)}" if found else ""


def strengths(result: RoundResult) -> list[list[str]]:
    """Return in what each column is ahead of all others, as the ends of "which ..." sentences.

    Only people who decide are counted; a strength that two columns share is nobody's.
    """
    values = result.agreement.expected[result.agreement.deciding]
    found: list[list[str]] = [[] for _ in result.candidates]
    if not values.size:
        return found
    favourites = np.isclose(values, values.max(axis=1, keepdims=True)).sum(axis=0)
    measures: list[tuple[npt.NDArray[np.float64], str]] = [
        (values.mean(axis=0), "has the highest average ({})"),
        (values.min(axis=0), "is best for whoever agrees least ({})"),
        (_beaten(values), "wins against every other one by one"),
        (favourites.astype(np.float64), "is most often a person's favourite ({:.0f})"),
        (
            (values > LIKERT_NEUTRAL).sum(axis=0).astype(np.float64),
            "has the most people on the agreeing side ({:.0f})",
        ),
    ]
    for scores, phrase in measures:
        ahead = _alone_ahead(scores)
        if ahead is not None:
            score = float(scores[ahead])
            found[ahead].append(phrase.format(score if ":" in phrase else figure(score)))
    return found


def _beaten(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return 1 for the column that more people prefer than not against each other one, else 0."""
    prefer = (values[:, :, None] > values[:, None, :] + 1e-9).sum(axis=0)
    wins = (prefer > prefer.T).sum(axis=1)
    return np.asarray(wins == values.shape[1] - 1, dtype=np.float64)


def _alone_ahead(scores: npt.NDArray[np.float64]) -> int | None:
    ahead = np.flatnonzero(scores > scores.max() - _SAME)
    return int(ahead[0]) if ahead.size == 1 else None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule beside the others; `note` says how a tie was broken or why nothing was chosen."""

    title: str
    explanation: str
    chooses: str
    note: str
    decides: bool


def rule_rows(result: RoundResult, explanations: Mapping[str, str]) -> list[RuleRow]:
    """Return every rule with what it chooses: the one that decides first, then by choice."""
    groups = list(rules_by_winner(result))
    ordered = sorted(
        result.rules.values(),
        key=lambda choice: (
            choice.rule != result.chosen.rule,
            len(groups) if choice.winner is None else groups.index(choice.winner),
        ),
    )
    return [
        RuleRow(
            title=rule_title(choice.rule),
            explanation=rule_explanation(choice.rule, explanations),
            chooses="" if choice.winner is None else title(result, choice.winner),
            note="; ".join(filter(None, [_tie(result, choice), choice.note.rstrip(".")])),
            decides=choice.rule == result.chosen.rule,
        )
        for choice in ordered
    ]


def _tie(result: RoundResult, choice: Choice) -> str:
    others = [column for column in choice.winners if column != choice.winner]
    if not others:
        return ""
    how = f": {choice.tie_break}" if choice.tie_break else ""
    return f"tied with {titles(result, others)}{how}"

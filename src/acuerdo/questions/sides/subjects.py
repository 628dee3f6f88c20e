"""Where the subject of an English sentence ends: the cheapest reading of all its words.

The sentence is read by a small automaton. Each word may be taken for any kind that it can be, and
moves the reading from one state to another at a cost: nothing for what is common ("the" opens a
phrase), much for what is hardly ever right (a bare verb after a whole phrase). One move, allowed
once, goes from the subject to the predicate. Costs from the left and from the right are summed up
for every place of that move, as in the forward and backward pass over a hidden Markov model; the
cheapest place is where the subject ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from acuerdo.questions.sides.english_words import Kind, Token
from acuerdo.questions.sides.subject_costs import (
    ADVERB_FIRST,
    BARE_IN_SUBJECT,
    BEGINS_BEFORE_A_BARE_VERB,
    DEMANDS,
    END,
    FIRST,
    LATER_TO,
    LICENSED,
    MOVES,
    NEVER,
    STANDS_FOR_PEOPLE,
    STRANDED,
    SUBJECT_END,
    TAKES_A_BARE_VERB,
    UNKNOWN,
    UNLIKELY,
    WEAK,
    Frame,
    State,
)

CLEAR: Final = 0.2
"""How much cheaper than any other the chosen place must be, for the reading to be clear."""


@dataclass(frozen=True, slots=True)
class Split:
    """The subject is `tokens[:at]`. `margin`: how much dearer the next best place is."""

    at: int
    cost: float
    margin: float


def subject_end(tokens: Sequence[Token], frame: Frame) -> Split | None:
    """Return where the subject ends, None if no place would do.

    `tokens` are those after the auxiliary that was moved to the front; the subject is at least one
    of them, and so is the predicate.
    """
    left = _from_left(tokens)
    strict, lenient = _from_right(tokens, UNLIKELY), _from_right(tokens, LICENSED)
    costs: list[tuple[float, int]] = []
    for at in range(1, len(tokens)):
        subject = min(
            left[at][state] + SUBJECT_END[state]
            for state in State
            if state is not State.OPEN or tokens[at - 1].kind & STANDS_FOR_PEOPLE
        )
        if subject == NEVER:
            continue
        predicate = min(
            _predicate(tokens, first, frame, lenient if _licensed(tokens[first:]) else strict)
            + ADVERB_FIRST * (first > at)
            for first in _first_words(tokens, at)
        )
        if frame is Frame.TO:
            subject += LATER_TO * sum(bool(token.kind & Kind.TO) for token in tokens[:at])
        # Between equals the shorter subject wins.
        costs.append((subject + predicate + 0.02 * at, at))
    costs = sorted(cost for cost in costs if cost[0] < NEVER)
    if not costs:
        return None
    margin = costs[1][0] - costs[0][0] if len(costs) > 1 else NEVER
    return Split(costs[0][1], costs[0][0], margin)


def _from_left(tokens: Sequence[Token]) -> list[list[float]]:
    """Return what the first n words cost, for every n and every state after them."""
    costs = [[NEVER] * len(State)]
    costs[0][State.BEGIN] = 0.0
    for token in tokens:
        after = [NEVER] * len(State)
        for state in State:
            before = costs[-1][state]
            for to, cost in _moves(state, token.kind, BARE_IN_SUBJECT):
                after[to] = min(after[to], before + cost)
        costs.append(after)
    return costs


def _from_right(tokens: Sequence[Token], bare: float) -> list[list[float]]:
    """Return what the words from n on cost, for every n and every state before them."""
    costs = [[END[state] for state in State]]
    for token in reversed(tokens):
        before = [
            min(
                (costs[-1][to] + cost for to, cost in _moves(state, token.kind, bare)),
                default=NEVER,
            )
            for state in State
        ]
        costs.append(before)
    return costs[::-1]


@cache
def _moves(state: State, kind: Kind, bare: float) -> tuple[tuple[State, float], ...]:
    if kind & Kind.ASIDE:
        return ((state, 0.0),)
    found = [(to, cost) for each, to, cost in MOVES[state] if each & kind]
    verbs = Kind.BASE_VERB | Kind.NOUN_OR_VERB
    licensed = bare < UNLIKELY
    if state is State.WHOLE and kind & (verbs | Kind.BE if licensed else verbs):
        found.append((State.VERB, bare))
    if state is State.VERB and kind & verbs and licensed:
        # "help promote".
        found.append((State.VERB, bare))
    found.append((State.VERB if state is State.BASE else State.WHOLE, UNKNOWN))
    return tuple(found)


def _licensed(predicate: Sequence[Token]) -> bool:
    """Say whether bare verbs may follow whole phrases in a predicate."""
    words = [token.word for token in predicate]
    if words[0] in BEGINS_BEFORE_A_BARE_VERB or TAKES_A_BARE_VERB & set(words):
        return True
    return words[0] in DEMANDS and "that" in words[1:3]


def _first_words(tokens: Sequence[Token], at: int) -> list[int]:
    """Return where the predicate's first word may stand: here, or after adverbs."""
    found = [at]
    while found[-1] + 1 < len(tokens) and tokens[found[-1]].kind & (Kind.ADVERB | Kind.NOT):
        found.append(found[-1] + 1)
    return found


def _predicate(
    tokens: Sequence[Token], at: int, frame: Frame, right: Sequence[Sequence[float]]
) -> float:
    token = tokens[at]
    if token.word in STRANDED:
        return NEVER
    found = (cost + right[at + 1][to] for kind, to, cost in FIRST[frame] if kind & token.kind)
    weak = 1.0 if frame is Frame.BE and token.word in WEAK else 0.0
    return min(found, default=NEVER) + weak

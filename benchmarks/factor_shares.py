"""Groups of people who voted on the same statements; shares of variance that fit their votes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.records import LIKERT_NEUTRAL
from acuerdo.domain.sheets import Positions, Sheet
from acuerdo.ports import Embedder
from acuerdo.predict.matching import beyond_question

Matrix = npt.NDArray[np.float64]

PEOPLE, FEWEST, MOST = 5, 5, 16
A_CONVERSATION = 40
"""Groups drawn from each conversation, with at most ATTEMPTS tries."""
ATTEMPTS = 4000
STEPS = 60
"""Steps of the iteration that finds the shares."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Five people who wrote statements and voted on the same others: `members` and `columns`, their
    positions on the sheet of the whole conversation, `votes` (people, statements)
    on 1-7, `popular` the statement that most of the other voters agreed with, and the cosines of
    statements, `alike` (statements, statements), and of opinions, `wrote` (people, people).
    """

    conversation: str
    fold: int
    members: Positions
    columns: Positions
    sheet: Sheet
    votes: Matrix
    popular: int
    alike: Matrix
    wrote: Matrix


def draw_groups(table: Judgements, folds: Mapping[str, int], embedder: Embedder) -> list[Group]:
    """Draw groups from every conversation, always the same."""
    return [group for rows in table.questions() for group in _drawn(table, rows, folds, embedder)]


def _drawn(
    table: Judgements, rows: npt.NDArray[np.int64], folds: Mapping[str, int], embedder: Embedder
) -> Iterator[Group]:
    rng = np.random.default_rng(0)
    whole = table.sheet(rows)
    votes = np.full((len(whole.opinions), len(whole.statements)), np.nan)
    votes[whole.person, whole.statement] = table.agreement[rows]
    authors = np.flatnonzero([bool(text.strip()) for text in whole.opinions])
    name = table.conversation[int(rows[0])]
    made = 0
    for _ in range(ATTEMPTS):
        members = rng.choice(authors, PEOPLE, replace=False)
        common = np.flatnonzero(~np.isnan(votes[members]).any(axis=0))
        if len(common) < FEWEST or made == A_CONVERSATION:
            continue
        made += 1
        columns = rng.choice(common, min(MOST, len(common)), replace=False)
        others = np.delete(votes[:, columns], members, axis=0)
        agree = (others > LIKERT_NEUTRAL).sum(axis=0)
        voted = np.maximum((~np.isnan(others)).sum(axis=0), 1)
        opinions = tuple(whole.opinions[k] for k in members)
        statements = tuple(whole.statements[k] for k in columns)
        vectors = embedder.embed([whole.question, *statements, *opinions])
        rest = beyond_question(vectors[1:], vectors[0]).astype(np.float64)
        stated, said = rest[: len(statements)], rest[len(statements) :]
        yield Group(
            conversation=name,
            fold=folds[name],
            members=members,
            columns=columns,
            sheet=Sheet(
                question=whole.question,
                opinions=opinions,
                statements=statements,
                person=np.repeat(np.arange(PEOPLE), len(columns)),
                statement=np.tile(np.arange(len(columns)), PEOPLE),
                ratings=np.full(PEOPLE * len(columns), np.nan),
            ),
            votes=votes[np.ix_(members, columns)],
            popular=int(np.argmax(agree / voted)),
            alike=stated @ stated.T,
            wrote=said @ said.T,
        )


def fitted_shares(groups: Sequence[Group], *, texts: bool) -> dict[str, float]:
    """Return the shares of maximum likelihood for votes that are normal around their mean.

    Each variance is multiplied by the root of (r' K^-1 B K^-1 r) / trace(K^-1 B), both summed over
    groups, where B is its covariance pattern: a step never lowers the likelihood (Zhou, Hu, Zhou
    and Lange, MM Algorithms for Variance Components Models, 2019).
    """
    level = float(np.mean([group.votes.mean() for group in groups]))
    patterns = [_patterns(group, texts) for group in groups]
    names = list(patterns[0])
    stacks = [np.array(list(found.values())) for found in patterns]
    residuals = [group.votes.ravel() - level for group in groups]
    sizes = np.full(len(names), np.mean([r.var() for r in residuals]) / len(names))
    for _ in range(STEPS):
        explained, needed = np.zeros(len(names)), np.zeros(len(names))
        for stack, residual in zip(stacks, residuals, strict=True):
            inverse = np.linalg.inv(np.tensordot(sizes, stack, 1))
            weights = inverse @ residual
            explained += (stack @ weights) @ weights
            needed += np.tensordot(stack, inverse, 2)
        sizes *= np.sqrt(explained / needed)
    shares = sizes / sizes.sum()
    return {
        name: round(float(share), 3)
        for name, share in zip(names, shares, strict=True)
        if name != "own"
    }


def _patterns(group: Group, texts: bool) -> dict[str, Matrix]:
    """Covariance of all pairs, person by person, for each part of a vote."""
    people, statements = group.votes.shape
    same_person, same_statement = np.eye(people), np.eye(statements)
    any_person, any_statement = np.ones((people, people)), np.ones((statements, statements))
    found = {
        "level": np.kron(any_person, any_statement),
        "statement": np.kron(any_person, same_statement),
        "person": np.kron(same_person, any_statement),
        "own": np.kron(same_person, same_statement),
    }
    if texts:
        found |= {
            "statement_text": np.kron(any_person, group.alike),
            "person_text": np.kron(group.wrote, any_statement),
            "taste": np.kron(same_person, group.alike),
            "likeness_text": np.kron(group.wrote, same_statement),
        }
    return found

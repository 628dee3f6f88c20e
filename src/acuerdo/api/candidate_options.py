"""What candidates are asked for, and whether that can be had: told before anything is loaded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acuerdo.choose import rule_named
from acuerdo.domain.errors import SettingsError
from acuerdo.draft import CONTRASTS, Contrast
from acuerdo.evaluate import standard_measures
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Embedder, Rule, Scorer
from acuerdo.predict import LengthScorer
from acuerdo.prompts import check_template
from acuerdo.recipes import DEFAULT_SCORER
from acuerdo.train import WELFARE, Judge, Selection


@dataclass(frozen=True, slots=True)
class CandidateOptions:
    """How candidates are drafted, judged and chosen.

    splits: which splits of the material are drafted for; held-out ones are refused. candidates: a
    group, 0 to make only pairs by rule, for which no model is asked. template: of the drafting
    prompt, by default what suits the model; train_template: of the prompts in what is written.
    drafter: "model" or "search". predictor and welfare: who expects how much people agree, and the
    rule on ratings that makes one number of it. judges: measures of drafts by name, with what each
    weighs beside the welfare's 1. above, quantile, margin: see `Selection`. contrasts: kinds of
    pairs by rule. arguments: folder with labelled arguments that tell people's sides, if any.
    verdicts: file of drafts that somebody read (`read_verdicts`), if any, which become pairs, too.
    groups: at most so many, 0 for all. revisions: whether revisions are drafted, too.
    """

    splits: Sequence[str] = ("train",)
    candidates: int = 16
    orders: int = 4
    template: str = ""
    train_template: str = "plain"
    temperature: float | None = None
    drafter: str = "model"
    predictor: str = DEFAULT_SCORER
    welfare: str = "utilitarian"
    judges: Mapping[str, float] = field(default_factory=dict)
    above: float = -math.inf
    quantile: float = 0.0
    margin: float = 0.5
    contrasts: Sequence[Contrast] = CONTRASTS
    arguments: Path | None = None
    verdicts: Path | None = None
    groups: int = 0
    revisions: bool = True
    seed: int = 0

    @property
    def weights(self) -> dict[str, float]:
        """What each part of a score weighs."""
        return {WELFARE: 1.0, **self.judges}


def checked_selection(options: CandidateOptions) -> Selection:
    """Return how drafts are chosen; reads neither material nor a model.

    Raises SettingsError if the options ask for what is not there or cannot be.
    """
    check_template(options.train_template)
    if options.template:
        check_template(options.template)
    welfare_rule(options.welfare)
    # Which measures there are does not depend on what they measure with.
    judges_named(options.judges, HashedEmbedder(), LengthScorer())
    return Selection(options.weights, options.above, options.quantile, options.margin)


def contrasts_named(names: Sequence[str] | None) -> tuple[Contrast, ...]:
    """Return kinds of pairs by rule: all for None, none for "none".

    Raises SettingsError for a name nobody knows.
    """
    if names is None:
        return CONTRASTS
    found = tuple(kind for kind in CONTRASTS if kind in names)
    unknown = set(names) - {*CONTRASTS, "none"}
    if unknown:
        raise SettingsError(
            f"there are no pairs of the kind {min(unknown)!r}",
            where="contrast",
            fix=f"Choose among {', '.join(CONTRASTS)} and none.",
        )
    return found


def welfare_rule(name: str) -> Rule:
    """Return the rule of this name; raises SettingsError if its numbers cannot be compared."""
    rule = rule_named(name)
    # Approval counts people: the number grows with the group.
    if rule.needs != "ratings" or rule.name.partition(":")[0] == "approval":
        raise SettingsError(
            f"the rule {rule.name} gives no welfare that can be compared between groups",
            where="welfare",
            fix="Choose a rule on ratings: mean, minimum, nash, leximin, gini or isoelastic:2.",
        )
    return rule


def judges_named(
    weights: Mapping[str, float], embedder: Embedder, scorer: Scorer
) -> tuple[Judge, ...]:
    """Return the measures that have a weight, which measure with these parts.

    Raises SettingsError for one that does not say what is good, or whose weight says the opposite.
    """
    there = {m.name: m for m in standard_measures(embedder, scorer)} if weights else {}
    for name, weight in weights.items():
        if name not in there or there[name].higher_is_better is None:
            good = (n for n, m in there.items() if m.higher_is_better is not None)
            raise SettingsError(
                f"no measure {name!r} says whether a draft is good",
                where="judge",
                fix=f"Choose among {', '.join(good)}.",
            )
        if there[name].higher_is_better is False and weight > 0:
            raise SettingsError(
                f"less is better for {name!r}", where="judge", fix="Give it a weight below 0."
            )
    return tuple(there[name] for name in weights)

"""A small invented experiment with drafts: two questions, scripted models, hashed embeddings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from acuerdo.choose import rule_named
from acuerdo.domain.completions import Request
from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.evaluate import (
    BestArm,
    DraftArm,
    DraftExperiment,
    DraftSizes,
    ModelArm,
    ModelWriter,
    Selector,
    best_opinion,
    extractive,
    longest_opinion,
    reference,
    standard_measures,
)
from acuerdo.llm import HashedEmbedder, ScriptedModel
from acuerdo.llm.scripted import Scripted
from acuerdo.ports import Watch
from acuerdo.predict import LengthScorer, ScoredPredictor

OPINIONS = (
    "Cars make the main street loud. I want it closed at weekends.",
    "My shop lives from people who park in front of it every day.",
    "Children should be able to play outside, but buses must get through.",
)
STATEMENT = "We close the street at weekends, keep buses running and add parking behind the shops."
GOOD = (
    "We want a quiet main street at weekends, and parking behind the shops for all who need it.",
    "We would close the street on Sundays as long as buses still get through to the square.",
    "We ask for a trial of one year, with buses running and with parking behind the shops.",
)
BAD = ("I have no idea.", "We want", "We should ask what all of us in this town want to have.")
SIZES = DraftSizes(candidates=3, without=2, resamples=50, seed=5)


def make_material(group: str = "g0", **overrides: Any) -> Material:
    """Return material; overrides are fields of `Material`."""
    made: dict[str, Any] = {
        "question": "Should our main street be closed to cars?",
        "opinions": OPINIONS,
        "statement": STATEMENT,
        "split": "test",
        "source": "invented",
        "licence": "CC0",
    }
    return Material(group=group, **(made | overrides))


def make_materials() -> tuple[Material, ...]:
    """Return two groups on each of two questions."""
    return tuple(
        make_material(f"g{number}", question=f"Should our {place} be closed to cars?")
        for number, place in enumerate(("bridge", "bridge", "main street", "main street"))
    )


def by_seed(texts: Sequence[str]) -> Callable[[Request], Scripted]:
    """Return a script that answers by the seed alone, as a real model does."""
    return lambda request: texts[request.seed % len(texts)]


def make_model(texts: Sequence[str] = GOOD, name: str = "tuned-model") -> ScriptedModel:
    return ScriptedModel(by_seed(texts), name)


def make_arm(
    model: ScriptedModel | None = None, name: str = "tuned", template: str = "plain"
) -> ModelArm:
    return ModelArm(name, ModelWriter(model or make_model(), template))


def make_selector() -> Selector:
    """Return the choice of the longest text."""
    return Selector(ScoredPredictor(LengthScorer()), rule_named("utilitarian"))


class WordsInCommon:
    """Expects more agreement the more words an opinion and a statement share."""

    name = "words in common"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        said = [frozenset(text.casefold().split()) for text in sheet.opinions]
        stated = [frozenset(text.casefold().split()) for text in sheet.statements]
        shared = [
            len(said[p] & stated[s]) for p, s in zip(sheet.person, sheet.statement, strict=True)
        ]
        return Forecast(np.minimum(1.0 + np.array(shared), 7.0), np.ones(sheet.size))


def make_experiment(
    tuned: ModelArm | None = None, base: ModelArm | None = None, **overrides: Any
) -> DraftExperiment:
    """Return an experiment over every kind of arm; overrides are fields of `DraftExperiment`."""
    tuned = tuned or make_arm()
    base = base or make_arm(make_model(BAD, "base-model"), "base", "direct")
    embedder, scorer, selector = HashedEmbedder(), WordsInCommon(), make_selector()
    arms: list[DraftArm] = [
        base,
        tuned,
        BestArm("best", tuned, selector),
        extractive("extractive", embedder),
        best_opinion("opinion", selector),
        longest_opinion("longest"),
        reference("reference"),
    ]
    made: dict[str, Any] = {
        "name": "try",
        "materials": make_materials(),
        "arms": arms,
        "measures": standard_measures(embedder, scorer),
        "scorer": scorer,
        "baseline": "base",
        "sensitive": ("tuned",),
        "sizes": SIZES,
    }
    return DraftExperiment(**(made | overrides))

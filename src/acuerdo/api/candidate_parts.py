"""Who drafts candidates and who judges them, and everything that decides on what comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from acuerdo.api.candidate_options import CandidateOptions, judges_named
from acuerdo.api.run_folders import CARD
from acuerdo.domain.completions import Request
from acuerdo.ports import Watch
from acuerdo.prompts import TEMPLATES, render_judgement, template_hash
from acuerdo.recipes import Recipe, fitted
from acuerdo.settings import Settings
from acuerdo.train import CandidateParts, Judge
from acuerdo.wiring import build_parts, scorer_named

JUDGE: Final = "judge"
"""The predictor that asks the model itself."""


def candidate_parts(options: CandidateOptions, settings: Settings, watch: Watch) -> CandidateParts:
    """Return the parts that these options name, with their recipe.

    Raises SettingsError for a part nobody knows, ModelError if the model cannot be used.
    """
    asked = Recipe(
        candidates=options.candidates,
        orders=options.orders,
        template=options.template,
        temperature=options.temperature,
        drafters=(options.drafter,),
        predictor=options.predictor,
        rule=options.welfare,
    )
    recipe = fitted(settings, asked)
    parts = build_parts(settings, recipe, watch)
    judges: tuple[Judge, ...] = ()
    if options.judges:
        scorer = scorer_named(options.predictor, settings, watch)
        judges = judges_named(options.judges, parts.embedder, scorer)
    drafter = parts.drafters[0]
    return CandidateParts(
        model=drafter.name,
        drafter=drafter,
        screen=parts.screen,
        predictor=parts.predictor,
        rule=parts.rule,
        judges=judges,
        recipe={
            "drafter": drafter.name,
            "kind": options.drafter,
            "prompts": _prompts(options.predictor),
            "candidates": options.candidates,
            "orders": options.orders,
            "temperature": recipe.temperature,
            "predictor": parts.predictor.name,
            "predictor_card": _card_hash(options.predictor),
            "welfare": parts.rule.name,
            "judges": sorted(options.judges),
            "seed": options.seed,
        },
    )


def _prompts(predictor: str) -> Mapping[str, str]:
    """Return a hash of every prompt that may be sent: a drafter is free to choose its template."""
    asked = {template: template_hash(template) for template in TEMPLATES}
    if predictor == JUDGE:
        # Filled in everywhere, so that no part of it is left out.
        judging = render_judgement("Q", "O", "S", context="C", previous="P", critique="K")
        asked[JUDGE] = Request(judging, seed=0).prompt_hash
    return asked


def _card_hash(predictor: str) -> str:
    """Return a hash of the card of a predictor that is a folder, "" for any other.

    The card names the weights; where the folder lies does not matter.
    """
    card = Path(predictor) / CARD
    return hashlib.blake2b(card.read_bytes(), digest_size=8).hexdigest() if card.is_file() else ""

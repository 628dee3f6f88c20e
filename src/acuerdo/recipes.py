"""What a run is made of, by name, and what suits the model that the settings name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from acuerdo.domain.errors import SettingsError
from acuerdo.llm import WEIGHTS, Adapter, read_adapter, shipped_adapter
from acuerdo.settings import Settings

DEFAULT_WEIGHTS: Final = "smollm2-135m-instruct"
NO_ADAPTER: Final = Path("none")
"""The setting that asks for the bare model."""
DEFAULT_SCORER: Final = "trained"

TEMPERATURE: Final = 0.8
TUNED_TEMPERATURE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which parts a run is made of, by name.

    Without a `template`, a model with an adapter gets the prompt that this was tuned on, an untuned
    small model is shown an example and any other model is not. Without a `temperature`, a model
    that was tuned to draft is drawn from at 0.3, where it muddles least, any other at 0.8.
    """

    candidates: int = 16
    orders: int = 4
    template: str = ""
    temperature: float | None = None
    drafters: tuple[str, ...] = ("model", "extractive")
    predictor: str = DEFAULT_SCORER
    rule: str = "schulze"

    @property
    def needs_model(self) -> bool:
        return not {"model", "search"}.isdisjoint(self.drafters) or self.predictor == "judge"


def fitted(settings: Settings, recipe: Recipe) -> Recipe:
    """Return the recipe with the prompt and the temperature that suit its model, where it has none.

    Raises as `chosen_adapter`.
    """
    adapter = chosen_adapter(settings, recipe.template) if recipe.needs_model else None
    drafts = adapter is not None and bool(adapter.template)
    temperature = recipe.temperature
    if temperature is None:
        temperature = TUNED_TEMPERATURE if drafts else TEMPERATURE
    template = recipe.template or _template_for(settings, adapter)
    return replace(recipe, template=template, temperature=temperature)


def _template_for(settings: Settings, adapter: Adapter | None) -> str:
    if adapter is not None and adapter.template:
        return adapter.template
    return "by_example" if bundled_weights(settings) else "direct"


def chosen_adapter(settings: Settings, template: str = "") -> Adapter | None:
    """Return the adapter that these settings load, None if the model runs without.

    The one that comes with the package was tuned on one draft prompt: another `template` asks for
    the bare default weights. Raises WeightsError if the adapter's file is missing or is none,
    SettingsError if there is one for a model on a server.
    """
    if settings.adapter == NO_ADAPTER:
        return None
    if settings.adapter is not None:
        if is_on_server(settings):
            raise SettingsError(
                "an adapter cannot be put on a model that runs on a server",
                where="ACUERDO_ADAPTER",
                fix="Unset it, or name a GGUF file as the model.",
            )
        return read_adapter(settings.adapter)
    shipped = shipped_adapter() if bundled_weights(settings) == DEFAULT_WEIGHTS else None
    adapter = read_adapter(shipped) if shipped else None
    return adapter if adapter and template in ("", adapter.template) else None


def bundled_weights(settings: Settings) -> str:
    """Return the name of the bundled weights that these settings run, "" if it is another model."""
    if settings.model in WEIGHTS:
        return settings.model
    return "" if settings.model or settings.openai_base_url else DEFAULT_WEIGHTS


def is_on_server(settings: Settings) -> bool:
    """Return whether the model is neither bundled nor a file."""
    named = settings.model
    local = named.endswith(".gguf") or Path(named).is_file()
    return not (bundled_weights(settings) or local)

"""Settings and a recipe in, parts out: the only file that knows concrete classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, TypeVar

from acuerdo.choose import RULES, margin_of_victory, proportional_slate, rule_named
from acuerdo.domain.errors import SettingsError
from acuerdo.draft import (
    ExtractiveDrafter,
    LongestOpinionDrafter,
    ModelDrafter,
    OpinionDrafter,
    Sampling,
    SearchDrafter,
)
from acuerdo.guard import StandardScreen, detect_language
from acuerdo.llm import (
    Adapter,
    Budget,
    BudgetedModel,
    CachedModel,
    EmbeddedModel,
    Folder,
    OpenAIModel,
    SentenceEncoder,
    fetch,
)
from acuerdo.mediate import Parts
from acuerdo.ports import Drafter, Embedder, LanguageModel, Predictor, Scorer, Watch
from acuerdo.predict import (
    FEATURES,
    CentroidScorer,
    CosineScorer,
    FactorScorer,
    JudgePredictor,
    JudgeScorer,
    LengthPredictor,
    LengthScorer,
    PreferenceModel,
    PreferenceScorer,
    RandomScorer,
    ScoredPredictor,
    SimilarityPredictor,
    SimilarityScorer,
    is_preference_model,
    load_model,
    shipped_model,
)
from acuerdo.recipes import (
    TEMPERATURE,
    Recipe,
    bundled_weights,
    chosen_adapter,
    fitted,
    is_on_server,
)
from acuerdo.settings import Settings

Part = TypeVar("Part")


STATEMENT_ONLY: Final = "statement-only:"
"""Before the folder of a sentence model: what it knows without looking at the person or group."""
OPENAI_ADDRESS: Final = "https://api.openai.com/v1"


def build_parts(settings: Settings, recipe: Recipe, watch: Watch) -> Parts:
    """Put the parts of a run together; fetches the default weights if they are not there yet.

    Raises SettingsError for a name nobody knows, ModelError if the model cannot be used.
    """
    adapter = chosen_adapter(settings, recipe.template) if recipe.needs_model else None
    full = fitted(settings, recipe)
    embedder = SentenceEncoder()
    model = _guarded_model(settings, adapter, watch) if recipe.needs_model else None
    return Parts(
        drafters=tuple(_drafter(name, full, model, embedder) for name in recipe.drafters),
        screen=StandardScreen(),
        predictor=_predictor(recipe.predictor, model, embedder),
        rule=rule_named(recipe.rule),
        rules=RULES,
        margin=margin_of_victory,
        slate=proportional_slate,
        embedder=embedder,
        language_of=detect_language,
    )


def language_model(settings: Settings, watch: Watch) -> LanguageModel:
    """Return the model that the settings name, within its budget and behind the cache."""
    return _guarded_model(settings, chosen_adapter(settings), watch)


def reply_folder(settings: Settings) -> Folder:
    """Return the folder that model replies are kept in."""
    return Folder(settings.completions_dir)


def _guarded_model(settings: Settings, adapter: Adapter | None, watch: Watch) -> LanguageModel:
    model: LanguageModel = BudgetedModel(_bare_model(settings, adapter, watch), _budget(settings))
    return CachedModel(model, settings.completions_dir) if settings.cache else model


def _bare_model(settings: Settings, adapter: Adapter | None, watch: Watch) -> LanguageModel:
    if is_on_server(settings):
        return OpenAIModel(
            settings.openai_base_url or OPENAI_ADDRESS,
            settings.model,
            settings.openai_api_key.get_secret_value(),
            timeout=settings.timeout,
            concurrency=settings.concurrency,
            retries=settings.retries,
        )
    named = bundled_weights(settings)
    return EmbeddedModel(
        fetch(named, settings.weights_dir, watch) if named else Path(settings.model),
        parallel=settings.parallel,
        threads=settings.threads,
        lora=adapter.path if adapter else None,
        template=settings.chat_template,
    )


def _budget(settings: Settings) -> Budget:
    if settings.max_cost and not (settings.price_prompt or settings.price_completion):
        raise SettingsError(
            "a ceiling on the cost needs prices",
            where="ACUERDO_MAX_COST",
            fix="Set ACUERDO_PRICE_PROMPT and ACUERDO_PRICE_COMPLETION, per million tokens.",
        )
    return Budget(
        max_tokens=settings.max_tokens,
        max_cost=settings.max_cost,
        max_seconds=settings.max_seconds,
        price_prompt=settings.price_prompt,
        price_completion=settings.price_completion,
    )


def _drafter(name: str, recipe: Recipe, model: LanguageModel | None, embedder: Embedder) -> Drafter:
    temperature = TEMPERATURE if recipe.temperature is None else recipe.temperature
    sampling = Sampling(recipe.candidates, recipe.orders, recipe.template, temperature)
    makers: dict[str, Callable[[], Drafter]] = {
        "extractive": lambda: ExtractiveDrafter(embedder),
        "opinions": OpinionDrafter,
        "longest": LongestOpinionDrafter,
    }
    if model is not None:
        makers["model"] = lambda: ModelDrafter(
            model,
            candidates=recipe.candidates,
            orders=recipe.orders,
            template=recipe.template,
            temperature=temperature,
        )
        makers["search"] = lambda: SearchDrafter(
            model, _predictor(recipe.predictor, model, embedder), rule_named("leximin"), sampling
        )
    return _made(name, makers, "drafter")


def _predictor(name: str, model: LanguageModel | None, embedder: Embedder) -> Predictor:
    makers: dict[str, Callable[[], Predictor]] = {
        "trained": lambda: _informed(_preference(shipped_model(), embedder), embedder),
        "similarity": lambda: SimilarityPredictor(embedder),
        "length": LengthPredictor,
    }
    if model is not None:
        makers["judge"] = lambda: JudgePredictor(model)
    folder = Path(name)
    if name not in makers and folder.is_dir():
        return _informed(_from_folder(folder, lambda: embedder), embedder)
    return _made(name, makers, "predictor")


def _informed(scorer: Scorer, embedder: Embedder) -> Predictor:
    """Return a predictor whose forecasts move with what is known of the round."""
    return ScoredPredictor(scorer, informed=FactorScorer(scorer, embedder))


def scorer_named(
    name: str, settings: Settings, watch: Watch, *, with_ratings: bool = False
) -> Scorer:
    """Return a scorer by name, or by the folder of a trained one.

    Fetches the default weights for "judge" if they are not there yet.
    `with_ratings` lets what is known on a sheet move the forecasts of its other pairs. Raises
    SettingsError for a name nobody knows, ModelError if its model cannot be used.
    """
    encoder = cache(SentenceEncoder)
    makers: dict[str, Callable[[], Scorer]] = {
        "trained": lambda: _preference(shipped_model(), encoder()),
        "similarity": lambda: SimilarityScorer(encoder()),
        "length": LengthScorer,
        "random": RandomScorer,
        "cosine": lambda: CosineScorer(encoder()),
        "centroid": lambda: CentroidScorer(encoder()),
        "judge": lambda: JudgeScorer(language_model(settings, watch)),
    }
    folder = Path(name.removeprefix(STATEMENT_ONLY))
    if name.startswith(STATEMENT_ONLY):
        model = load_model(folder).only([FEATURES.index("popularity")])
        scorer = _preference(model, encoder())
    elif name not in makers and folder.is_dir():
        scorer = _from_folder(folder, encoder)
    else:
        scorer = _made(name, makers, "predictor")
    return FactorScorer(scorer, encoder()) if with_ratings else scorer


def _preference(model: PreferenceModel, plain: Embedder) -> Scorer:
    loaded = plain if isinstance(plain, SentenceEncoder) else None
    return PreferenceScorer(model, plain, SentenceEncoder(tuned=model.encoder, like=loaded))


def _from_folder(folder: Path, encoder: Callable[[], Embedder]) -> Scorer:
    """Return the scorer in a run folder; raises WeightsError if it is not one or is damaged."""
    if is_preference_model(folder):
        return _preference(load_model(folder), encoder())
    try:
        from acuerdo.neural import NeuralScorer  # noqa: PLC0415 - needs torch
    except ImportError as error:
        raise SettingsError(
            f"this predictor needs a package that is not installed: {error.name}",
            where=str(folder),
            fix="Run: pip install 'acuerdo[train]'. Or use the predictor \"trained\".",
        ) from error
    return NeuralScorer(folder)


def _made(name: str, makers: Mapping[str, Callable[[], Part]], kind: str) -> Part:
    if name not in makers:
        raise SettingsError(
            f"there is no {kind} called {name!r}", fix=f"Choose one of {', '.join(makers)}."
        )
    return makers[name]()

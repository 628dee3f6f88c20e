"""Compare what drafters write for held-out questions, from a run file to tables and examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from acuerdo.api.run_folders import OUT
from acuerdo.datasets import read_arguments, read_material
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.material import Material
from acuerdo.evaluate import (
    BestArm,
    DraftArm,
    DraftArmEntry,
    DraftExperiment,
    DraftResults,
    DraftRunFile,
    Known,
    KnownStances,
    ModelArm,
    ModelWriter,
    SearchWriter,
    Selector,
    StanceJudge,
    best_opinion,
    check_apart,
    check_unseen,
    drafts_as_markdown,
    drafts_as_plain,
    drafts_csv,
    draw_draft_figures,
    examples_as_markdown,
    extractive,
    figure_maker,
    groups_csv,
    known_stances,
    longest_opinion,
    read_draft_run_file,
    reference,
    run_draft_experiment,
    sample_material,
    shipped_word_judge,
    standard_measures,
    summary_csv,
)
from acuerdo.files import whole_file
from acuerdo.mediate import Parts
from acuerdo.ports import LanguageModel, Unwatched, Watch
from acuerdo.predict import shipped_model
from acuerdo.recipes import DEFAULT_SCORER, NO_ADAPTER, Recipe, chosen_adapter
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import STATEMENT_ONLY, build_parts, language_model, scorer_named

SHIPPED: Final = "shipped"


def evaluate_drafters(
    run_file: Path,
    out: Path | None = None,
    *,
    groups: int | None = None,
    figures: bool = True,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> DraftResults:
    """Let every arm of a run file write for the same held-out groups, measure and compare.

    `groups` of each question, by default as many as the run file says; fewer are a part of more.
    Into `out`, by default `out/<name of the run>`, go `table.md`, `examples.md`, `results.json`,
    `table.csv`, `groups.csv`, `drafts.csv`, the run file, figures (PNG and SVG, with the extra
    `evaluate`) and `drafts.jsonl`: a run that was stopped or killed goes on where it was. Raises
    InputError for an unusable run file or material, SettingsError for an unknown part, a predictor
    that may not judge or where matplotlib is missing, ModelError if a model cannot be used,
    StorageError if something cannot be written, Cancelled if the watcher stops.
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    run = read_draft_run_file(run_file)
    # The file may change or move while the arms write: what ran is what is copied.
    text = run_file.read_text("utf-8")
    if figures:
        figure_maker()
    folder = out or OUT / run.name
    materials = _material(run, groups)
    _check_judge(run, materials)
    arms = _Arms(run, settings, watch)
    scorer = scorer_named(run.measuring.predictor, settings, watch)
    experiment = DraftExperiment(
        name=run.name,
        materials=materials,
        arms=arms.made(),
        measures=standard_measures(arms.parts().embedder, scorer, _stance_judge(run, materials)),
        scorer=scorer,
        baseline=run.baseline,
        sensitive=run.sensitivity.arms,
        sizes=run.sizes(),
        judge=run.measuring.predictor,
    )
    results = run_draft_experiment(experiment, folder, watch)
    _write_all(results, folder, text, run.examples)
    if figures:
        draw_draft_figures(results, folder / "figures")
    return results


def _material(run: DraftRunFile, groups: int | None) -> tuple[Material, ...]:
    entry = run.material
    splits = Path(entry.splits) if entry.splits else None
    read = read_material(entry.reader, Path(entry.path), splits=splits)
    wanted = entry.groups if groups is None else groups
    return sample_material(read, entry.split, wanted, run.measuring.seed)


def _stance_judge(run: DraftRunFile, materials: tuple[Material, ...]) -> StanceJudge:
    """Return the judge of sides: by the words, and as published where opinions are arguments."""
    judge = shipped_word_judge()
    if not run.measuring.arguments:
        return judge
    sides = {one.text: one.stance for one in read_arguments(Path(run.measuring.arguments))}
    said = [(one.question, opinion) for one in materials for opinion in one.opinions]
    return KnownStances(known_stances(said, sides), judge)


class _Arms:
    """Makes arms of entries; a model or predictor that several use is loaded once."""

    def __init__(self, run: DraftRunFile, settings: Settings, watch: Watch) -> None:
        self._run, self._settings, self._watch = run, settings, watch
        self._models: dict[tuple[str, str], LanguageModel] = {}
        self._parts: dict[tuple[str, str], Parts] = {}
        self._sources: dict[str, ModelArm] = {}

    def made(self) -> list[DraftArm]:
        """Return the arms in the order of the run file."""
        return [self._arm(entry) for entry in self._run.arms]

    def parts(self, predictor: str = DEFAULT_SCORER, rule: str = "schulze") -> Parts:
        """Return parts that need no language model, with a predictor and a rule."""
        if (predictor, rule) not in self._parts:
            recipe = Recipe(drafters=("extractive",), predictor=predictor, rule=rule)
            self._parts[predictor, rule] = build_parts(self._settings, recipe, self._watch)
        return self._parts[predictor, rule]

    def _arm(self, entry: DraftArmEntry) -> DraftArm:  # noqa: PLR0911 - a kind, a return
        match entry.kind:
            case "model":
                self._sources[entry.name] = ModelArm(entry.name, self._writer(entry))
                return self._sources[entry.name]
            case "search":
                return ModelArm(entry.name, self._searcher(entry))
            case "best":
                return BestArm(entry.name, self._sources[entry.of], self._selector(entry))
            case "best_opinion":
                return best_opinion(entry.name, self._selector(entry))
            case "extractive":
                return extractive(entry.name, self.parts().embedder)
            case "longest_opinion":
                return longest_opinion(entry.name)
            case "gold":
                return reference(entry.name)

    def _selector(self, entry: DraftArmEntry) -> Selector:
        parts = self.parts(entry.predictor, entry.deciding_rule)
        return Selector(parts.predictor, parts.rule, self._run.measuring.seed, entry.predictor)

    def _writer(self, entry: DraftArmEntry) -> ModelWriter:
        return ModelWriter(
            self._model(entry),
            entry.template,
            temperature=entry.temperature,
            top_p=entry.top_p,
            orders=self._run.orders,
            max_tokens=entry.max_tokens,
        )

    def _searcher(self, entry: DraftArmEntry) -> SearchWriter:
        parts = self.parts(entry.predictor, entry.deciding_rule)
        known = _known(entry.predictor)
        return SearchWriter(
            self._model(entry),
            parts.predictor,
            parts.rule,
            entry.template,
            (known.name, *sorted(known.weights)),
            temperature=entry.temperature,
            orders=self._run.orders,
        )

    def _model(self, entry: DraftArmEntry) -> LanguageModel:
        key = entry.model, entry.adapter
        if key not in self._models:
            # The empty setting is the adapter that comes with the package.
            adapter = None if entry.adapter == SHIPPED else Path(entry.adapter)
            named = {"model": entry.model, "adapter": adapter}
            settings = self._settings.model_copy(update=named)
            if adapter is None and chosen_adapter(settings) is None:
                raise SettingsError(
                    "no adapter comes with the package for this model",
                    where=f"arm {entry.name!r}",
                    fix=f'Name an adapter\'s file, or adapter = "{NO_ADAPTER}" for the bare model.',
                )
            self._models[key] = language_model(settings, self._watch)
        return self._models[key]


def _check_judge(run: DraftRunFile, materials: tuple[Material, ...]) -> None:
    judge = _known(run.measuring.predictor)
    choosers = {arm.name: _known(arm.predictor) for arm in run.arms if arm.chooses}
    check_apart(judge, choosers.values())
    questions = list(dict.fromkeys(one.question for one in materials))
    check_unseen(judge, questions)
    for name, known in choosers.items():
        check_unseen(known, questions, where=f"arm {name!r}")


def _known(name: str) -> Known:
    """Return what the card of a predictor says, nothing if it has none."""
    if name == DEFAULT_SCORER:
        return Known.from_card(name, shipped_model().card)
    card = Path(name.removeprefix(STATEMENT_ONLY)) / "card.json"
    if not card.is_file():
        return Known(name)
    try:
        found = json.loads(card.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"the card cannot be read: {error}", where=str(card)) from error
    return Known.from_card(name, found if isinstance(found, dict) else {})


def _write_all(results: DraftResults, folder: Path, run: str, examples: int) -> None:
    plain = json.dumps(drafts_as_plain(results), ensure_ascii=False, allow_nan=False, indent=1)
    files = {
        "run.toml": run,
        "table.md": drafts_as_markdown(results),
        "table.csv": summary_csv(results),
        "groups.csv": groups_csv(results),
        "drafts.csv": drafts_csv(results),
        "results.json": plain + "\n",
    }
    if examples:
        files["examples.md"] = examples_as_markdown(results, examples)
    for name, text in files.items():
        with whole_file(folder / name) as stream:
            stream.write(text.encode())

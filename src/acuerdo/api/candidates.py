"""Material from a model's own candidates: draft, predict, keep the best, pair best with worst."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from acuerdo.api.whole_files import whole_file
from acuerdo.datasets import MaterialSource, gather, read_arguments, read_verdicts
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.material import DraftPair, Material
from acuerdo.draft import CONTRASTS, Contrast, contrasting_pairs, labels_of, verdict_pairs
from acuerdo.evaluate import standard_measures
from acuerdo.mediate import Parts
from acuerdo.ports import Unwatched, Watch
from acuerdo.settings import Settings, read_settings
from acuerdo.train import (
    WELFARE,
    CandidateParts,
    CandidateStore,
    Drawn,
    Judge,
    Kept,
    RankedPair,
    Selection,
    best_drafts,
    draw_candidates,
    for_training,
    kept_lines,
    made_lines,
    ranked_lines,
    ranked_pairs,
)
from acuerdo.wiring import DEFAULT_SCORER, Recipe, build_parts, scorer_named

STORE: Final = "drafts.jsonl"
KEPT: Final = "kept.jsonl"
PAIRS: Final = "pairs.jsonl"
CARD: Final = "card.json"


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
    temperature: float = 0.8
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


@dataclass(frozen=True, slots=True)
class Candidates:
    """A folder with `drafts.jsonl` (everything), `kept.jsonl`, `pairs.jsonl` and `card.json`.

    `unfinished` says why groups are missing, "" if all are done.
    """

    folder: Path
    card: dict[str, Any]
    unfinished: str = ""


def collect_candidates(
    source: MaterialSource,
    out: Path,
    options: CandidateOptions,
    *,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> Candidates:
    """Draft candidates for the groups of a source and write what can be learned from them.

    `kept.jsonl` holds each group's best candidate in TRL's prompt-completion format, `pairs.jsonl`
    pairs in its preference format: best against worst, the group's own statement against ones that
    are wrong by rule, and what a reader found fine against what not. Scores are predictions, and
    every line says whose. A run that was stopped or killed goes on group by group. Raises
    SettingsError for unknown parts or a split that is held out, InputError for unusable material,
    ModelError if the model fails, StorageError for the disk, Cancelled if the watcher stops.
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    selection = Selection(
        {WELFARE: 1.0, **options.judges}, options.above, options.quantile, options.margin
    )
    # Whatever else is wrong is found before the model is loaded.
    materials = _chosen(for_training(gather([source], watch).materials, options.splits), options)
    made = {"rule": _contrasts(materials, options), "reading": _read_pairs(materials, options)}
    drawn, parts = Drawn(()), None
    if options.candidates:
        parts = _parts(options, settings, watch)
        store = CandidateStore(out / STORE)
        drawn = draw_candidates(materials, parts, store, seed=options.seed, watch=watch)
    kept, ranked = best_drafts(drawn.groups, selection), ranked_pairs(drawn.groups, selection)
    _write(out / KEPT, kept_lines(kept, options.train_template))
    _write(
        out / PAIRS,
        [
            *ranked_lines(ranked, options.train_template),
            *(
                line
                for decided_by, pairs in made.items()
                for line in made_lines(pairs, decided_by, options.train_template, options.seed)
            ),
        ],
    )
    card = _card(source, options, parts, drawn) | _counts(materials, drawn, kept, ranked, made)
    told = json.dumps(card, ensure_ascii=False, indent=1, allow_nan=False)
    _write(out / CARD, [told.encode(), b"\n"])
    return Candidates(out, card, drawn.unfinished)


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


def _chosen(materials: Sequence[Material], options: CandidateOptions) -> tuple[Material, ...]:
    wanted = [m for m in materials if options.revisions or not m.revises]
    if not options.groups:
        return tuple(wanted)
    names = list(dict.fromkeys((m.source, m.group) for m in wanted))[: options.groups]
    return tuple(m for m in wanted if (m.source, m.group) in set(names))


def _contrasts(materials: Sequence[Material], options: CandidateOptions) -> list[DraftPair]:
    arguments = read_arguments(options.arguments) if options.arguments else ()
    labels = labels_of((argument.text, argument.stance) for argument in arguments)
    return list(contrasting_pairs(materials, labels, kinds=options.contrasts, seed=options.seed))


def _read_pairs(materials: Sequence[Material], options: CandidateOptions) -> list[DraftPair]:
    verdicts = read_verdicts(options.verdicts) if options.verdicts else ()
    return list(verdict_pairs(materials, verdicts))


def _parts(options: CandidateOptions, settings: Settings, watch: Watch) -> CandidateParts:
    recipe = Recipe(
        candidates=options.candidates,
        orders=options.orders,
        template=options.template,
        temperature=options.temperature,
        drafters=(options.drafter,),
        predictor=options.predictor,
        rule=options.welfare,
    )
    parts = build_parts(settings, recipe, watch)
    if parts.rule.needs != "ratings":
        raise SettingsError(
            f"the rule {parts.rule.name} gives no welfare that can be compared between groups",
            where="welfare",
            fix="Choose a rule on ratings: mean, minimum, nash, leximin, gini or isoelastic:2.",
        )
    drafter = parts.drafters[0]
    return CandidateParts(
        model=drafter.name,
        drafter=drafter,
        screen=parts.screen,
        predictor=parts.predictor,
        rule=parts.rule,
        judges=_judges(options, parts, settings, watch),
        recipe={
            "drafter": drafter.name,
            "kind": options.drafter,
            "candidates": options.candidates,
            "orders": options.orders,
            "temperature": options.temperature,
            "predictor": options.predictor,
            "welfare": parts.rule.name,
            "judges": sorted(options.judges),
            "seed": options.seed,
        },
    )


def _judges(
    options: CandidateOptions, parts: Parts, settings: Settings, watch: Watch
) -> tuple[Judge, ...]:
    if not options.judges:
        return ()
    scorer = scorer_named(options.predictor, settings, watch)
    there = {m.name: m for m in standard_measures(parts.embedder, scorer)}
    for name in options.judges:
        if name not in there or there[name].higher_is_better is None:
            good = (n for n, m in there.items() if m.higher_is_better is not None)
            raise SettingsError(
                f"no measure {name!r} says whether a draft is good",
                where="judge",
                fix=f"Choose among {', '.join(good)}.",
            )
        if there[name].higher_is_better is False and options.judges[name] > 0:
            raise SettingsError(
                f"less is better for {name!r}", where="judge", fix="Give it a weight below 0."
            )
    return tuple(there[name] for name in options.judges)


def _card(
    source: MaterialSource,
    options: CandidateOptions,
    parts: CandidateParts | None,
    drawn: Drawn,
) -> dict[str, Any]:
    return {
        "what": "Candidates of a language model; scores and pairs decided by them are predictions,"
        " nobody rated them.",
        "material": source.model_dump(mode="json", exclude={"path", "splits"}),
        "splits": list(options.splits),
        "recipe": dict(parts.recipe) if parts else {},
        "weights": {WELFARE: 1.0, **options.judges},
        "above": options.above if math.isfinite(options.above) else None,
        "quantile": options.quantile,
        "margin": options.margin,
        "train_template": options.train_template,
        "unfinished": drawn.unfinished,
    }


def _counts(
    materials: Sequence[Material],
    drawn: Drawn,
    kept: Sequence[Kept],
    ranked: Sequence[RankedPair],
    made: Mapping[str, Sequence[DraftPair]],
) -> dict[str, Any]:
    rejected: Counter[str] = Counter()
    for _, group in drawn.groups:
        rejected.update(group.rejected)
    return {
        "rounds": len(materials),
        "drafted": len(drawn.groups),
        "drafts": sum(len(group.drafts) for _, group in drawn.groups),
        "rejected": dict(rejected.most_common()),
        "tokens": sum(group.tokens for _, group in drawn.groups),
        "kept": len(kept),
        "pairs_by_prediction": dict(Counter(one.pair.reason for one in ranked).most_common()),
        **{
            f"pairs_by_{decided_by}": dict(Counter(pair.reason for pair in pairs).most_common())
            for decided_by, pairs in made.items()
        },
        "licences": dict(Counter(m.licence or "unknown" for m in materials).most_common()),
        "authors_of_the_statements_in_pairs_by_rule": dict(
            Counter(pair.material.author or "unknown" for pair in made["rule"]).most_common()
        ),
    }


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with whole_file(path) as stream:
        stream.writelines(lines)

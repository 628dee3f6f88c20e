"""Material from a model's own candidates: draft, predict, keep the best, pair best with worst."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from acuerdo.api.candidate_options import CandidateOptions, checked_selection
from acuerdo.api.candidate_parts import candidate_parts
from acuerdo.datasets import MaterialSource, gather, read_arguments, read_verdicts
from acuerdo.domain.material import Material
from acuerdo.draft import contrasting_pairs, labels_of, verdict_pairs
from acuerdo.files import write_whole
from acuerdo.ports import Unwatched, Watch
from acuerdo.prompts import reply_with
from acuerdo.settings import Settings, read_settings
from acuerdo.train import (
    CandidateStore,
    Drawn,
    Kept,
    MadePair,
    RankedPair,
    best_drafts,
    draw_candidates,
    for_training,
    kept_lines,
    made_lines,
    ranked_lines,
    ranked_pairs,
    rounds_of,
)

STORE: Final = "drafts.jsonl"
KEPT: Final = "kept.jsonl"
PAIRS: Final = "pairs.jsonl"
CARD: Final = "card.json"


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
    beside: Sequence[MaterialSource] = (),
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> Candidates:
    """Draft candidates for the groups of a source and write what can be learned from them.

    `kept.jsonl` holds each group's best candidate in TRL's prompt-completion format, `pairs.jsonl`
    pairs in its preference format: best against worst, the group's own statement against ones that
    are wrong by rule, and what a reader found fine against what not. Scores are predictions, and
    every line says whose. Sources `beside` give nothing: groups of questions or with texts that one
    of them holds out are left out. A run that was stopped or killed goes on group by group. Raises
    SettingsError for unknown parts or a split that is held out, InputError for unusable material,
    ModelError if the model fails, StorageError for the disk, Cancelled if the watcher stops.
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    # Whatever is wrong is found before the model is loaded.
    selection = checked_selection(options)
    gathered = gather([source], watch, beside=beside)
    materials = _chosen(for_training(gathered.materials, options.splits), options)
    for material in materials:
        reply_with(material.statement, options.train_template, material.notes)
    made = _made_pairs(materials, options)
    drawn, parts = Drawn(()), None
    if options.candidates:
        parts = candidate_parts(options, settings, watch)
        store = CandidateStore(out / STORE)
        drawn = draw_candidates(materials, parts, store, seed=options.seed, watch=watch)
    kept, ranked = best_drafts(drawn.groups, selection), ranked_pairs(drawn.groups, selection)
    template = options.train_template
    write_whole(out / KEPT, kept_lines(kept, template))
    by_prediction, others = ranked_lines(ranked, template), made_lines(made, template, options.seed)
    write_whole(out / PAIRS, chain(by_prediction, others))
    card = {
        **_asked(source, beside, options),
        "left_out": dict(gathered.dropped),
        "recipe": dict(parts.recipe) if parts else {},
        "unfinished": drawn.unfinished,
        **_counts(materials, drawn, kept, ranked, made),
    }
    told = json.dumps(card, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(out / CARD, [told.encode(), b"\n"])
    return Candidates(out, card, drawn.unfinished)


def _chosen(materials: Sequence[Material], options: CandidateOptions) -> tuple[Material, ...]:
    wanted = [m for m in materials if options.revisions or not m.revises]
    if not options.groups:
        return tuple(wanted)
    names = list(dict.fromkeys((m.source, m.group) for m in wanted))[: options.groups]
    return tuple(m for m in wanted if (m.source, m.group) in set(names))


def _made_pairs(materials: Sequence[Material], options: CandidateOptions) -> list[MadePair]:
    """Return the pairs for which nothing is drafted or predicted."""
    arguments = read_arguments(options.arguments) if options.arguments else ()
    labels = labels_of((argument.text, argument.stance) for argument in arguments)
    by_rule = contrasting_pairs(materials, labels, kinds=options.contrasts, seed=options.seed)
    verdicts = read_verdicts(options.verdicts) if options.verdicts else ()
    by_reading = verdict_pairs(materials, verdicts)
    return [
        *(MadePair(pair, "rule") for pair in by_rule),
        *(MadePair(read.pair, "reading", read.read_by) for read in by_reading),
    ]


def _asked(
    source: MaterialSource, beside: Sequence[MaterialSource], options: CandidateOptions
) -> dict[str, Any]:
    return {
        "what": "Candidates of a language model; scores and pairs decided by them are predictions,"
        " nobody rated them.",
        "material": _told(source),
        "beside": [_told(other) for other in beside],
        "splits": list(options.splits),
        "weights": options.weights,
        "above": options.above if math.isfinite(options.above) else None,
        "quantile": options.quantile,
        "margin": options.margin,
        "contrasts": list(options.contrasts),
        "arguments": options.arguments is not None,
        "train_template": options.train_template,
    }


def _told(source: MaterialSource) -> dict[str, Any]:
    # Where files lie on a machine is nobody else's business.
    return source.model_dump(mode="json", exclude={"path", "splits"})


def _counts(
    materials: Sequence[Material],
    drawn: Drawn,
    kept: Sequence[Kept],
    ranked: Sequence[RankedPair],
    made: Sequence[MadePair],
) -> dict[str, Any]:
    rejected: Counter[str] = Counter()
    for _, group in drawn.groups:
        rejected.update(group.rejected)
    by_rule = [one.pair for one in made if one.decided_by == "rule"]
    return {
        "rounds": len(rounds_of(materials)),
        "drafted": len(drawn.groups),
        "drafts": sum(len(group.drafts) for _, group in drawn.groups),
        "rejected": dict(rejected.most_common()),
        "tokens": sum(group.tokens for _, group in drawn.groups),
        "kept": len(kept),
        "pairs_by_prediction": _counted(one.pair.reason for one in ranked),
        "pairs_by_rule": _counted(pair.reason for pair in by_rule),
        "pairs_by_reading": _counted(o.pair.reason for o in made if o.decided_by == "reading"),
        "readers": _counted(name for one in made for name in one.read_by),
        "licences": _counted(m.licence or "unknown" for m in materials),
        "authors_of_the_statements_in_pairs_by_rule": _counted(
            pair.material.author or "unknown" for pair in by_rule
        ),
    }


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())

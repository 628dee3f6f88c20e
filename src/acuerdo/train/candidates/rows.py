"""Candidates and pairs as lines of TRL's formats, each with where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from acuerdo.datasets import Example, build_examples, example_lines, example_of, pair_lines
from acuerdo.domain.material import DraftPair
from acuerdo.train.candidates.choosing import Kept, RankedPair
from acuerdo.train.candidates.records import GroupCandidates, ScoredDraft


@dataclass(frozen=True, slots=True)
class MadePair:
    """A pair that no prediction decided.

    `decided_by` says what did: "rule" or "reading"; `read_by` names who read its drafts, if anybody
    did.
    """

    pair: DraftPair
    decided_by: str
    read_by: tuple[str, ...] = ()


def kept_lines(kept: Iterable[Kept], template: str) -> Iterator[bytes]:
    """Yield the best drafts in TRL's prompt-completion format, `predicted` and `drafted` added.

    The prompt shows the opinions in the very order in which the draft was written.
    """
    for one in kept:
        (line,) = example_lines([_example(one, template)])
        yield _with(line, _provenance(one))


def ranked_lines(pairs: Iterable[RankedPair], template: str) -> Iterator[bytes]:
    """Yield best against worst in TRL's preference format, with what is expected of either."""
    for ranked in pairs:
        (line,) = pair_lines([(_example(ranked.better, template), ranked.pair)])
        worse = {
            "rejected_predicted": _predicted(
                ranked.worse, ranked.worse_score, ranked.better.candidates
            ),
            "rejected_drafted": _drafted(ranked.worse, ranked.better.candidates),
        }
        yield _with(line, {"decided_by": "prediction"} | _provenance(ranked.better) | worse)


def made_lines(pairs: Iterable[MadePair], template: str, seed: int) -> Iterator[bytes]:
    """Yield pairs that no prediction decided in TRL's preference format.

    Opinions stand in a random order, in another one for each pair of a group.
    """
    made = list(pairs)
    # All at once: an example's id and order depend on which of its group's statements it is.
    materials = [one.pair.material for one in made]
    examples = build_examples(materials, template=template, orders=1, seed=seed)
    for example, one in zip(examples, made, strict=True):
        (line,) = pair_lines([(example, one.pair)])
        readers = {"read_by": list(one.read_by)} if one.read_by else {}
        yield _with(line, {"decided_by": one.decided_by} | readers)


def _example(kept: Kept, template: str) -> Example:
    kind = "revision" if kept.material.revises else "first"
    name = f"{kept.material.group}:{kind}:candidate:{kept.draft.seed}"
    return example_of(kept.material, kept.draft.order, template, name)


def _provenance(kept: Kept) -> dict[str, Any]:
    return {
        "predicted": _predicted(kept.draft, kept.score, kept.candidates),
        "drafted": _drafted(kept.draft, kept.candidates),
    }


def _predicted(draft: ScoredDraft, score: float, candidates: GroupCandidates) -> dict[str, Any]:
    return {
        "score": score,
        "parts": dict(draft.parts),
        "agreement": list(draft.agreement),
        "predictor": candidates.predictor,
        "welfare": candidates.welfare,
    }


def _drafted(draft: ScoredDraft, candidates: GroupCandidates) -> dict[str, Any]:
    return {
        "model": candidates.model,
        "template": draft.template,
        "prompt_hash": draft.prompt_hash,
        "seed": draft.seed,
        "order": list(draft.order),
        "attempt": draft.attempt,
    }


def _with(line: bytes, more: Mapping[str, Any]) -> bytes:
    fields = json.loads(line) | more
    return json.dumps(fields, ensure_ascii=False, allow_nan=False).encode() + b"\n"

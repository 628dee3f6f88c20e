"""The card of a drafting model: what it is made of, who wrote that, how it went, what it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from acuerdo.domain.material import Material
from acuerdo.train.drafting.diary import Diary
from acuerdo.train.drafting.material import RunMaterial
from acuerdo.train.drafting.runs import DrafterRun

PACKAGES: Final = ("acuerdo", "torch", "transformers", "trl", "peft", "accelerate")
PATHS: Final = frozenset({"base", "data", "dpo"})
"""Parts of a run file that name places on a machine; config.toml has them as they were written."""


def card_of(
    run: DrafterRun,
    *,
    diary: Diary,
    base: Mapping[str, Any],
    machine: Mapping[str, str],
    chat_template: str,
    data: Sequence[Mapping[str, Any]],
    left_out: Mapping[str, int],
    notes: Sequence[str],
    start: Mapping[str, str],
    lora: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the card as JSON has it.

    `start` describes the adapter that the run went on from, {} if there was none; `lora` are then
    the settings of that adapter, which are not those of the run file.
    """
    settings = {k: v for k, v in run.model_dump(mode="json").items() if k not in PATHS}
    if run.dpo is not None:
        settings["dpo"] = run.dpo.model_dump(mode="json", exclude={"pairs", "adapter"})
    if lora:
        settings["lora"] = dict(lora)
    return {
        "name": run.name,
        "kind": run.kind,
        "base": dict(base),
        **({"start": dict(start)} if start else {}),
        "template": run.template,
        "chat_template": chat_template,
        "data": [dict(entry) for entry in data],
        "left_out": dict(left_out),
        "measures": _measures(diary),
        "limits": [*limits_of(data), *notes],
        "settings": settings,
        "machine": dict(machine),
        "versions": _versions(),
    }


def counts_of(material: RunMaterial) -> list[dict[str, Any]]:
    """Return for every part, source, licence and author how many statements and groups."""
    found: list[dict[str, Any]] = []
    for part, materials in (("train", material.training), ("validation", material.validation)):
        by_source: dict[tuple[str, str, str], list[Material]] = {}
        for one in materials:
            by_source.setdefault((one.source, one.licence, one.author), []).append(one)
        for (source, licence, author), ones in sorted(by_source.items()):
            found.append(
                {
                    "part": part,
                    "source": source,
                    "licence": licence,
                    "statements_written_by": author,
                    "groups": len({one.group for one in ones}),
                    "questions": len({one.question for one in ones}),
                    "first_drafts": sum(not one.revises for one in ones),
                    "revisions": sum(one.revises for one in ones),
                    "languages": sorted({one.language for one in ones}),
                }
            )
    return found


def limits_of(counts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return in sentences what the model was not made for."""
    languages = sorted({language for entry in counts for language in entry.get("languages", ())})
    named = dict.fromkeys(entry["statements_written_by"] for entry in counts)
    authors = [author for author in named if author]
    return [
        *([f"Tuned on statements in: {', '.join(languages)}."] if languages else []),
        *(
            [
                f"The statements it learned from were written by: {', '.join(authors)}. "
                "It writes as they do, with their habits."
            ]
            if authors
            else []
        ),
        "It may put a point the wrong way round or give a reason to somebody who did not hold it. "
        "Show every draft to the people it speaks for before it counts as theirs.",
    ]


def in_words(card: Mapping[str, Any]) -> str:
    """Return the card as Markdown."""
    base, measures = card["base"], card["measures"]
    licence = f", {base['licence']}" if base.get("licence") else ""
    lines = [
        f"# {card['name']}",
        "",
        f"A drafting model: {base['name']}{licence}, tuned to write a group's statement.",
        "",
        f"Prompt template `{card['template']}`, chat template `{card['chat_template']}`.",
        "",
        *_started(card.get("start")),
        "## What it learned from",
        "",
    ]
    for entry in card["data"]:
        told = ", ".join(
            f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in entry.items()
        )
        lines.append(f"- {told}")
    lines += ["", "## Measures", ""]
    lines += [f"- {key.replace('_', ' ')}: {_plain(value)}" for key, value in measures.items()]
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in card["limits"])]
    lines += ["", "## Made with", ""]
    made = {**card["machine"], **card["versions"]}
    lines.append(", ".join(f"{key} {value}" for key, value in made.items()) + ".")
    return "\n".join(lines) + "\n"


def _started(start: Mapping[str, str] | None) -> list[str]:
    """Return as Markdown which adapter a run went on from, nothing if it began from the base."""
    if not start:
        return []
    named = f"`{start['name']}`" if start["name"] else "an adapter without a card"
    return [f"It goes on from {named}, SHA-256 `{start['sha256']}`.", ""]


def _measures(diary: Diary) -> dict[str, Any]:
    first = diary.points[0] if diary.points else None
    best = next((p for p in diary.points if p.step == diary.best_step), None)
    measures: dict[str, Any] = {
        "held_out_loss": diary.best,
        "held_out_loss_before": first.validation_loss if first and diary.best is not None else None,
        "steps": diary.step,
        "best_step": diary.best_step,
        "tokens": diary.tokens,
        "seconds": round(diary.seconds, 1),
        "tokens_per_second": round(diary.tokens / max(diary.stepping, 1e-9), 1),
    }
    if best is not None and best.pairwise == best.pairwise:
        measures["held_out_pairs_right"] = best.pairwise
    return measures


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "unknown"
    return found

"""What a set of examples consists of: counts, origins, licences, lengths, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from acuerdo.datasets.material.examples import Example
from acuerdo.datasets.material.sources import Gathered
from acuerdo.datasets.material.statements import AUTHOR
from acuerdo.domain.material import Material
from acuerdo.domain.text import words
from acuerdo.prompts import template_hash

QUANTILES: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
ATTRIBUTIONS: Final[Mapping[str, str]] = {
    "ibm_argq_rank_30k": "Opinions: IBM Project Debater, IBM-ArgQ-Rank-30kArgs (Gretz et al. 2020),"
    " CC BY-SA 3.0. Each person is a composite of one or two arguments of the same stance.",
    "deliberationbank": "Opinions: DeliberationBank (Zhu, Yang, Bakker, Pentland, Pei 2025,"
    " arXiv 2510.05154), Apache-2.0.",
    "polarized_issues": "Opinions: Polarized Issues Dataset (A. Konya; Remesh and the Kroc"
    " Institute, University of Notre Dame, 2024), CC BY 4.0.",
    "invented": "Questions, opinions, critiques and statements were invented by a large language"
    " model for Acuerdo, CC BY 4.0: behind them are no people.",
    "habermas": "Opinions, critiques, statements and ratings: Habermas Machine data (Google"
    " DeepMind), CC BY 4.0.",
}
_DRAFTED: Final = (
    "Statements, critiques and revisions were drafted by a large language model, not by people, "
    "and rated by nobody."
)
_NOTE_ON: Final[Mapping[str, str]] = {AUTHOR: _DRAFTED}


def card_of(
    gathered: Gathered,
    examples: Sequence[Example],
    *,
    name: str,
    template: str,
    orders: int,
    revision_orders: int,
    seed: int,
) -> dict[str, Any]:
    """Return the card as plain values for JSON; lengths are in words of the statements."""
    materials = gathered.materials
    return {
        "name": name,
        "format": "TRL conversational prompt and completion, one JSON object a line",
        "template": template,
        "template_hash": template_hash(template),
        "orders": orders,
        "revision_orders": revision_orders,
        "seed": seed,
        "statements": {"read": gathered.read, "kept": len(materials), "examples": len(examples)},
        "splits": _by(materials, examples, lambda material: material.split),
        "sources": _by(materials, examples, lambda material: material.source or "unnamed"),
        "statement_words": _quantiles(materials),
        "authors": dict(Counter(m.author or "unknown" for m in materials).most_common()),
        "licences": dict(Counter(m.licence or "unknown" for m in materials).most_common()),
        "attributions": _attributions(materials),
        "notes": [note for author, note in _NOTE_ON.items() if _written_by(author, materials)],
        "dropped": dict(sorted(gathered.dropped.items())),
    }


def card_text(card: Mapping[str, Any]) -> str:
    """Return the card in Markdown."""
    told = card["statements"]
    lines = [
        f"# {card['name']}",
        "",
        f"{told['examples']} examples of {told['kept']} statements ({told['read']} were read), for "
        "supervised fine-tuning of a drafting model. Loss is meant for the completion only.",
        "",
        *(f"**{note}**\n" for note in card["notes"]),
        f"Prompt template `{card['template']}` (hash `{card['template_hash']}`); opinions in "
        f"{card['orders']} random orders ({card['revision_orders']} for revisions), seed "
        f"{card['seed']}.",
    ]
    for title in ("splits", "sources"):
        lines += ["", *_table(title.removesuffix("s"), card[title])]
    lines += ["", "Words of a statement: " + _pairs(card["statement_words"]) + ".", ""]
    lines += ["Left out: " + (_pairs(card["dropped"]) or "nothing") + ".", ""]
    lines += ["## Licences and authors", ""]
    lines += [f"- {licence}: {count} statements" for licence, count in card["licences"].items()]
    lines += [f"- {text}" for text in card["attributions"]]
    lines += [f"- {count} statements by {author}" for author, count in card["authors"].items()]
    return "\n".join(lines) + "\n"


def _by(
    materials: Sequence[Material],
    examples: Sequence[Example],
    key: Callable[[Material], str],
) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for name in sorted({key(material) for material in materials}):
        mine = [material for material in materials if key(material) == name]
        found[name] = {
            "questions": len({material.question for material in mine}),
            "groups": len({(material.source, material.group) for material in mine}),
            "first_drafts": sum(not material.revises for material in mine),
            "revisions": sum(material.revises for material in mine),
            "examples": sum(key(example.material) == name for example in examples),
        }
    return found


def _quantiles(materials: Iterable[Material]) -> dict[str, float]:
    lengths = [len(words(material.statement)) for material in materials]
    found = np.quantile(lengths, QUANTILES)
    named = (f"{share:.0%}" for share in QUANTILES)
    return {name: round(float(value), 1) for name, value in zip(named, found, strict=True)}


def _attributions(materials: Iterable[Material]) -> list[str]:
    sources = {material.source.partition("/")[0] for material in materials}
    return [text for source, text in ATTRIBUTIONS.items() if source in sources]


def _written_by(author: str, materials: Iterable[Material]) -> bool:
    return any(material.author == author for material in materials)


def _table(title: str, counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    columns = list(next(iter(counts.values())))
    heads = [title, *(column.replace("_", " ") for column in columns)]
    rows = [[name, *map(str, row.values())] for name, row in counts.items()]
    rule = ["---", *("---:" for _ in columns)]
    return ["| " + " | ".join(cells) + " |" for cells in (heads, rule, *rows)]


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value:g}" for name, value in values.items())

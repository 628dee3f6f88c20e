"""What a card says about the data a model learned from, and about what it cannot do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from acuerdo.neural import Network
from acuerdo.train.data import RunData, Source
from acuerdo.train.examples import Examples

SAMPLE = 2000
"""Rows on which it is counted how many statements are too long to be read whole."""


def counts_of(data: Mapping[str, RunData]) -> list[dict[str, Any]]:
    """Return rows, people, questions, conversations, languages and licence of every source."""
    return [
        {"phase": phase, "part": part, **_counts(source)}
        for phase, found in data.items()
        for part, sources in (("train", found.training), ("validation", found.validation))
        for source in sources
    ]


def _counts(source: Source) -> dict[str, Any]:
    table = source.judgements
    return {
        "source": ", ".join(table.source.texts),
        "licence": ", ".join(table.licence.texts),
        "languages": sorted(table.language.texts),
        "rows": len(table),
        "people": len(table.person.texts),
        "questions": len(table.question.texts),
        "conversations": sorted(table.conversation.texts)[:100],
        "weight": source.weight,
    }


def limits_of(data: Mapping[str, RunData], network: Network, examples: Examples) -> list[str]:
    """Return in sentences what the model was not made for."""
    languages = sorted(
        {
            language
            for found in data.values()
            for source in found.training
            for language in source.judgements.language.texts
        }
    )
    cut, of = statements_cut(network, examples)
    return [
        f"Learned from people who wrote in: {', '.join(languages) or 'unknown'}.",
        f"Reads at most {network.reader.max_tokens} tokens of question, opinion and statement "
        f"together; {cut} of {of} training rows had a statement too long to be read whole.",
        "Calibrated on the validation part named under data; other populations may differ.",
        "Predicts what people would say about a text, not whether the text is true.",
    ]


def statements_cut(network: Network, examples: Examples) -> tuple[int, int]:
    """Return in how many rows a statement is cut, and of how many (a sample, evenly spaced)."""
    places: Sequence[int] = np.unique(
        np.linspace(0, len(examples) - 1, min(SAMPLE, len(examples))).astype(int)
    ).tolist()
    cut = sum(examples.row(network.reader, place).cut_statement > 0 for place in places)
    return cut, len(places)

"""Judgements invented for these tests; no torch."""

from __future__ import annotations

import numpy as np

from acuerdo.domain.judgements import Judgement, Judgements

_TEXT = (
    "we should ban cars from the city because they are loud keep buses free and build more bike "
    "lanes no never yes always people need quiet streets taxes cost too much money question "
    "opinion statement agreement"
)
WORDS = tuple(_TEXT.split())


def judgements(questions: int = 4, people: int = 3, statements: int = 4) -> Judgements:
    """Votes of people who like cars or do not, on statements for and against; one conversation a
    question."""
    random = np.random.default_rng(1)
    rows = []
    for question in range(questions):
        for person in range(people):
            likes = bool((question + person) % 2)
            own = "cars yes always" if likes else "ban cars quiet streets"
            for _ in range(statements):
                pro = bool(random.integers(2))
                said = ["yes cars", "never ban"] if pro else ["ban cars", "no cars never"]
                filler = " ".join(random.choice(WORDS, 3))
                rows.append(
                    Judgement(
                        source="invented",
                        licence="CC0",
                        conversation=f"conversation {question}",
                        language="en",
                        question=f"should we ban cars {WORDS[question]}",
                        context="",
                        person=f"{question}-{person}",
                        opinion=own,
                        statement=f"{said[int(random.integers(2))]} {filler}",
                        value=1.0 if pro is likes else -1.0,
                        scale="vote",
                    )
                )
    return Judgements.of(rows)

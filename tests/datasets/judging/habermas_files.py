"""Invented rows in the published schema of the Habermas Machine's candidate comparisons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

COMPARISONS = "hm_all_candidate_comparisons.parquet"
POSITIONS = "hm_all_position_statement_ratings.parquet"

TREES, BAYS = "We plant ten trees.", "We keep the parking bays."


def comparison(**changed: Any) -> dict[str, Any]:
    """Return a row: Ana rates two candidates and puts the trees first."""
    row: dict[str, Any] = {
        "round_id": "r1",
        "launch_id": "l1",
        "iteration_id": "i1",
        "iteration_index": 0,
        "worker_id": "Ana",
        "monotonic_timestamp": 10.0,
        "metadata.id": "m1",
        "metadata.participant_id": "Ana-1",
        "metadata.version": "TRAINING_DATA_V1",
        "metadata.provenance": "HUMAN_CITIZEN",
        "metadata.status": "COMPLETED",
        "question.id": "q1",
        "question.text": "Should  Mill Street be green?",
        "question.split": "TRAIN",
        "question.topic": 3,
        "question.affirming_statement": "Mill Street should be green.",
        "question.negating_statement": "Mill Street should not be green.",
        "own_opinion.text": "Plant trees.",
        "own_opinion.metadata.provenance": "HUMAN_CITIZEN",
        "other_opinions.text": ["Parking!"],
        "candidates.metadata.id": ["c1", "c2"],
        "candidates.text": [TREES, BAYS],
        "candidates.metadata.provenance": ["MODEL_MEDIATOR", "MODEL_MEDIATOR"],
        "rankings.candidate_ids": ["c1", "c2"],
        "rankings.numerical_ranks": [0, 1],
        "ratings.agreement": ["AGREE", "SOMEWHAT_DISAGREE"],
        "ratings.quality": ["GOOD_QUALITY", "NEUTRAL"],
    }
    return row | {name.replace("__", "."): value for name, value in changed.items()}


def position(**changed: Any) -> dict[str, Any]:
    """Return a row: Ana agrees with the affirming statement before the discussion."""
    row: dict[str, Any] = {
        "index": 0,
        "monotonic_timestamp": 10.0,
        "launch_id": "l1",
        "worker_id": "Ana",
        "metadata.participant_id": "Ana-1",
        "metadata.provenance": "HUMAN_CITIZEN",
        "metadata.version": "TRAINING_DATA_V1",
        "question.id": "q1",
        "question.text": "Should  Mill Street be green?",
        "question.affirming_statement": "Mill Street should be green.",
        "question.negating_statement": "Mill Street should not be green.",
        "rating_index": 0,
        "ratings.agreement": ["STRONGLY_AGREE"],
    }
    return row | {name.replace("__", "."): value for name, value in changed.items()}


def write_rows(folder: Path, rows: Sequence[Mapping[str, Any]], name: str = COMPARISONS) -> Path:
    """Write the rows as one of the published files and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pylist([dict(row) for row in rows]), folder / name
    )
    return folder

"""What the review log holds, as lines of JSON: each line is one change, whole or not there."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from acuerdo.domain.errors import StorageError
from acuerdo.domain.questions import Decision, Reason, ReasonSource, Verdict


class LoggedReason(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    source: ReasonSource
    kind: str
    detail: str
    weight: float


class Logged(BaseModel):
    """One decision, or with `withdrawn` that the latest of a person no longer stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str
    verdict: Verdict = "review"
    severity: int = Field(default=0, ge=0, le=3)
    reasons: tuple[LoggedReason, ...] = ()
    by: str = "screen"
    at: str = ""
    text: str = ""
    withdrawn: bool = False

    @property
    def decision(self) -> Decision:
        return Decision(
            self.question,
            self.verdict,
            self.severity,
            tuple(Reason(r.source, r.kind, r.detail, r.weight) for r in self.reasons),
            self.by,
            self.at,
        )


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    decisions: tuple[Logged, ...]


def logged(decision: Decision, text: str = "") -> Logged:
    """Return a decision as the log keeps it, with the question's text."""
    return Logged(
        question=decision.question,
        verdict=decision.verdict,
        severity=decision.severity,
        reasons=tuple(
            LoggedReason(source=r.source, kind=r.kind, detail=r.detail, weight=r.weight)
            for r in decision.reasons
        ),
        by=decision.by,
        at=decision.at,
        text=text,
    )


def append_line(path: Path, entries: Sequence[Logged]) -> None:
    """Add one line; it is on the disk when this returns. Raises StorageError if it cannot be."""
    line = _Line(decisions=tuple(entries)).model_dump_json(exclude_defaults=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                # Half a line that a killed run left must not swallow this one.
                line = line if file.read(1) == b"\n" else f"\n{line}"
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            f"the decision could not be kept: {error.strerror or error}",
            where=str(path),
            fix="Make room on the disk, or choose another place; earlier decisions are kept.",
        ) from error


def read_lines(path: Path) -> tuple[list[tuple[Logged, ...]], int]:
    """Return the changes in a log in order, and how many lines could not be read.

    A log that is not there is empty. Raises StorageError if it cannot be read at all.
    """
    try:
        content = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise StorageError(
            f"the log cannot be read: {error.strerror or error}", where=str(path)
        ) from error
    changes: list[tuple[Logged, ...]] = []
    damaged = 0
    for line in content.split(b"\n"):
        if not line.strip():
            continue
        try:
            changes.append(_Line.model_validate_json(line).decisions)
        except ValidationError:
            damaged += 1
    return changes, damaged

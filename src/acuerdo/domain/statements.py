"""Candidate statements, where they came from, and why a draft was thrown away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal, NewType

from acuerdo.domain.records import PersonId
from acuerdo.domain.text import comparable

CandidateId = NewType("CandidateId", str)

NO_STATEMENT: Final = CandidateId("no-statement")
"""Stands on the ballot for "rather no group statement than any of these"."""

Origin = Literal["model", "extractive", "opinion", "longest", "person", "no_statement"]
"""Who wrote a candidate: a language model; sentences taken from the opinions; one person's own
opinion; the longest opinion (a baseline); a person who entered it in this round; nobody."""

RejectionReason = Literal[
    "empty",
    "refused",
    "cut_off",
    "copy_of_draft",
    "copy_of_opinion",
    "copy_of_example",
    "addresses_a_person",
    "wrong_language",
    "instruction",
    "not_a_statement",
    "request_failed",
]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything needed to say how a text came to be, and to make it again.

    `order` is the order in which people's opinions stood in the prompt. `seed` is the sampling
    seed sent to the model. `raw` keeps the model's whole reply where the statement is only a part
    of it (reason-first prompts).
    """

    origin: Origin
    author: str = ""
    template: str = ""
    prompt_hash: str = ""
    seed: int | None = None
    order: tuple[PersonId, ...] = ()
    attempt: int = 1
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that can win. Its id is a hash of its text, so the same text is the same one."""

    text: str
    provenance: Provenance
    id: CandidateId = field(default=CandidateId(""))

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", candidate_id(self.text))


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a draft cannot stand. `detail` is one sentence for a person."""

    reason: RejectionReason
    detail: str


@dataclass(frozen=True, slots=True)
class RejectedDraft:
    """A draft that was thrown away; it can never win."""

    text: str
    rejection: Rejection
    provenance: Provenance


def candidate_id(text: str) -> CandidateId:
    """Return the id of a text: equal for texts that differ in case, spacing or quotes only."""
    return CandidateId(hashlib.blake2b(comparable(text).encode(), digest_size=6).hexdigest())

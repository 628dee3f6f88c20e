"""Sorting a draft into candidates or rejected drafts."""

from __future__ import annotations

from collections.abc import Set

from acuerdo.domain.statements import Candidate, Provenance, RejectedDraft, RejectionReason
from acuerdo.ports import Screen, Screening


def judged(
    text: str,
    provenance: Provenance,
    screen: Screen,
    screening: Screening,
    overlooked: Set[RejectionReason] = frozenset(),
) -> Candidate | RejectedDraft:
    """Return the draft as a candidate, or with the objection against it.

    `overlooked` are objections that do not count for this kind of draft. A screen reports the
    gravest objection first, so that none of these hides an instruction.
    """
    rejection = screen.check(text, screening)
    if rejection is None or rejection.reason in overlooked:
        return Candidate(text, provenance)
    return RejectedDraft(text, rejection, provenance)

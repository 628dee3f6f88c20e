"""Drafts whose words cannot stand: instructions, speech to a person, refusals."""

from __future__ import annotations

import re
from typing import Final

from acuerdo.domain.statements import Rejection
from acuerdo.guard.phrases import phrase_in
from acuerdo.ports import Screening

_NUMBERED_NAME: Final = re.compile(r"[A-Za-z]+[-_]?\d+")


def instruction(text: str, _: Screening) -> Rejection | None:
    """Object to text that tells a reader or a model what to do.

    People's texts reach the model as data, but a draft may still carry somebody's command on, and
    it is read again by models and by voters. The list holds the plain forms: it is one layer of
    defence, not a proof.
    """
    found = phrase_in(text, "instruction")
    return Rejection("instruction", f"It reads as an instruction: “{found}”.") if found else None


def addresses_a_person(text: str, screening: Screening) -> Rejection | None:
    """Object to text that speaks to somebody or names participants by label."""
    found = phrase_in(text, "addressed") or _participant_in(text, screening)
    if not found:
        return None
    return Rejection("addresses_a_person", f"It speaks to or of one person: “{found}”.")


def refused(text: str, _: Screening) -> Rejection | None:
    """Object to a reply in which the model declines or speaks about itself."""
    found = phrase_in(text, "refused")
    return Rejection("refused", f"The model declined to write it: “{found}”.") if found else None


def _participant_in(text: str, screening: Screening) -> str:
    """Return a participant's name such as "P3" in the text; other names may be ordinary words."""
    labels = [person for person in screening.round.people if _NUMBERED_NAME.fullmatch(person)]
    found = (re.search(rf"\b{re.escape(label)}\b", text) for label in labels)
    return next((match.group() for match in found if match), "")

"""The screen every draft passes before it can win: small checks, the gravest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from acuerdo.domain.statements import Rejection
from acuerdo.domain.text import canonical
from acuerdo.guard.copies import copy_of_draft, copy_of_example, copy_of_opinion
from acuerdo.guard.form import cut_off, empty, not_a_statement
from acuerdo.guard.language import wrong_language
from acuerdo.guard.wording import addresses_a_person, instruction, refused
from acuerdo.ports import Screening

Check = Callable[[str, Screening], Rejection | None]

STANDARD_CHECKS: Final[tuple[Check, ...]] = (
    empty,
    instruction,
    addresses_a_person,
    refused,
    wrong_language,
    not_a_statement,
    cut_off,
    copy_of_example,
    copy_of_opinion,
    copy_of_draft,
)


class StandardScreen:
    """Applies its checks in order and reports the first objection.

    The order is by gravity: whoever may overlook a form or copy objection (a drafter that quotes
    people by design) still learns first of text that carries an instruction.
    """

    def __init__(self, checks: tuple[Check, ...] = STANDARD_CHECKS) -> None:
        self._checks = checks

    def check(self, text: str, screening: Screening) -> Rejection | None:
        """Return the gravest objection to a draft, None if it can stand."""
        visible = canonical(text)
        objections = (check(visible, screening) for check in self._checks)
        return next((objection for objection in objections if objection), None)

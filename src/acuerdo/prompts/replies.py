"""What a model's reply says, by the template that asked for it."""

from __future__ import annotations

import re
from typing import Final

_THINKING: Final = re.compile(r"^\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_BEGIN: Final = re.compile(r"<statement>", re.IGNORECASE)
_END: Final = re.compile(r"</statement>", re.IGNORECASE)


def statement_from(reply_text: str, template: str) -> str | None:
    """Return the statement in a reply, None if the reply has no marked place for one.

    A leading thinking block, which some models write unasked, is never part of the statement. Of
    several marked places in a reason-first reply the last counts: models quote the format first.

    >>> statement_from("Cost. <statement>We want a trial.</statement>", "reason_first")
    'We want a trial.'
    """
    said = _THINKING.sub("", reply_text).strip()
    if template != "reason_first":
        return said
    *before, marked = _BEGIN.split(said)
    return _END.split(marked)[0].strip() if before else None

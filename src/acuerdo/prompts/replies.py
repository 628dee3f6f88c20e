"""What a model's reply says, by the template that asked for it, and how such a reply is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from acuerdo.domain.errors import InputError

_THINKING: Final = re.compile(r"^\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_BEGIN: Final = re.compile(r"<statement>", re.IGNORECASE)
_END: Final = re.compile(r"</statement>", re.IGNORECASE)
_AFTER_NOTES: Final = re.compile(r"^Statement:", re.MULTILINE)
_SIDE: Final = re.compile(r"[^\s,:]+")


def statement_from(reply_text: str, template: str) -> str | None:
    """Return the statement in a reply, None if the reply has no marked place for one.

    A leading thinking block, which some models write unasked, is never part of the statement. Of
    several marked places the last counts: models quote the format first.

    >>> statement_from("Cost. <statement>We want a trial.</statement>", "reason_first")
    'We want a trial.'
    >>> statement_from("- no: it costs\\n1 no\\nStatement: We are against it.", "noted")
    'We are against it.'
    """
    said = _THINKING.sub("", reply_text).strip()
    if template == "noted":
        *before, marked = _AFTER_NOTES.split(said)
        return marked.strip() if before else None
    if template != "reason_first":
        return said
    *before, marked = _BEGIN.split(said)
    return _END.split(marked)[0].strip() if before else None


def reply_with(statement: str, template: str, notes: Sequence[str] = ()) -> str:
    """Return the reply that a model should learn to give: what `statement_from` reads.

    `notes` say in a few words what each person says ("no: it costs too much"), in the order of the
    prompt; how many there are of each first word stands below them. Raises InputError if the
    template asks for notes and there are none.

    >>> print(reply_with("We differ.", "noted", ["yes, if: free", "no: it costs", "no: noise"]))
    - yes, if: free
    - no: it costs
    - no: noise
    2 no, 1 yes
    Statement: We differ.
    """
    if template == "reason_first":
        return f"<statement>{statement}</statement>"
    if template != "noted":
        return statement
    if not notes:
        raise InputError(
            "there are no notes of what people say, which this prompt asks for",
            where=f"the statement “{statement[:60]}”",
            fix='Give the groups "notes", or choose another template.',
        )
    sides = Counter(found[0].lower() for note in notes if (found := _SIDE.search(note)))
    tally = ", ".join(f"{count} {side}" for side, count in sides.most_common())
    return "\n".join([*(f"- {note}" for note in notes), tally, f"Statement: {statement}"])

"""Debate questions as lines of JSON, and back; and the id of one that has none yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from acuerdo.domain.question_fields import question_from_fields, question_to_fields
from acuerdo.domain.questions import DebateQuestion


def question_id(text: str) -> str:
    """Return an id made of the question's words alone: the same text has the same id anywhere."""
    return "q" + hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def question_line(question: DebateQuestion) -> bytes:
    """Return one line of JSON with every field of a question; of its origin what is known."""
    told = json.dumps(question_to_fields(question), ensure_ascii=False, allow_nan=False)
    return told.encode() + b"\n"


def question_of(row: Mapping[str, object], where: str) -> DebateQuestion:
    """Return the question in a row with the fields of `question_line`; `where` names the row.

    `id` and `text` must be there; other fields that are missing are at their defaults. Raises
    InputError for one that cannot be used.
    """
    return question_from_fields(row, where)

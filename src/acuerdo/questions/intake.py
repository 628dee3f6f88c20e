"""What becomes of every line of a model's replies: a question of the corpus, or why it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.completions import Completion, Fault, Reply, Request
from acuerdo.questions.drawing import Draw
from acuerdo.questions.form import form_fault
from acuerdo.questions.journal import Reject, RequestFault, RequestRecord
from acuerdo.questions.replies import candidates_in
from acuerdo.questions.writing_options import WritingOptions, WritingParts, prompt_hash

LANGUAGE: Final = "language"
"""The reason of a line in another language than asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and which examples it shows."""

    draw: Draw
    request: Request


def judged(
    asked: Sequence[Asked],
    replies: Sequence[Reply],
    parts: WritingParts,
    options: WritingOptions,
) -> list[RequestRecord]:
    """Return a record of each request, in order; the sieve holds what was admitted.

    A line is looked at for its form, then its language, then for what it nearly repeats; the first
    objection counts.
    """
    lines = [_lines(reply) for reply in replies]
    said = [[_objection(line, parts, options.language) for line in of_reply] for of_reply in lines]
    sound = [
        line
        for of_reply, reasons in zip(lines, said, strict=True)
        for line, reason in zip(of_reply, reasons, strict=True)
        if not reason
    ]
    # All at once: many texts are embedded far faster together than one by one.
    likenesses = iter(parts.sieve.add(sound))
    records: list[RequestRecord] = []
    for one, reply, of_reply, reasons in zip(asked, replies, lines, said, strict=True):
        questions: list[str] = []
        rejects: list[Reject] = []
        for line, reason in zip(of_reply, reasons, strict=True):
            if reason:
                rejects.append(Reject(text=line, reason=reason))
            elif likeness := next(likenesses):
                rejects.append(Reject(text=line, reason=likeness.why, like=likeness.text))
            else:
                questions.append(line)
        records.append(_record(one, reply, questions, rejects))
    return records


def _lines(reply: Reply) -> tuple[str, ...]:
    return () if isinstance(reply, Fault) else candidates_in(reply.text, reply.finish)


def _objection(line: str, parts: WritingParts, language: str) -> str:
    if fault := form_fault(line, language):
        return fault
    found = parts.language_of(line)
    return LANGUAGE if found and found != language else ""


def _record(
    one: Asked, reply: Reply, questions: Sequence[str], rejects: Sequence[Reject]
) -> RequestRecord:
    fault = (
        None
        if isinstance(reply, Completion)
        else RequestFault(kind=reply.kind, detail=reply.detail)
    )
    return RequestRecord(
        number=one.draw.number,
        seed=one.draw.seed,
        shown=tuple(question.id for question in one.draw.shown),
        prompt=prompt_hash(one.request),
        questions=tuple(questions),
        rejects=tuple(rejects),
        fault=fault,
        prompt_tokens=reply.usage.prompt_tokens,
        completion_tokens=reply.usage.completion_tokens,
        cached=reply.usage.cached > 0,
    )

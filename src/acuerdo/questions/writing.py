"""The loop in which a language model writes questions until there are enough distinct ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Final, Literal

from acuerdo.domain.completions import Fault, Reply
from acuerdo.domain.errors import BudgetExceeded, Cancelled, ModelError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.ports import Progress, Watch, stop_if_asked
from acuerdo.questions.drawing import draw_of
from acuerdo.questions.intake import Asked, judged
from acuerdo.questions.journal import Journal, RequestFault, RequestRecord
from acuerdo.questions.ledger import Ledger, WritingReport
from acuerdo.questions.writing_options import (
    WritingOptions,
    WritingParts,
    most_tokens,
    request_of,
)

STAGE: Final = "questions"
UNASKED: Final = frozenset({"over_budget", "cancelled"})
"""Faults of requests that were never answered because the run ended: no trace of them is kept."""

WritingState = Literal["complete", "ceiling", "stalled"]


@dataclass(frozen=True, slots=True)
class Written:
    """At most `count` distinct questions in the order in which they came, and how it ended.

    "complete": as many as were wanted. "ceiling": no room for another request under the ceiling on
    tokens. "stalled": the model brings nothing new any more. `why` tells a person what to do.
    """

    questions: tuple[DebateQuestion, ...]
    state: WritingState
    why: str
    report: WritingReport


@dataclass(frozen=True, slots=True)
class _Answered:
    """The records of a round; `spent` says why there can be no other, "" if there can."""

    records: list[RequestRecord]
    spent: str = ""


def write_questions(
    parts: WritingParts,
    options: WritingOptions,
    journal: Journal,
    watch: Watch,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Written:
    """Ask for questions until `options.count` distinct ones are there or nothing more can come.

    Request number n depends on the seed and n alone, and replies are judged in the order of their
    numbers: a run that goes on from a journal asks what an uninterrupted one would have, and from
    the same replies admits the same questions. Every round is in the journal before the next
    begins. A failed request is asked again by the next run.

    Raises ModelError if the model cannot be used or fails too often in a row, StorageError for the
    disk, Cancelled if the watcher stops: of a round that was under way, the replies up to the first
    that is missing are kept.
    """
    texts = [seed.text for seed in parts.seeds]
    ledger = Ledger(parts.model.name, options.language, texts)
    for record in journal.records:
        ledger.take(record)
    # What was admitted stays admitted, whatever the sieve would say of it today.
    parts.sieve.remember([*texts, *(question.text for question in ledger.questions)])
    again = ledger.failed
    failed_in_a_row = 0
    while True:
        _tell(ledger, options, watch)
        if ending := _ending(ledger, options):
            return _written(ledger, options, *ending)
        numbers = ledger.waiting(again, options.at_once)
        again = tuple(number for number in again if number not in numbers)
        asked = _affordable(_asked(numbers, parts, options), ledger, options)
        if not asked:
            return _written(ledger, options, "ceiling", _no_room(options))
        for answered in _answered(asked, parts, options, watch, clock):
            journal.add(answered.records)
            for record in answered.records:
                ledger.take(record)
                failed_in_a_row = failed_in_a_row + 1 if record.fault else 0
                if record.fault and failed_in_a_row >= options.most_faults:
                    raise _unusable(failed_in_a_row, record.fault)
            if answered.spent and ledger.distinct < options.count:
                return _written(ledger, options, "ceiling", answered.spent)


def _tell(ledger: Ledger, options: WritingOptions, watch: Watch) -> None:
    done = min(ledger.distinct, options.count)
    watch.report(Progress(STAGE, done, options.count, ledger.note(options.count)))


def _ending(ledger: Ledger, options: WritingOptions) -> tuple[WritingState, str] | None:
    if ledger.distinct >= options.count:
        return "complete", ""
    if ledger.barren >= options.patience:
        return "stalled", (
            f"{ledger.barren} requests in a row brought no new question. Raise --patience to go on "
            "all the same; otherwise write into another folder with a larger model, a higher "
            "--temperature or another --shown."
        )
    return None


def _written(ledger: Ledger, options: WritingOptions, state: WritingState, why: str) -> Written:
    return Written(ledger.questions[: options.count], state, why, ledger.report())


def _asked(numbers: Sequence[int], parts: WritingParts, options: WritingOptions) -> Iterator[Asked]:
    for number in numbers:
        draw = draw_of(number, parts.seeds, options.shown, options.seed)
        yield Asked(draw, request_of(draw, options))


def _affordable(asked: Iterator[Asked], ledger: Ledger, options: WritingOptions) -> list[Asked]:
    """Return as many requests, from the first on, as surely stay below the ceiling."""
    if options.max_tokens is None:
        return list(asked)
    left = options.max_tokens - ledger.tokens

    def fits(one: Asked) -> bool:
        nonlocal left
        left -= most_tokens(one.request)
        return left >= 0

    return list(takewhile(fits, asked))


def _no_room(options: WritingOptions) -> str:
    return (
        f"What is left of {options.max_tokens:,} tokens has no room for another request. Run it "
        "again with a higher --max-tokens to go on."
    )


def _answered(
    asked: Sequence[Asked],
    parts: WritingParts,
    options: WritingOptions,
    watch: Watch,
    clock: Callable[[], float],
) -> Iterator[_Answered]:
    """Yield what a round brings.

    If the model breaks off, the replies that came before the first missing one are yielded before
    the error is raised.
    """
    start = clock()
    arrived: dict[int, Reply] = {}

    def keep(index: int, reply: Reply) -> None:
        arrived[index] = reply

    def records(replies: Mapping[int, Reply]) -> list[RequestRecord]:
        there = [place for place, reply in replies.items() if not _unasked(reply)]
        made = judged([asked[p] for p in there], [replies[p] for p in there], parts, options)
        share = round((clock() - start) / max(1, len(made)), 3)
        return [record.model_copy(update={"seconds": share}) for record in made]

    try:
        replies = parts.model.complete([one.request for one in asked], watch, keep)
        stop_if_asked(watch)
    except BudgetExceeded as error:
        yield _Answered([], str(error))
        return
    except (Cancelled, ModelError):
        yield _Answered(records(_unbroken(arrived)))
        raise
    spent = next((why for reply in replies if (why := _unasked(reply))), "")
    yield _Answered(records(dict(enumerate(replies))), spent)


def _unbroken(arrived: Mapping[int, Reply]) -> dict[int, Reply]:
    """Return the replies before the first place without one, in order."""
    return {
        place: arrived[place]
        for place in takewhile(lambda p: p in arrived and not _unasked(arrived[p]), count())
    }


def _unasked(reply: Reply) -> str:
    """Return why a request was never answered, "" if it was."""
    return reply.detail or reply.kind if isinstance(reply, Fault) and reply.kind in UNASKED else ""


def _unusable(faults: int, last: RequestFault) -> ModelError:
    return ModelError(
        f"{faults} requests in a row failed, the last one with {last.kind}: {last.detail}",
        fix="Run the same command again once this is mended: everything so far is kept.",
    )

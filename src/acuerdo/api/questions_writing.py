"""Have a language model write a corpus of debate questions: from the seeds to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from acuerdo.api.run_folders import CARD
from acuerdo.datasets import write_questions_file
from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.files import write_whole
from acuerdo.guard import detect_language
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Unwatched, Watch
from acuerdo.questions import (
    SAME_MEANING,
    Distinct,
    Journal,
    WritingOptions,
    WritingParts,
    WritingReport,
    WritingState,
    Written,
    recipe_of,
    seeds,
    write_questions,
)
from acuerdo.recipes import NO_ADAPTER, bundled_weights, chosen_adapter, is_on_server
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import language_model

QUESTIONS_FILE: Final = "questions.jsonl"
REQUESTS: Final = "requests.jsonl"
BUNDLED_LANGUAGE: Final = "en"


@dataclass(frozen=True, slots=True)
class WrittenCorpus:
    """A folder with `questions.jsonl`, `requests.jsonl` (every request and reject) and `card.json`.

    `why` says why there are fewer questions than wanted and what to do, "" if there are not.
    """

    folder: Path
    questions: tuple[DebateQuestion, ...]
    state: WritingState
    why: str
    report: WritingReport
    card: Mapping[str, Any]


def write_question_corpus(
    out: Path,
    options: WritingOptions,
    *,
    fresh: bool = False,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> WrittenCorpus:
    """Have the model that the settings name write distinct debate questions into a folder.

    A folder that was written into with the same options is gone on with, from the very request at
    which it was stopped or killed; `fresh` throws away what is there. How the model is asked and
    how many requests are under way at once follow from the model (`options.manner` and `at_once`
    do not count). Weights that were tuned to draft statements are used without that tuning. Raises
    SettingsError for a language without seeds or that the model cannot write, and for a folder of
    other options, ModelError if the model cannot be used, StorageError for the disk, Cancelled if
    the watcher stops.
    """
    watch, settings = watch or Unwatched(), _untuned(settings or read_settings())
    # Whatever is wrong with them is said before a model is loaded.
    examples = seeds(options.language)
    _check_language(options.language, settings)
    options = replace(
        options,
        manner="continued" if bundled_weights(settings) else "asked",
        at_once=settings.concurrency if is_on_server(settings) else settings.parallel,
    )
    encoder = SentenceEncoder()
    parts = WritingParts(
        model=language_model(settings, watch),
        seeds=examples,
        sieve=Distinct(encoder, expected=options.count),
        language_of=lambda text: detect_language([text]),
        rules={"embedder": encoder.name, "same_meaning": SAME_MEANING},
    )
    if fresh:
        _forget(out)
    journal = Journal(out / REQUESTS, recipe_of(parts, options))
    written = write_questions(parts, options, journal, watch)
    card = _card(written, parts, options)
    write_questions_file(written.questions, out / QUESTIONS_FILE)
    told = json.dumps(card, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(out / CARD, [told.encode(), b"\n"])
    return WrittenCorpus(out, written.questions, written.state, written.why, written.report, card)


def _check_language(language: str, settings: Settings) -> None:
    if bundled_weights(settings) and language != BUNDLED_LANGUAGE:
        # Of 34 Spanish lines that had the form of a question none made sense.
        raise SettingsError(
            "the bundled model writes English only",
            where="language",
            fix="Name a larger model: --model FILE.gguf, or a server's with --base-url.",
        )


def _untuned(settings: Settings) -> Settings:
    """Return settings without an adapter that was tuned to draft statements."""
    adapter = chosen_adapter(settings)
    if adapter is None or not adapter.template:
        return settings
    return settings.model_copy(update={"adapter": NO_ADAPTER})


def _forget(folder: Path) -> None:
    try:
        for name in (REQUESTS, QUESTIONS_FILE, CARD):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"what is there cannot be thrown away: {error.strerror or error}",
            where=str(folder),
            fix="Choose another folder.",
        ) from error


def _card(written: Written, parts: WritingParts, options: WritingOptions) -> dict[str, Any]:
    report = written.report
    return {
        "what": "Debate questions written by a language model from seed questions; "
        "nobody has screened them yet.",
        "questions": len(written.questions),
        "wanted": options.count,
        "state": written.state,
        "why": written.why,
        "recipe": recipe_of(parts, options),
        "manner": options.manner,
        "max_tokens": options.max_tokens,
        "requests": report.requests,
        "failed_requests": report.failed,
        "refused_requests": report.refused,
        "cached_replies": report.cached,
        "lines": report.lines,
        "admitted": report.admitted,
        "share_admitted": round(report.share_admitted, 4),
        "rejects": dict(report.rejects),
        "duplicates_of_seeds": report.duplicates_of_seeds,
        "prompt_tokens": report.prompt_tokens,
        "completion_tokens": report.completion_tokens,
        "seconds": round(report.seconds, 1),
    }

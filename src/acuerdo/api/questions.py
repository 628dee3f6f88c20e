"""Search and suggest debate questions: in the corpus that comes along, or in one of your own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.datasets import read_questions
from acuerdo.domain.errors import InputError, StorageError
from acuerdo.domain.questions import SPLITS, DebateQuestion
from acuerdo.domain.rounds import MAX_OPINION_CHARACTERS
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Embedder, Unwatched, Vectors, Watch
from acuerdo.questions import (
    CORPUS_NAME,
    SEED_LANGUAGES,
    Hit,
    QuestionIndex,
    Wanted,
    corpus_hash,
    search_index,
    seeds,
    shipped_corpus,
    stored_vectors,
    suggest_from,
)
from acuerdo.settings import Settings, read_settings

_ANY: Final = Wanted()


@dataclass(frozen=True, slots=True, eq=False)
class QuestionLibrary:
    """A corpus that is loaded: ask it as often as wanted, from any thread.

    `name` is the corpus's file, or what came along. `notes` say what was assumed while reading.
    """

    index: QuestionIndex
    embedder: Embedder
    name: str
    notes: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[DebateQuestion, ...]:
        """All questions in the corpus's order."""
        return tuple(self.index.questions)


def open_questions(
    corpus: Path | None = None,
    *,
    embedder: Embedder | None = None,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> QuestionLibrary:
    """Load a corpus with its vectors; without a path the one that comes with the package.

    Any format of `acuerdo.datasets.read_questions` will do. Vectors are made at the first time and
    kept: beside the corpus as NAME.vectors.npy, or in the cache folder if nothing may be written
    there or the corpus came along. Raises InputError for a corpus that cannot be read, ModelError
    if the encoder cannot be used, Cancelled if the watcher stops (a later call goes on from there).
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    questions, name, notes = corpus_questions(corpus)
    encoder = embedder or SentenceEncoder()
    vectors = _vectors(questions, encoder, corpus, settings, watch)
    return QuestionLibrary(QuestionIndex(questions, vectors), encoder, name, notes)


def corpus_questions(
    corpus: Path | None = None,
) -> tuple[tuple[DebateQuestion, ...], str, tuple[str, ...]]:
    """Return the questions of a corpus, what it is called, and what was assumed while reading.

    Without a path it is the corpus that comes with the package, else its seed questions in all
    their languages. Raises InputError as `acuerdo.datasets.read_questions` does.
    """
    if corpus is None:
        came_along = shipped_corpus()
        if not came_along:
            written = tuple(one for language in SEED_LANGUAGES for one in seeds(language))
            return written, "the seed questions that come with Acuerdo", ()
        found = read_questions(came_along, name=CORPUS_NAME, max_characters=MAX_OPINION_CHARACTERS)
        return found.questions, "the corpus that comes with Acuerdo", found.notes
    found = read_questions(corpus, max_characters=MAX_OPINION_CHARACTERS)
    return found.questions, str(corpus), found.notes


def search_questions(
    text: str,
    *,
    corpus: Path | QuestionLibrary | None = None,
    k: int = 10,
    wanted: Wanted = _ANY,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> tuple[Hit, ...]:
    """Return the `k` questions nearest in meaning to a text, in any of the encoder's 16 languages.

    `corpus` is a file, a library that is loaded, or None for what comes with the package. Raises
    InputError for an empty text, for `k` below 1, for a filter that nothing in the corpus matches,
    and as `open_questions` does.
    """
    library = _library(corpus, settings, watch)
    _check(wanted, library)
    return search_index(library.index, text, library.embedder, k, wanted)


def suggest_questions(
    k: int = 6,
    *,
    corpus: Path | QuestionLibrary | None = None,
    seed: int = 0,
    wanted: Wanted = _ANY,
    near: str = "",
    avoid: Collection[str] = (),
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> tuple[DebateQuestion, ...]:
    """Return up to `k` questions that differ from one another and lean to neither side.

    The same seed gives the same questions. `near` is a text they should be about, `avoid` holds ids
    of questions that were asked before. Errors are those of `search_questions`.
    """
    if seed < 0:
        raise InputError(f"the seed {seed} is negative", fix="Name a whole number from 0.")
    library = _library(corpus, settings, watch)
    _check(wanted, library)
    vector = library.embedder.embed([near])[0] if near.strip() else None
    rng = np.random.default_rng(seed)
    if not wanted.language and vector is None:
        wanted = replace(wanted, language=_most_common(library, wanted))
    return suggest_from(library.index, k, rng, wanted=wanted, near=vector, avoid=avoid)


def _library(
    corpus: Path | QuestionLibrary | None, settings: Settings | None, watch: Watch | None
) -> QuestionLibrary:
    if isinstance(corpus, QuestionLibrary):
        return corpus
    return open_questions(corpus, settings=settings, watch=watch)


def _most_common(library: QuestionLibrary, wanted: Wanted) -> str:
    """Return the language of most questions that fit: suggestions are for people in one room."""
    fitting = [question.language for question in library.questions if wanted.admits(question)]
    # Of equally many the first in the corpus.
    return max(dict.fromkeys(fitting), key=fitting.count, default="")


def _check(wanted: Wanted, library: QuestionLibrary) -> None:
    """Raise InputError where a filter names what the corpus does not have."""
    for name, value in (
        ("language", wanted.language),
        ("area", wanted.area),
        ("split", wanted.split),
        ("topic", wanted.topic),
        ("leans", wanted.leans),
    ):
        there = {getattr(question, name) for question in library.questions}
        if value in ("", None) or value in there:
            continue
        order = list(SPLITS) if name == "split" else sorted(there - {"", -1})
        shown = [str(one) for one in order if one in there]
        listed = ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if shown[20:] else "")
        raise InputError(
            f"no question has the {name} {value!r}",
            where=library.name,
            fix=f"There are: {listed}." if shown else f"Its questions have no {name}.",
        )


def _vectors(
    questions: tuple[DebateQuestion, ...],
    embedder: Embedder,
    corpus: Path | None,
    settings: Settings,
    watch: Watch,
) -> Vectors:
    if corpus is not None:
        beside = corpus.with_name(f"{corpus.name}.vectors.npy")
        try:
            return stored_vectors(questions, embedder, beside, watch)
        except StorageError:
            # Many corpora lie where nothing may be written; the cache folder is for that.
            pass
    kept = settings.cache_dir / "questions" / f"{corpus_hash(questions)}.npy"
    return stored_vectors(questions, embedder, kept, watch)

"""Parts of the writing loop for its tests: a model that makes up questions, a sieve of words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from acuerdo.domain.completions import Completion, Reply, Request, Usage
from acuerdo.domain.questions import DebateQuestion, Origin
from acuerdo.domain.text import comparable
from acuerdo.llm import ScriptedModel
from acuerdo.ports import LanguageModel, OnReply, Progress, Unwatched, Watch
from acuerdo.questions.journal import Journal
from acuerdo.questions.writing import Written, write_questions
from acuerdo.questions.writing_options import WritingOptions, WritingParts, recipe_of

AREAS = ("work", "health", "law")
SEEDS = tuple(
    DebateQuestion(
        f"s{number}",
        f"Should seed {number} be planted?",
        area=AREAS[number % 3],
        leans="keep" if number % 2 else "change",
        origin=Origin(by="seed"),
    )
    for number in range(12)
)
COUNTRIES = ("Norway", "Peru", "Ghana", "Japan", "Chad")
THINGS = ("trams", "dams", "zoos", "taxes", "homework", "exams", "masks")


@dataclass(frozen=True)
class Repeats:
    """What a text repeats."""

    text: str
    why: str


class WordSieve:
    """Holds texts by their words; of any that end alike, the later one is the same in meaning."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.calls = 0

    def add(self, texts: Sequence[str]) -> list[Repeats | None]:
        self.calls += 1
        found: list[Repeats | None] = []
        for text in texts:
            words = comparable(text)
            found.append(Repeats(self.held[words], "wording") if words in self.held else None)
            self.held.setdefault(words, text)
        return found

    def remember(self, texts: Sequence[str]) -> None:
        for text in texts:
            self.held.setdefault(comparable(text), text)


class StopsAfter:
    """A watch that asks to stop after so many looks, and keeps what is reported."""

    def __init__(self, looks: int = 10**9) -> None:
        self.looks = looks
        self.seen: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def stopped(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def inventive(request: Request) -> str:
    """Return three lines that depend on the request's seed: new ones, repeats and no questions."""
    country, thing = COUNTRIES[request.seed % 5], THINGS[request.seed % 7]
    return (
        f"1. Should {country} have more {thing}?\n"
        f"2. Should {thing} be free in {country}?\n"
        f"3. Here is something else."
    )


def parts(
    model: LanguageModel | Callable[[Request], str] = inventive, sieve: WordSieve | None = None
) -> WritingParts:
    written = ScriptedModel(model) if callable(model) else model
    return WritingParts(
        model=written,
        seeds=SEEDS,
        sieve=sieve or WordSieve(),
        language_of=lambda text: "es" if "tranvía" in text else "en",
    )


def options(
    count: int = 40,
    *,
    seed: int = 0,
    at_once: int = 4,
    patience: int = 12,
    most_faults: int = 16,
    max_tokens: int | None = None,
    temperature: float = 0.8,
) -> WritingOptions:
    return WritingOptions(
        count=count,
        seed=seed,
        shown=4,
        per_request=3,
        at_once=at_once,
        patience=patience,
        most_faults=most_faults,
        max_tokens=max_tokens,
        temperature=temperature,
    )


def journal_in(folder: Path, made: WritingParts, asked: WritingOptions) -> Journal:
    return Journal(folder / "requests.jsonl", recipe_of(made, asked))


def ticking() -> Callable[[], float]:
    """Return a clock that goes on by a second every time it is looked at."""
    seconds = itertools.count()
    return lambda: float(next(seconds))


class Backwards:
    """Answers in the opposite order, each reply as `inventive` has it."""

    name = "scripted"

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        replies: dict[int, Reply] = {}
        for place in reversed(range(len(requests))):
            usage = Usage(10, 5, requests=1)
            replies[place] = Completion(inventive(requests[place]), "stop", usage)
            if on_reply is not None:
                on_reply(place, replies[place])
        return [replies[place] for place in range(len(requests))]


def written(
    folder: Path,
    asked: WritingOptions,
    made: WritingParts | None = None,
    watch: Watch | None = None,
) -> Written:
    made = made or parts()
    journal = journal_in(folder, made, asked)
    return write_questions(made, asked, journal, watch or Unwatched(), clock=ticking())


def numbers_asked(folder: Path, asked: WritingOptions) -> list[int]:
    return [record.number for record in journal_in(folder, parts(), asked).records]


def texts(questions: Sequence[DebateQuestion]) -> list[str]:
    return [question.text for question in questions]

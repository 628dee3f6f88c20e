"""Debate questions: what a corpus holds about each, and what screening said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

UNSETTLED: Final = -1
"""The topic of a question that has none yet."""

TRAIN: Final = "train"
KNOWN_TOPICS: Final = "known_topics"
NEW_TOPICS: Final = "new_topics"
SPLITS: Final = (TRAIN, KNOWN_TOPICS, NEW_TOPICS)
"""To learn from; unseen questions of topics learned from; topics that are held out whole."""

Leaning = Literal["change", "keep", ""]
"""Whether a "yes" would change how things are now or keep them; "" if nobody said."""
WrittenBy = Literal["seed", "model", "import", ""]
Verdict = Literal["allow", "review", "block"]
SEVERITIES: Final = ("none", "low", "medium", "high")
"""What a question would do if it were asked, by number: `SEVERITIES[severity]`."""
ReasonSource = Literal["rule", "neighbour", "model", "person"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a question comes from.

    `by` is "seed" for seeds of our own, "model" for a language model's, "import" for others'.
    Of a model's: its name, the hash of the prompt, the seed of the request, and the ids of the
    questions it was shown. `source` and `licence` are of imported ones.
    """

    by: WrittenBy = ""
    model: str = ""
    prompt_hash: str = ""
    seed: int = 0
    shown: tuple[str, ...] = ()
    source: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class DebateQuestion:
    """A question that people can answer with yes or no, and both answers as sentences.

    `id` is unique in its corpus. `language` is an ISO 639-1 code. `affirming` and `negating` are ""
    until they are made. `area` is the field of life of a seed. `topic` counts from 0, UNSETTLED
    before clustering; `outlier` marks a question that is far from its topic. `split` is one of
    SPLITS, "" before the first split.
    """

    id: str
    text: str
    language: str = "en"
    affirming: str = ""
    negating: str = ""
    area: str = ""
    leans: Leaning = ""
    topic: int = UNSETTLED
    outlier: bool = False
    split: str = ""
    origin: Origin = field(default=Origin())


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question was judged as it was: who says so, which kind of harm, in what words.

    `weight` goes from 0 to 1: how sure this reason alone would be that the question must not be
    asked.
    """

    source: ReasonSource
    kind: str
    detail: str
    weight: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What screening decided about one question, and why. `severity` counts in SEVERITIES.

    `by` is "screen" or the name of the person who decided. `at` is a date and time in ISO 8601.
    """

    question: str
    verdict: Verdict
    severity: int
    reasons: tuple[Reason, ...] = ()
    by: str = "screen"
    at: str = ""

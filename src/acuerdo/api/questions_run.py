"""Run files of `acuerdo questions build`: one TOML file from seeds to a corpus.

name = "corpus"
language = "en"          # of seeds and questions: en or es
count = 3500             # distinct questions that passed the screen, seeds included
seed = 0

[write]                  # optional, as all tables below: fields of `WritingOptions`
shown = 10
per_request = 5
temperature = 0.8
patience = 64
max_tokens = 5000000

[topics]                 # fields of `TopicOptions`
k = 110

[split]                  # fields of `SplitOptions`
train = 0.8
known_topics = 0.1
new_topics = 0.1
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from acuerdo.datasets import RunTable, read_run_tables
from acuerdo.questions import DEFAULT_TOPICS, SplitOptions, TopicOptions, WritingOptions

_HELP: Final = "docs/questions.md lists the keys."
Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class WriteTable(RunTable):
    """How the model is asked; see `WritingOptions`."""

    shown: Positive = WritingOptions().shown
    per_request: Positive = WritingOptions().per_request
    temperature: Annotated[float, Field(ge=0, le=2)] = WritingOptions().temperature
    patience: Positive = WritingOptions().patience
    max_tokens: Positive | None = None


class TopicsTable(RunTable):
    """How questions are grouped; see `TopicOptions`."""

    k: Positive = DEFAULT_TOPICS
    method: str = ""
    steps: tuple[str, ...] = TopicOptions().steps


class SplitTable(RunTable):
    """How topics and questions are divided; see `SplitOptions`."""

    train: Share = SplitOptions().train
    known_topics: Share = SplitOptions().known_topics
    new_topics: Share = SplitOptions().new_topics
    tie: Share = SplitOptions().tie


class QuestionsRun(RunTable):
    """A whole run file."""

    name: Annotated[str, Field(min_length=1)]
    language: str = "en"
    count: Positive = WritingOptions().count
    seed: Annotated[int, Field(ge=0)] = 0
    write: WriteTable = WriteTable()
    topics: TopicsTable = TopicsTable()
    split: SplitTable = SplitTable()

    def writing(self, count: int) -> WritingOptions:
        """Return the options to write so many questions; raises SettingsError out of range."""
        return WritingOptions(
            count=count, language=self.language, seed=self.seed, **self.write.model_dump()
        )

    def grouping(self) -> TopicOptions:
        """Return the options to group; raises SettingsError for an unknown method or step."""
        return TopicOptions(seed=self.seed, **self.topics.model_dump())

    def dividing(self) -> SplitOptions:
        """Return the options to split; raises SettingsError if shares do not add up."""
        return SplitOptions(seed=self.seed, **self.split.model_dump())


def read_questions_run(path: Path) -> QuestionsRun:
    """Read a run file; raises InputError naming file, table and key."""
    return read_run_tables(QuestionsRun, path, fix=_HELP)

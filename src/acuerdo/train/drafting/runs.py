"""Run files of drafting models: what is tuned on which statements, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from acuerdo.datasets import MaterialSource, RunTable, read_run_tables
from acuerdo.domain.errors import InputError
from acuerdo.train.runs import KEYS

Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]

DEFAULT_BASE = "default"


class AdapterTable(RunTable):
    """Low-rank layers; `targets` names linear layers, or "all-linear"."""

    rank: Annotated[int, Field(ge=1)] = 32
    alpha: Positive = 64.0
    dropout: Share = 0.0
    targets: str | tuple[str, ...] = "all-linear"


class DraftingTraining(RunTable):
    """How long, how fast and in what pieces.

    `epochs`, or `steps` if above 0. Rows have `row_tokens` tokens, filled with whole examples.
    `batch` rows are read at once and `batch * accumulation` make a step, shared among processes.
    `warmup` is a share of the steps, after which the rate falls as half a cosine. It is validated
    after every `validate_every` steps (0: ten times), on `validation_rows` rows (0: all), and ends
    after `patience` validations without a better loss. Checkpoints are kept after so many steps or
    minutes, whatever comes first. "auto" precision is bf16 where the hardware is made for it.
    `recompute` saves memory for a third more time. `attention` is chosen by the hardware if "auto".
    """

    epochs: Annotated[int, Field(ge=1)] = 3
    steps: Count = 0
    learning_rate: Positive = 5e-4
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    warmup: Share = 0.05
    clip: Positive = 1.0
    batch: Annotated[int, Field(ge=1)] = 1
    accumulation: Annotated[int, Field(ge=1)] = 2
    row_tokens: Annotated[int, Field(ge=32)] = 1024
    orders: Annotated[int, Field(ge=1)] = 1
    validate_every: Count = 0
    validation_rows: Count = 0
    patience: Annotated[int, Field(ge=1)] = 3
    checkpoint_every: Annotated[int, Field(ge=1)] = 200
    checkpoint_minutes: Positive = 10.0
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    recompute: bool = False
    device: Literal["auto", "cpu"] = "auto"
    attention: Literal["auto", "segments", "sdpa", "flash_attention_2"] = "auto"


class SamplesTable(RunTable):
    """Drafts written at each validation for `groups` held-out groups, always the same."""

    groups: Count = 4
    tokens: Annotated[int, Field(ge=1)] = 200
    temperature: Annotated[float, Field(ge=0)] = 0.7


class PreferenceTable(RunTable):
    """Direct preference optimisation (Rafailov et al. 2023) from `adapter`, on files of `pairs`.

    `beta` holds the model to where it starts; `sft_weight` adds so much of the better statement's
    own negative log-likelihood (Pang et al. 2024); `smoothing` is the share of pairs taken to be
    the wrong way round. `adapter` is the folder of an earlier run, "" for the bare base.
    """

    pairs: tuple[str, ...]
    adapter: str = ""
    beta: Positive = 0.1
    sft_weight: Annotated[float, Field(ge=0)] = 0.0
    smoothing: Annotated[float, Field(ge=0, lt=0.5)] = 0.0


class DrafterRun(RunTable):
    """A whole run file; with lora = "none" all weights are tuned.

    `base` is a transformers folder, a GGUF file, or "default" for the weights as shipped.
    `template` is the prompt's, `chat_template` the model's, recognised if "".
    """

    name: Annotated[str, Field(min_length=1)]
    kind: Literal["drafter"]
    base: str = DEFAULT_BASE
    template: str = "plain"
    chat_template: str = ""
    seed: Count = 0
    data: tuple[MaterialSource, ...] = ()
    lora: AdapterTable | Literal["none"] = AdapterTable()
    training: DraftingTraining = DraftingTraining()
    samples: SamplesTable = SamplesTable()
    dpo: PreferenceTable | None = None


def read_drafter_run(path: Path, environment: Mapping[str, str] | None = None) -> DrafterRun:
    """Read a run file; `${NAME}` in paths is replaced from the environment.

    Relative paths count from where the command runs. Raises InputError naming file, table and key.
    """
    run = read_run_tables(DrafterRun, path, environment, fix=KEYS)
    if not run.data and run.dpo is None:
        raise InputError("no [[data]] to train on", where=str(path))
    if run.dpo is not None and run.lora == "none":
        raise InputError(
            "preferences are learned by an adapter; this run has none",
            where=f"{path}, lora",
            fix="Leave lora out, or write a table [lora].",
        )
    return run

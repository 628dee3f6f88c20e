"""Where a network trains: processor or GPU, one process or many, in which precision."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import torch

from acuerdo.domain.sheets import Positions
from acuerdo.neural import Batch, Reader, collated
from acuerdo.train.examples import Examples
from acuerdo.train.runs import Training

Precision = Literal["fp32", "bf16"]

MADE_FOR_BF16: Final = frozenset({"avx512_bf16", "amx_bf16"})


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """An accelerate `Accelerator`, what it computes in, and how rows become batches on it."""

    accelerator: Any
    precision: Precision
    reader: Reader
    padding: int

    @property
    def device(self) -> torch.device:
        device: torch.device = self.accelerator.device
        return device

    @property
    def processes(self) -> int:
        return int(self.accelerator.num_processes)

    @property
    def process(self) -> int:
        return int(self.accelerator.process_index)

    @property
    def first(self) -> bool:
        """Whether this process writes files and speaks."""
        return bool(self.accelerator.is_main_process)

    @property
    def sharded(self) -> bool:
        """Whether weights are spread over processes (FSDP)."""
        return str(self.accelerator.distributed_type).endswith("FSDP")

    def autocast(self) -> AbstractContextManager[Any]:
        """Compute in bf16 where the precision says so."""
        if self.precision == "fp32":
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def batch(self, examples: Examples, rows: Positions) -> Batch:
        """Return rows as one batch on the device."""
        statements = examples.texts[2]
        made = [examples.row(self.reader, int(row)) for row in rows]
        sizes = [len(statements[examples.statement[row]]) for row in rows]
        return collated(made, sizes, self.padding).to(self.device)


def place_for(training: Training, reader: Reader, padding: int) -> Place:
    """Return where to train: a GPU if there is one (unless device = "cpu"), processes and shards
    as `accelerate launch` set them up."""
    from accelerate import Accelerator  # noqa: PLC0415 - slow to import

    accelerator = Accelerator(cpu=training.device == "cpu")
    return Place(accelerator, precision_on(accelerator.device, training), reader, padding)


def precision_on(device: torch.device, training: Training) -> Precision:
    """Return the precision: as told, or bf16 exactly where the hardware is made for it."""
    if training.precision != "auto":
        return training.precision
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp32"
    return "bf16" if MADE_FOR_BF16 & processor_flags() else "fp32"


def processor_flags(path: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Return the processor's features, none where the system does not tell."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(flags.partition(":")[2].split())

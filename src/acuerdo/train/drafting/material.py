"""What a run learns from and is measured on, epoch by epoch."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np

from acuerdo.datasets import Gathered, MaterialSource, gather
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material
from acuerdo.ports import Watch
from acuerdo.train.drafting.rows import Example, Row, packed_rows
from acuerdo.train.drafting.texts import ExampleWriter

MOST_TOO_LONG: Final = 0.1
"""Share of the examples that may be longer than a row. Beyond it the rows are too short."""
VALIDATION_SEED: Final = 0x5EED

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class RunMaterial:
    """Material by part; `weights` says how often each of `training` is put in an epoch."""

    gathered: Gathered
    training: tuple[Material, ...]
    weights: tuple[float, ...]
    validation: tuple[Material, ...]


@dataclass(slots=True)
class TooLong:
    """Examples left out because they are longer than a row, by group."""

    groups: Counter[str] = field(default_factory=Counter)
    longest: int = 0
    of: int = 0

    def note(self, row_tokens: int) -> str:
        """Return in a sentence what was left out, "" if nothing was."""
        if not self.groups:
            return ""
        shown = ", ".join(list(self.groups)[:3])
        return (
            f"{len(self.groups)} groups have examples longer than the {row_tokens} tokens of a row "
            f"(up to {self.longest}) and were left out: {shown}"
            f"{', ...' if len(self.groups) > 3 else ''}"
        )


def read_run_material(sources: Sequence[MaterialSource], watch: Watch) -> RunMaterial:
    """Return the material of a run; raises InputError if there is none to learn from."""
    gathered = gather(sources, watch)
    weighted = list(zip(gathered.materials, gathered.weights, strict=True))
    training = [(m, weight) for m, weight in weighted if m.split == "train"]
    if not training:
        raise InputError(
            f"none of the {len(gathered.materials)} statements is for training",
            where=", ".join(source.path for source in sources),
            fix="Name the splits to train on with train = [...], or loosen the filters.",
        )
    return RunMaterial(
        gathered=gathered,
        training=tuple(m for m, _ in training),
        weights=tuple(weight for _, weight in training),
        validation=tuple(m for m in gathered.materials if m.split == "validation"),
    )


def read_validation(sources: Sequence[MaterialSource], watch: Watch) -> tuple[Material, ...]:
    """Return the held-out material alone; errors as in `gather`."""
    return tuple(m for m in gather(sources, watch).materials if m.split == "validation")


class Epochs:
    """Rows to learn from, epoch after epoch: a function of material, seed and epoch alone.

    In every epoch each material comes with its opinions in `orders` fresh random orders (times its
    weight; a fraction is drawn).
    """

    def __init__(
        self,
        material: RunMaterial,
        writer: ExampleWriter,
        *,
        orders: int,
        row_tokens: int,
        filler: int,
        seed: int,
    ) -> None:
        self._material, self._writer = material, writer
        self._orders, self._row_tokens, self._filler = orders, row_tokens, filler
        self._seed = seed
        self.too_long = TooLong()

    def rows(self, epoch: int) -> list[Row]:
        """Return the rows of an epoch; raises InputError if too many examples are too long."""
        random = np.random.default_rng([self._seed, epoch])
        examples: list[Example] = []
        for material, weight in zip(self._material.training, self._material.weights, strict=True):
            whole, part = divmod(self._orders * weight, 1)
            for _ in range(int(whole) + int(random.random() < part)):
                order = random.permutation(len(material.opinions)).tolist()
                examples.append(self._writer.example(material, order))
        return packed_rows(self._fitting(examples), self._row_tokens, self._filler, random)

    def validation_rows(self, most: int) -> list[Row]:
        """Return the rows to measure on, always the same: `most` of them, or all if 0."""
        random = np.random.default_rng([self._seed, VALIDATION_SEED])
        examples = [
            self._writer.example(material, random.permutation(len(material.opinions)).tolist())
            for material in self._material.validation
        ]
        rows = packed_rows(self._fitting(examples), self._row_tokens, self._filler, random)
        return rows[:most] if most else rows

    def _fitting(self, examples: Sequence[Example]) -> list[Example]:
        fitting = [example for example in examples if len(example) <= self._row_tokens]
        for example in examples:
            if len(example) > self._row_tokens:
                self.too_long.groups[example.group] += 1
                self.too_long.longest = max(self.too_long.longest, len(example))
        if len(examples) - len(fitting) > MOST_TOO_LONG * len(examples):
            raise InputError(
                f"{len(examples) - len(fitting)} of {len(examples)} examples are longer than the "
                f"{self._row_tokens} tokens of a row, the longest has {max(map(len, examples))}",
                where="[training], row_tokens",
                fix="Raise row_tokens, or leave long material out with max_words.",
            )
        return fitting


def planned_rows(epochs: Epochs, count: int, steps: int, per_step: int) -> tuple[list[Row], int]:
    """Return the rows of a whole run in order, and into how many steps they go.

    `count` epochs, or as many as `steps` need if above 0. The last rows of a run that fill no step
    are left out.
    """
    rows: list[Row] = []
    epoch = 0
    while len(rows) < steps * per_step if steps else epoch < count:
        found = epochs.rows(epoch)
        if not found:
            raise InputError("no example is left to learn from", where="[[data]]")
        rows += found
        epoch += 1
    total = steps or max(len(rows) // per_step, 1)
    return rows[: total * per_step], total


def evenly(items: Sequence[Item], count: int) -> list[Item]:
    """Return `count` of the items, evenly spread; all if there are no more.

    >>> evenly("abcdef", 3)
    ['a', 'c', 'e']
    """
    if len(items) <= count:
        return list(items)
    return [items[place * len(items) // count] for place in range(count)]


def digest(rows: Sequence[Row]) -> str:
    """Return a hash of what is learned, to tell whether it is still the same."""
    told = hashlib.sha256()
    for row in rows:
        told.update(np.asarray(row.input_ids, dtype=np.int64).tobytes())
        told.update(np.asarray(row.labels, dtype=np.int64).tobytes())
    return told.hexdigest()[:16]

"""[[data]] of run files for the drafting model: what is read, divided and filtered how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from acuerdo.datasets.material.reading import QUALITY_ABOVE, ReaderOptions, Reading
from acuerdo.datasets.material.registry import MATERIAL_READERS
from acuerdo.datasets.material.splitting import TRAIN, VALIDATION, separated, settled
from acuerdo.datasets.run_tables import RunTable
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.material import Material
from acuerdo.domain.text import words
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked

UNUSED: Final = "unused"
"""The split of material whose own name only looks like a part of training."""
STAGE: Final = "material"


class MaterialSource(RunTable):
    """One source. `reader` names how `path` is read; `splits` is the file of splits.

    What neither such a file nor the data puts into a split is dealt, by whole questions, by
    `shares` and `seed`. Splits named in `train` and `validation` become those parts, all others are
    held out. Rated statements are kept if their mean quality is above `quality_above`; statements
    of fewer than `min_words` or more than `max_words` words (0: any number) are left out.
    """

    reader: str
    path: str
    splits: str = ""
    shares: dict[str, float] = Field(default={TRAIN: 0.8, VALIDATION: 0.1, "test": 0.1})
    seed: Annotated[int, Field(ge=0)] = 0
    train: tuple[str, ...] = (TRAIN,)
    validation: tuple[str, ...] = (VALIDATION,)
    quality_above: Annotated[float, Field(ge=0, le=7)] = QUALITY_ABOVE
    quality_levels: tuple[str, ...] = ()
    min_words: Annotated[int, Field(ge=0)] = 0
    max_words: Annotated[int, Field(ge=0)] = 0
    weight: Annotated[float, Field(gt=0)] = 1.0


@dataclass(frozen=True, slots=True)
class Gathered:
    """Material of all sources, leak-proof; `read` statements there were, `dropped` tells why not.

    `read` equals the materials and all that was dropped together.
    """

    materials: tuple[Material, ...]
    dropped: Mapping[str, int]

    @property
    def read(self) -> int:
        """How many statements were found before anything was left out."""
        return len(self.materials) + sum(self.dropped.values())


def read_material(
    reader: str,
    path: Path,
    *,
    splits: Path | None = None,
    shares: Mapping[str, float] | None = None,
    seed: int = 0,
    quality_above: float = QUALITY_ABOVE,
    quality_levels: tuple[str, ...] = (),
) -> tuple[Material, ...]:
    """Return the material of one source, each with its split.

    Raises SettingsError for an unknown reader, InputError for an unusable file (with its line) or
    contradicting splits.
    """
    options = ReaderOptions(quality_above, quality_levels)
    return _settled(_read(reader, path, options), splits, shares, seed).materials


def materials_of(sources: Iterable[MaterialSource]) -> list[Material]:
    """Return the material of all sources, filtered and leak-proof; see `gather`."""
    return list(gather(sources).materials)


def gather(sources: Iterable[MaterialSource], watch: Watch | None = None) -> Gathered:
    """Read, divide and filter all sources and leave out what would leak between their splits.

    Training material is called "train", that for early stopping "validation", whatever their
    splits were called. Raises InputError if nothing is left, saying what was left out and why;
    SettingsError for an unknown reader.
    """
    watch, listed = watch or Unwatched(), list(sources)
    dropped: Counter[str] = Counter()
    materials: list[Material] = []
    for number, source in enumerate(listed):
        stop_if_asked(watch)
        watch.report(Progress(STAGE, number, len(listed), source.path))
        found = _of_source(source)
        dropped.update(found.dropped)
        materials += found.materials
    parted = separated(materials)
    dropped.update(parted.dropped)
    watch.report(Progress(STAGE, len(listed), len(listed)))
    if not parted.materials:
        reasons = ", ".join(f"{why}: {count}" for why, count in dropped.most_common())
        raise InputError(
            f"no statement is left to learn from ({reasons or 'none was found'})",
            where=", ".join(source.path for source in listed),
            fix="Loosen the filter that took most, or name other data.",
        )
    return Gathered(parted.materials, dropped)


def _of_source(source: MaterialSource) -> Reading:
    if clash := set(source.train) & set(source.validation):
        raise SettingsError(
            f"the split {min(clash)!r} is for training and for validation at once",
            where=source.path,
            fix="Name it once.",
        )
    options = ReaderOptions(source.quality_above, source.quality_levels)
    reading = _read(source.reader, Path(source.path), options)
    reading = _settled(
        reading, Path(source.splits) if source.splits else None, source.shares, source.seed
    )
    named = [replace(m, split=_part(m.split, source)) for m in reading.materials]
    return _of_length(named, source.min_words, source.max_words, reading.dropped)


def _read(reader: str, path: Path, options: ReaderOptions) -> Reading:
    if reader not in MATERIAL_READERS:
        raise SettingsError(
            f"there is no reader called {reader!r}",
            where=str(path),
            fix=f"Choose one of {', '.join(MATERIAL_READERS)}.",
        )
    return MATERIAL_READERS[reader](path, options)


def _settled(
    reading: Reading, splits: Path | None, shares: Mapping[str, float] | None, seed: int
) -> Reading:
    if not reading.materials:
        return reading
    given = {} if shares is None else {"shares": shares}
    return replace(reading, materials=settled(reading.materials, splits=splits, seed=seed, **given))


def _part(split: str, source: MaterialSource) -> str:
    if split in source.train:
        return TRAIN
    if split in source.validation:
        return VALIDATION
    return UNUSED if split in (TRAIN, VALIDATION) else split


def _of_length(
    materials: Sequence[Material], fewest: int, most: int, dropped: Mapping[str, int]
) -> Reading:
    counts: Counter[str] = Counter(dropped)
    kept: list[Material] = []
    for material in materials:
        length = len(words(material.statement))
        if length < fewest:
            counts[f"fewer than {fewest} words"] += 1
        elif most and length > most:
            counts[f"more than {most} words"] += 1
        else:
            kept.append(material)
    return Reading(tuple(kept), counts)

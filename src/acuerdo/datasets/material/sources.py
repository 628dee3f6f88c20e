"""[[data]] of run files for the drafting model: what is read, divided and filtered how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from acuerdo.datasets.material.notes import read_notes
from acuerdo.datasets.material.reading import QUALITY_ABOVE, ReaderOptions, Reading
from acuerdo.datasets.material.registry import MATERIAL_READERS
from acuerdo.datasets.material.splitting import SHARES, TRAIN, VALIDATION, separated, settled
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

    `notes` is a file of what people say in a few words, by group, for prompts that ask for notes.
    What neither such a file nor the data puts into a split is dealt, by whole questions, by
    `shares` and `seed`. Splits named in `train` and `validation` become those parts, all others are
    held out. Rated statements are kept if their mean quality is above `quality_above`; statements
    of fewer than `min_words` or more than `max_words` words (0: any number) are left out. What is
    left out for its quality or its length holds out its question and opinions all the same.
    """

    reader: str
    path: str
    notes: str = ""
    splits: str = ""
    shares: dict[str, float] = Field(default_factory=lambda: dict(SHARES))
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

    `read` equals the materials and all that was dropped together; `weights` are those of the
    sources, one for each of the materials.
    """

    materials: tuple[Material, ...]
    dropped: Mapping[str, int]
    weights: tuple[float, ...]

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


def gather(
    sources: Iterable[MaterialSource],
    watch: Watch | None = None,
    *,
    beside: Iterable[MaterialSource] = (),
) -> Gathered:
    """Read, divide and filter all sources and leave out what would leak between their splits.

    Training material is called "train", that for early stopping "validation", whatever their
    splits were called. Sources `beside` are only compared with: nothing of them is returned or
    counted, and what they hold out is held out. Raises InputError if nothing is left, saying what
    was left out and why; SettingsError for an unknown reader.
    """
    watch, listed, others = watch or Unwatched(), list(sources), list(beside)
    total = len(listed) + len(others)
    dropped: Counter[str] = Counter()
    materials: list[Material] = []
    aside: list[Material] = []
    # By object: two files may hold the very same group.
    weights: dict[int, float] = {}
    for number, source in enumerate((*listed, *others)):
        stop_if_asked(watch)
        watch.report(Progress(STAGE, number, total, source.path))
        found = _of_source(source)
        aside += found.left_out
        if number < len(listed):
            dropped.update(found.dropped)
            materials += found.kept
            weights.update((id(material), source.weight) for material in found.kept)
        else:
            aside += found.kept
    parted = separated(materials, aside)
    dropped.update(parted.dropped)
    watch.report(Progress(STAGE, total, total))
    if not parted.materials:
        reasons = ", ".join(f"{why}: {count}" for why, count in dropped.most_common())
        raise InputError(
            f"no statement is left to learn from ({reasons or 'none was found'})",
            where=", ".join(source.path for source in listed),
            fix="Loosen the filter that took most, or name other data.",
        )
    weighted = tuple(weights[id(material)] for material in parted.materials)
    return Gathered(parted.materials, dropped, weighted)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a source holds, all of it with its part: to be used, and left out by a filter."""

    kept: tuple[Material, ...]
    left_out: tuple[Material, ...]
    dropped: Mapping[str, int]


def _of_source(source: MaterialSource) -> _Found:
    if clash := set(source.train) & set(source.validation):
        raise SettingsError(
            f"the split {min(clash)!r} is for training and for validation at once",
            where=source.path,
            fix="Name it once.",
        )
    options = ReaderOptions(source.quality_above, source.quality_levels)
    path, splits = Path(source.path), Path(source.splits) if source.splits else None
    reading = whole = _read(source.reader, path, options)
    if reading.dropped:
        # A question must not change sides, or stop being held out, with the quality asked for.
        whole = _read(source.reader, path, replace(options, quality_above=0.0))
    divided = _settled(whole, splits, source.shares, source.seed)
    good, dropped = Counter(reading.materials), Counter(reading.dropped)
    notes = read_notes(Path(source.notes)) if source.notes else {}
    kept: list[Material] = []
    left_out: list[Material] = []
    for read, settled_one in zip(whole.materials, divided.materials, strict=True):
        material = replace(
            settled_one,
            split=_part(settled_one.split, source),
            notes=notes.get(settled_one.group, settled_one.notes),
        )
        good[read] -= 1
        reason = _wrong_length(material, source)
        if good[read] >= 0 and reason:
            dropped[reason] += 1
        (left_out if good[read] < 0 or reason else kept).append(material)
    return _Found(tuple(kept), tuple(left_out), dropped)


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


def _wrong_length(material: Material, source: MaterialSource) -> str:
    """Return what is wrong with a statement's length, "" if nothing is."""
    length = len(words(material.statement))
    if length < source.min_words:
        return f"fewer than {source.min_words} words"
    if source.max_words and length > source.max_words:
        return f"more than {source.max_words} words"
    return ""

"""Arguments with their stance: material from which models learn who would agree with what."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from acuerdo.datasets.judging.csv_columns import CsvColumns, read_columns
from acuerdo.datasets.judging.files import read_text
from acuerdo.domain.errors import InputError
from acuerdo.domain.text import canonical

Stance = Literal[-1, 1]

_STANCES: Final[Mapping[str, Stance]] = {"1": 1, "-1": -1}
_COVERS: Final = {"0": False, "1": True}
_LABELS: Final = {"SUPPORT": True, "UNDERMINE": False}


@dataclass(frozen=True, slots=True)
class Argument:
    """Somebody argued for (1) or against (-1) a thesis; `quality` is 0 to 1, higher is better."""

    topic: str
    text: str
    stance: Stance
    quality: float
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class KeyPointMatch:
    """Does a key point say what an argument on the same thesis says? Both have the same stance."""

    topic: str
    argument: str
    key_point: str
    stance: Stance
    covers: bool
    source: str
    licence: str


@dataclass(frozen=True, slots=True)
class Perspective:
    """A view that supports or undermines a claim; `group` is shared by views that say the same."""

    claim: str
    text: str
    supports: bool
    group: int
    source: str
    licence: str


def read_arguments(folder: Path) -> tuple[Argument, ...]:
    """Read IBM's arg_quality_rank_30k.csv (quality is its weighted average, column "WA").

    Raises InputError naming file, row and column.
    """
    table = _read(folder / "arg_quality_rank_30k.csv")
    names = ("argument", "topic", "stance_WA", "WA")
    found = []
    for record, (text, topic, stance, quality) in enumerate(_cells(table, names)):
        found.append(
            Argument(
                topic=canonical(topic),
                text=_text(text, table, record, "argument"),
                stance=_stance(stance, table, record, "stance_WA"),
                quality=_share(quality, table, record, "WA"),
                source="ibm_argq_rank_30k",
                licence="CC BY-SA 3.0",
            )
        )
    return tuple(found)


def read_key_points(folder: Path) -> tuple[KeyPointMatch, ...]:
    """Read IBM's ArgKP-2021_dataset.csv; raises InputError naming file, row and column."""
    table = _read(folder / "ArgKP-2021_dataset.csv")
    names = ("topic", "argument", "key_point", "stance", "label")
    found = []
    for record, (topic, argument, key_point, stance, label) in enumerate(_cells(table, names)):
        if label not in _COVERS:
            raise InputError(
                f"{label[:40]!r} is not 0 or 1",
                where=table.where(record, "label"),
                fix="1 means that the key point covers the argument.",
            )
        found.append(
            KeyPointMatch(
                topic=canonical(topic),
                argument=_text(argument, table, record, "argument"),
                key_point=_text(key_point, table, record, "key_point"),
                stance=_stance(stance, table, record, "stance"),
                covers=_COVERS[label],
                source="ibm_argkp_2021",
                licence="CDLA-Sharing-1.0",
            )
        )
    return tuple(found)


def read_perspectives(folder: Path) -> tuple[Perspective, ...]:
    """Read Perspectrum: every wording of every perspective with the majority's stance.

    Groups on whose stance annotators found no majority of five are left out. Raises InputError
    naming file, entry and field.
    """
    pool_path = folder / "perspective_pool_v1.0.json"
    claims_path = folder / "perspectrum_with_answers_v1.0.json"
    texts = {
        _field(entry, "pId", int, f"{pool_path}, entry {number}"): canonical(
            _field(entry, "text", str, f"{pool_path}, entry {number}")
        )
        for number, entry in enumerate(_entries(pool_path), start=1)
    }
    found: list[Perspective] = []
    group = 0
    for number, claim in enumerate(_entries(claims_path), start=1):
        where = f"{claims_path}, entry {number}"
        claim_text = canonical(_field(claim, "text", str, where))
        for cluster in _field(claim, "perspectives", list, where):
            group += 1
            if _field(cluster, "stance_label_5", str, where) == "NO_MAJORITY_LABEL":
                continue
            label = _field(cluster, "stance_label_3", str, where)
            if label not in _LABELS:
                raise InputError(
                    f"{label[:40]!r} is neither SUPPORT nor UNDERMINE",
                    where=f"{where}, field 'stance_label_3'",
                )
            for wording in _field(cluster, "pids", list, where):
                if wording not in texts:
                    raise InputError(
                        f"there is no perspective {wording!r} in {pool_path.name}",
                        where=f"{where}, field 'pids'",
                        fix="Use the files as they were published together.",
                    )
                found.append(
                    Perspective(
                        claim=claim_text,
                        text=texts[wording],
                        supports=_LABELS[label],
                        group=group,
                        source="perspectrum",
                        licence="CC BY-SA 4.0",
                    )
                )
    return tuple(found)


def _read(path: Path) -> CsvColumns:
    return read_columns(read_text(path), str(path))


def _cells(table: CsvColumns, names: tuple[str, ...]) -> zip[tuple[str, ...]]:
    return zip(*(table.column(name) for name in names), strict=True)


def _text(cell: str, table: CsvColumns, record: int, column: str) -> str:
    text = canonical(cell)
    if not text:
        raise InputError("nothing is written here", where=table.where(record, column))
    return text


def _stance(cell: str, table: CsvColumns, record: int, column: str) -> Stance:
    if cell not in _STANCES:
        raise InputError(
            f"{cell[:40]!r} is not a stance",
            where=table.where(record, column),
            fix="Stances are 1 (for the thesis) and -1 (against it).",
        )
    return _STANCES[cell]


def _share(cell: str, table: CsvColumns, record: int, column: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise InputError(f"{cell[:40]!r} is not between 0 and 1", where=table.where(record, column))
    return value


def _entries(path: Path) -> list[Any]:
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON: {error}", where=str(path)) from None
    if not isinstance(content, list):
        raise InputError("this is not a list of entries", where=str(path))
    return content


def _field(entry: object, name: str, kind: type[Any], where: str) -> Any:
    value = entry.get(name) if isinstance(entry, dict) else None
    if not isinstance(value, kind):
        raise InputError(
            f"there is no field {name!r} that holds {kind.__name__}",
            where=where,
            fix="Use the file as it was published.",
        )
    return value

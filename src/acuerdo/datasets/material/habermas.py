"""The Habermas Machine's published candidates as material: those that people rated well."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from acuerdo.datasets.judging.habermas_rows import COMPARISONS, MOCK, PERSON, read_rows, where
from acuerdo.datasets.judging.parquet import read_arrow
from acuerdo.datasets.material.reading import (
    ReaderOptions,
    Reading,
    material_of,
    quality_reason,
)
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material
from acuerdo.domain.text import canonical

SOURCE: Final = "habermas"
LICENCE: Final = "CC BY 4.0"
AUTHOR: Final = "the Habermas Machine's language model"

_MODEL: Final = "MODEL_MEDIATOR"
_IDS: Final = "candidates.metadata.id"
_TEXTS: Final = "candidates.text"
_AUTHORS: Final = "candidates.metadata.provenance"
_QUALITY: Final = "ratings.quality"
_PARENTS: Final = "candidates.parent_statement_ids"
_CRITIQUE: Final = "critique.text"
_COLUMNS: Final = (
    "round_id",
    "launch_id",
    "worker_id",
    "metadata.participant_id",
    "metadata.version",
    "question.text",
    "question.split",
    "own_opinion.text",
    "own_opinion.metadata.provenance",
    _IDS,
    _TEXTS,
    _AUTHORS,
    _QUALITY,
)
_ANY: Final = ReaderOptions()
_ENDS: Final[Mapping[str, float]] = {"TERRIBLE": 1.0, "EXCELLENT_QUALITY": 7.0}


@dataclass(slots=True)
class _Round:
    """One group in one round; people by worker, in the order of the file's rows."""

    name: str
    launch: str
    question: str
    split: str
    row: int
    opinions: dict[str, str] = field(default_factory=dict)
    critiques: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    quality: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def read_habermas_material(folder: Path, options: ReaderOptions = _ANY) -> Reading:
    """Read hm_all_candidate_comparisons.parquet: a model's candidates with the round's opinions.

    A candidate is kept if the people of its round rated its quality above `options.quality_above`
    on average (mock ratings do not count). A candidate with a parent among the group's earlier ones
    is a revision of it, with the critiques that people wrote in the parent's round, else in its
    own. Opinions are those of human participants. The authors' split is kept. Quality is a number
    1-7 or the name of a level: TERRIBLE and EXCELLENT_QUALITY are known to be 1 and 7, the others
    must be named by `options.quality_levels`. Raises InputError naming file, row and column,
    SettingsError without pyarrow.
    """
    path = folder / COMPARISONS if folder.is_dir() else folder
    rounds = _rounds(path, _levels(options, path))
    known = {(r.launch, name): (r, text) for r in rounds for name, text in r.texts.items()}
    dropped: Counter[str] = Counter()
    kept = [
        material
        for round_ in rounds
        for name in round_.texts
        if (
            material := _material(
                round_, name, known=known, options=options, dropped=dropped, path=path
            )
        )
    ]
    return Reading(tuple(kept), dropped)


def _material(
    round_: _Round,
    name: str,
    *,
    known: Mapping[tuple[str, str], tuple[_Round, str]],
    options: ReaderOptions,
    dropped: Counter[str],
    path: Path,
) -> Material | None:
    quality = round_.quality[name]
    if not quality:
        dropped["nobody rated the quality"] += 1
    elif sum(quality) <= options.quality_above * len(quality):
        dropped[quality_reason(options.quality_above)] += 1
    elif len(round_.opinions) < 2:
        dropped["fewer than two people's opinions"] += 1
    else:
        first, previous = known.get((round_.launch, round_.parents.get(name, "")), (round_, ""))
        said = (first.critiques or round_.critiques) if previous else {}
        return material_of(
            f"{path}, row {round_.row + 1}",
            group=round_.name,
            question=round_.question,
            opinions=tuple(round_.opinions.values()),
            statement=round_.texts[name],
            previous=previous,
            critiques=tuple(said.get(who, "") for who in round_.opinions) if said else (),
            split=round_.split,
            source=SOURCE,
            licence=LICENCE,
            author=AUTHOR,
        )
    return None


def _rounds(path: Path, levels: Mapping[str, float]) -> list[_Round]:
    here = set(read_arrow(path, [_PARENTS, _CRITIQUE]).column_names)
    optional = tuple(name for name in (_PARENTS, _CRITIQUE) if name in here)
    found: dict[tuple[str, str, str], _Round] = {}
    for place, row in enumerate(read_rows(path, (*_COLUMNS, *optional))):
        version, launch = str(row["metadata.version"] or ""), str(row["launch_id"])
        key = (version, launch, str(row["round_id"]))
        if key not in found:
            found[key] = _Round(
                name="/".join(part for part in key if part),
                launch=f"{version}/{launch}",
                question=" ".join(canonical(str(row["question.text"] or "")).split()),
                split=str(row["question.split"] or "").lower(),
                row=place,
            )
        _add(row, place, path, found[key], levels)
    return list(found.values())


def _add(
    row: Mapping[str, Any], place: int, path: Path, round_: _Round, levels: Mapping[str, float]
) -> None:
    worker = str(row["worker_id"] or row["metadata.participant_id"])
    opinion = canonical(str(row["own_opinion.text"] or ""))
    if row["own_opinion.metadata.provenance"] == PERSON and opinion:
        round_.opinions[worker] = opinion
        if critique := canonical(str(row.get(_CRITIQUE) or "")):
            round_.critiques[worker] = critique
    names = _listed(row, _IDS, place, path, 0)
    texts = _listed(row, _TEXTS, place, path, len(names))
    authors = _listed(row, _AUTHORS, place, path, len(names))
    quality = _listed(row, _QUALITY, place, path, len(names))
    parents = _listed(row, _PARENTS, place, path, len(names))
    for name, text, author, mark, parent in zip(
        map(str, names), texts, authors, quality, parents, strict=True
    ):
        if author != _MODEL or not text or not str(text).strip():
            continue
        round_.texts.setdefault(name, canonical(str(text)))
        if first := _first(parent):
            round_.parents.setdefault(name, first)
        value = _value(mark, levels, where(path, place, _QUALITY))
        if value is not None:
            round_.quality[name].append(value)


def _listed(
    row: Mapping[str, Any], column: str, place: int, path: Path, size: int
) -> Sequence[Any]:
    cell = row.get(column)
    if cell is None:
        return [None] * size
    if not isinstance(cell, list) or (column != _IDS and cell and len(cell) != size):
        raise InputError(
            f"this is not a list of {size} values, one for each candidate",
            where=where(path, place, column),
            fix="Use the file as it was published.",
        )
    return cell or [None] * size


def _first(parent: Any) -> str:
    """Return the id of a candidate's parent; the cell holds one or a list of them."""
    if isinstance(parent, list):
        return str(parent[0]) if parent and parent[0] is not None else ""
    return "" if parent is None else str(parent)


def _value(mark: Any, levels: Mapping[str, float], place: str) -> float | None:
    if mark is None or mark == MOCK:
        return None
    if isinstance(mark, int | float) and 1 <= mark <= 7:
        return float(mark)
    if mark in levels:
        return levels[mark]
    raise InputError(
        f"{str(mark)[:40]!r} is not a known level of quality",
        where=place,
        fix="Name all seven levels of the file, worst first, as `quality_levels` in [[data]].",
    )


def _levels(options: ReaderOptions, path: Path) -> Mapping[str, float]:
    named = options.quality_levels
    if not named:
        return _ENDS
    if len(set(named)) != 7:
        raise InputError(
            f"{len(set(named))} levels of quality are named, not seven", where=str(path)
        )
    return {name: float(value) for value, name in enumerate(named, start=1)}

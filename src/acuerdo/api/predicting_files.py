"""Predict agreement for a table of any length: the same rows out, with three more columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from acuerdo.api.predicting import PairsPredicted, predicted_pairs
from acuerdo.datasets import ColumnMap, PairsFile, Source, read_pairs
from acuerdo.domain.errors import InputError, StorageError
from acuerdo.files import whole_file
from acuerdo.ports import Progress, Scorer, Unwatched, Watch, stop_if_asked
from acuerdo.recipes import DEFAULT_SCORER
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import scorer_named

ADDED: Final = ("agreement", "spread", "answered")
_RECOGNISED: Final = ColumnMap()
_ROWS_BETWEEN_LOOKS: Final = 8192


@dataclass(frozen=True, slots=True)
class FilePrediction:
    """What was written: rows in all, how many of them rated and how many answered (those included).

    `notes` say what was assumed while reading.
    """

    rows: int
    questions: int
    known: int
    answered: int
    predictor: str
    notes: tuple[str, ...]


def predict_file(
    source: Source,
    target: Path | IO[bytes],
    *,
    predictor: str = DEFAULT_SCORER,
    columns: ColumnMap = _RECOGNISED,
    encoding: str = "",
    delimiter: str = "",
    prefix: str = "",
    scorer: Scorer | None = None,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> FilePrediction:
    """Write the rows of a table of people and statements with the agreement that is expected.

    `source` has the columns question, person, opinion, statement and optionally rating and context
    (see `acuerdo.datasets.read_pairs`). The same rows come out in the same order, in UTF-8 with the
    same delimiter and all their columns, and behind them `agreement` (1-7, three decimals, blank
    where the predictor cannot say), `spread` (one standard deviation, likewise) and `answered`
    (true or false), each after `prefix`. A rated row is known: its agreement is the rating, its
    spread 0, and it moves the other rows of that question. A `target` that is a path is
    written whole or not at all. `scorer` is a ready-made scorer, used as it is in place of
    `predictor`.

    Cost is linear in the rows; memory holds every distinct text once and a few numbers a row.
    Raises InputError if the file cannot be used, SettingsError for an unknown predictor,
    ModelError, StorageError, or Cancelled if the watcher stops.
    """
    watch = watch or Unwatched()
    if isinstance(source, Path) and isinstance(target, Path) and _same(source, target):
        raise InputError(
            "the result would replace the file it is made from",
            where=str(target),
            fix="Name another file for the result.",
        )
    with read_pairs(
        source, encoding=encoding, delimiter=delimiter, columns=columns, watch=watch
    ) as pairs:
        added = _added(pairs, prefix)
        known = int((~np.isnan(pairs.ratings)).sum())
        scorer = scorer or scorer_named(
            predictor, settings or read_settings(), watch, with_ratings=known > 0
        )
        found = predicted_pairs(pairs.sheets(), len(pairs), scorer, watch)
        with _opened(target) as stream:
            _write(pairs, added, found, stream, watch)
        return FilePrediction(
            rows=len(pairs),
            questions=pairs.questions,
            known=known,
            answered=int((~np.isnan(found.expected)).sum()),
            predictor=scorer.name,
            notes=pairs.notes,
        )


def _same(source: Path, target: Path) -> bool:
    try:
        return target.exists() and target.samefile(source)
    except OSError:
        return False


def _added(pairs: PairsFile, prefix: str) -> Sequence[str]:
    added = [f"{prefix}{name}" for name in ADDED]
    there = {cell.strip().casefold() for cell in pairs.header}
    taken = [name for name in added if name.casefold() in there]
    if taken:
        shown = " and ".join(repr(name) for name in taken)
        raise InputError(
            f"there is a column {shown} already",
            where=pairs.table.file,
            fix="Put something before the names of the new columns, for example --prefix "
            "predicted_; if the column holds known ratings, also say --rating-column.",
        )
    return added


@contextmanager
def _opened(target: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(target, Path):
        with whole_file(target) as stream:
            yield stream
        return
    try:
        yield target
        target.flush()
    except BrokenPipeError:
        # Whoever reads the other end has seen enough.
        raise
    except OSError as error:
        raise StorageError(
            f"the result could not be written: {error.strerror or error}",
            where="standard output",
            fix="Make room on the disk, or write to another place.",
        ) from error


def _write(
    pairs: PairsFile,
    added: Sequence[str],
    found: PairsPredicted,
    stream: IO[bytes],
    watch: Watch,
) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    done = 0
    try:
        writer = csv.writer(text, delimiter=pairs.table.delimiter, lineterminator="\n")
        writer.writerow([*pairs.header, *added])
        for done, cells in enumerate(pairs.cells()):
            if done % _ROWS_BETWEEN_LOOKS == 0:
                stop_if_asked(watch)
                watch.report(Progress("write", done, len(pairs)))
            value = found.expected[done]
            answer = ("", "", "false")
            if not np.isnan(value):
                answer = (f"{value:.3f}", f"{found.spread[done]:.3f}", "true")
            writer.writerow([*cells, *answer])
        watch.report(Progress("write", len(pairs), len(pairs)))
    except UnicodeEncodeError as error:
        raise InputError(
            "this holds half of a character (a lone surrogate)",
            where=f"{pairs.table.file}, record {done + 1}",
            fix="Delete it and type it again.",
        ) from error
    finally:
        # The stream is not ours to close.
        text.detach()

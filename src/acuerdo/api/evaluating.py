"""Compare predictors on people's judgements, from a run file to tables and figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from acuerdo.api.run_folders import OUT
from acuerdo.datasets import READERS, assigned, read_splits
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.judgements import Judgements
from acuerdo.evaluate import (
    EVERY_PART,
    Arm,
    ArmEntry,
    DataEntry,
    Experiment,
    Part,
    Results,
    as_markdown,
    as_plain,
    draw_figures,
    figure_maker,
    read_paraphrases,
    read_run_file,
    run_experiment,
)
from acuerdo.files import whole_file
from acuerdo.ports import Unwatched, Watch
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import STATEMENT_ONLY, scorer_named


def evaluate_predictors(
    run_file: Path,
    out: Path | None = None,
    *,
    figures: bool = True,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> Results:
    """Measure every arm of a run file on its data and write what was found.

    Into `out`, by default `out/<name of the run>`, go `table.md`, `results.json`, the run file,
    figures (PNG, with the extra `evaluate`), and the forecasts: a run that was stopped goes on
    where it was. Raises InputError for an unusable run file or data, SettingsError for an unknown
    reader or scorer or where matplotlib is missing, ModelError if a scorer cannot be used,
    StorageError if something cannot be written, Cancelled if the watcher stops.
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    run = read_run_file(run_file)
    # The file may change or move while the scorers forecast: what ran is what is copied.
    text = run_file.read_text("utf-8")
    if figures:
        figure_maker()
    folder = out or OUT / run.name
    arms = [_arm(entry, settings, watch) for entry in run.arms]
    experiment = Experiment(
        name=run.name,
        tables=_tables(run.data),
        arms=arms,
        sizes=run.sizes.sizes(),
        paraphrases=read_paraphrases(Path(run.paraphrases)) if run.paraphrases else {},
    )
    results = run_experiment(experiment, folder, watch)
    _write(folder / "run.toml", text)
    _write(folder / "table.md", as_markdown(results))
    plain = json.dumps(as_plain(results), ensure_ascii=False, allow_nan=False, indent=1)
    _write(folder / "results.json", plain + "\n")
    if figures:
        draw_figures(results, folder / "figures")
    return results


def _tables(entries: Sequence[DataEntry]) -> Mapping[str, Sequence[Part]]:
    read: dict[tuple[str, str], Judgements] = {}
    tables: dict[str, list[Part]] = {}
    for number, entry in enumerate(entries, start=1):
        where = f"[data {number}]"
        if entry.reader not in READERS:
            raise SettingsError(
                f"there is no reader called {entry.reader!r}",
                where=where,
                fix=f"Choose one of {', '.join(READERS)}.",
            )
        if (entry.reader, entry.path) not in read:
            read[entry.reader, entry.path] = READERS[entry.reader](Path(entry.path))
        judgements = read[entry.reader, entry.path]
        if entry.splits:
            judgements = _of_split(judgements, entry, where)
        if entry.people:
            judgements = _of_some(judgements, entry.people)
        tables.setdefault(entry.title, []).append(Part(entry.part, judgements))
    return tables


def _of_split(judgements: Judgements, entry: DataEntry, where: str) -> Judgements:
    names = assigned(judgements, read_splits(Path(entry.splits)))
    kept = np.array([name == entry.part for name in names], dtype=np.bool_)
    if not kept.any():
        raise InputError(
            f"no judgement is in the split {entry.part!r}",
            where=f"{where}, {entry.splits}",
            fix=f"Name a part: {', '.join(sorted(set(names)))}.",
        )
    return judgements.take(kept)


def _of_some(judgements: Judgements, people: int) -> Judgements:
    """Return what so many people said, the same ones every time."""
    everybody = np.unique(judgements.person.codes)
    drawn = np.random.default_rng(0).permutation(everybody)[:people]
    return judgements.take(np.isin(judgements.person.codes, drawn))


def _arm(entry: ArmEntry, settings: Settings, watch: Watch) -> Arm:
    named = dict(entry.parts)
    if entry.scorer or not named:
        named[EVERY_PART] = entry.scorer or entry.name
    scorers = {
        part: scorer_named(name, settings, watch, with_ratings=entry.with_ratings)
        for part, name in named.items()
    }
    told = repr((sorted(named.items()), entry.with_ratings))
    return Arm(entry.name, scorers, told + "".join(map(_contents, sorted(named.values()))))


def _contents(name: str) -> str:
    """Return a hash of a run folder's files, so that a model trained anew is asked anew."""
    folder = Path(name.removeprefix(STATEMENT_ONLY))
    if not folder.is_dir():
        return ""
    told = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            told.update(path.name.encode())
            with path.open("rb") as file:
                told.update(hashlib.file_digest(file, "sha256").digest())
    return told.hexdigest()


def _write(path: Path, text: str) -> None:
    with whole_file(path) as stream:
        stream.write(text.encode())

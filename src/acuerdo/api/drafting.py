"""Tune a drafting model from a run file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acuerdo.api.run_folders import OUT, card_in
from acuerdo.ports import Unwatched, Watch
from acuerdo.train import read_drafter_run
from acuerdo.train import train_drafter as tune


@dataclass(frozen=True, slots=True)
class TrainedDrafter:
    """A run folder: adapter/ (PEFT) or model/, curves, samples, the run file, and its card."""

    name: str
    folder: Path
    card: dict[str, Any]


def train_drafter(
    run_file: Path, out: Path | None = None, *, fresh: bool = False, watch: Watch | None = None
) -> TrainedDrafter:
    """Tune what a run file describes into `out`, by default `out/<name of the run>`.

    Goes on from the last checkpoint unless `fresh`; a finished run is left as it is. Raises
    InputError for an unusable run file or data, SettingsError where a package is missing,
    ModelError if training fails, WeightsError for damaged weights, StorageError for a full disk,
    Cancelled, with a checkpoint kept, if the watcher stops.
    """
    run = read_drafter_run(run_file)
    folder = out or OUT / run.name
    text = run_file.read_text("utf-8")
    tune(run, folder, watch or Unwatched(), text=text, fresh=fresh)
    return TrainedDrafter(run.name, folder, card_in(folder))

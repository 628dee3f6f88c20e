"""Train a predictor from a run file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acuerdo.api.run_folders import OUT, card_in
from acuerdo.ports import Unwatched, Watch
from acuerdo.train import read_run, train_predictor


@dataclass(frozen=True, slots=True)
class TrainedPredictor:
    """A run folder: weights, curves, the run file, and the card read from it."""

    name: str
    folder: Path
    card: dict[str, Any]


def train(
    run_file: Path, out: Path | None = None, *, fresh: bool = False, watch: Watch | None = None
) -> TrainedPredictor:
    """Train what a run file describes into `out`, by default `out/<name of the run>`.

    Goes on from the last checkpoint unless `fresh`; a finished run is left as it is. Raises
    InputError for an unusable run file or data, SettingsError where torch is missing, ModelError if
    training fails, WeightsError for damaged weights, Cancelled, with a checkpoint kept, if the
    watcher stops.
    """
    run = read_run(run_file)
    folder = out or OUT / run.name
    text = run_file.read_text("utf-8")
    train_predictor(run, folder, watch or Unwatched(), text=text, fresh=fresh)
    return TrainedPredictor(run.name, folder, card_in(folder))

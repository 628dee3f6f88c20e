"""Tuning a drafting model from a run file, on statements or on preferences."""

from __future__ import annotations

from pathlib import Path

from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.ports import Watch
from acuerdo.train.drafting.runs import DrafterRun


def train_drafter(
    run: DrafterRun, folder: Path, watch: Watch, *, text: str = "", fresh: bool = False
) -> Path:
    """Tune what the run file describes into `folder`, and return the folder.

    `text` is the run file as written, of which a copy is kept. A run that was stopped or killed
    goes on from its last checkpoint unless `fresh`; a finished one is left as it is. The folder
    then holds config.toml, card.json, card.md, curves.csv, curves.png, samples.jsonl, samples.md
    and adapter/ (PEFT), or model/ if all weights were tuned. Raises InputError for unusable data or
    a folder with another run in it, SettingsError where a package is missing or shards are asked
    for that cannot be, ModelError if training fails, WeightsError for a damaged base or
    checkpoints, StorageError for a full disk, Cancelled, with a checkpoint kept, if the watcher
    stops.
    """
    try:
        from acuerdo.train.drafting.finishing import is_finished  # noqa: PLC0415 - needs torch
        from acuerdo.train.drafting.preferences import prefer  # noqa: PLC0415
        from acuerdo.train.drafting.silence import silence  # noqa: PLC0415
        from acuerdo.train.drafting.tuning import tune  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            f"training needs a package that is not installed: {error.name}",
            fix="Run: pip install 'acuerdo[train]'",
        ) from error
    if not fresh and is_finished(folder, text):
        return folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(folder)) from error
    train = tune if run.dpo is None else prefer
    with silence():
        train(run, folder, watch, text=text, fresh=fresh)
    return folder

"""Training a predictor from a run file, whatever its kind."""

from __future__ import annotations

from pathlib import Path

from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.ports import Watch
from acuerdo.train.runs import Run


def train_predictor(
    run: Run, folder: Path, watch: Watch, *, text: str = "", fresh: bool = False
) -> Path:
    """Train what the run file describes into `folder`, and return the folder.

    `text` is the run file as written, of which a copy is kept. A run that was stopped or killed
    goes on from its last checkpoint unless `fresh`; a finished one is left as it is. The folder
    then holds config.toml, card.json, curves.csv, curves.png and the weights. Raises InputError for
    unusable data, SettingsError where torch is missing, ModelError if training fails, WeightsError
    for a damaged checkpoint or base model, Cancelled, with a checkpoint kept, if the watcher stops.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if text:
            (folder / "config.toml").write_text(text, "utf-8")
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(folder)) from error
    try:
        from acuerdo.train.sentences import train_sentences  # noqa: PLC0415 - needs torch
        from acuerdo.train.texts import train_network  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            f"training needs a package that is not installed: {error.name}",
            fix="Run: pip install 'acuerdo[train]'",
        ) from error
    train = train_sentences if run.kind == "sentences" else train_network
    train(run, folder, watch, fresh=fresh)
    return folder

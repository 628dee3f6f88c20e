"""The adapter that a run goes on from: where it is, and what it learned before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError

from acuerdo.domain.errors import WeightsError
from acuerdo.neural import CARD, file_hash, read_card
from acuerdo.train.drafting.finishing import ADAPTER, FORMAT

CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = ("adapter_model.safetensors", "adapter_model.bin")


@dataclass(frozen=True, slots=True)
class Start:
    """A PEFT folder, the hash of its weights, and what its run's card says, if it has one.

    `data` counts what it learned from.
    """

    folder: Path
    sha256: str
    name: str = ""
    data: Sequence[Mapping[str, Any]] = ()

    def described(self) -> dict[str, str]:
        """Return how the card of a run that goes on from it calls it."""
        return {"name": self.name, "sha256": self.sha256}

    def learned(self) -> list[dict[str, Any]]:
        """Return what it learned from, as what came before."""
        return [{**entry, "part": f"before: {entry.get('part', '')}"} for entry in self.data]


def start_of(adapter: str) -> Start:
    """Return the adapter in a PEFT folder, or in the run folder that holds one.

    Raises WeightsError if there is none, or if it is not the one that its card describes.
    """
    named = Path(adapter).expanduser()
    folder = named / ADAPTER if (named / ADAPTER).is_dir() else named
    weights = next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)
    if weights is None or not (folder / CONFIG).is_file():
        raise WeightsError(
            "there is no adapter here",
            where=str(folder),
            fix=f"Name the folder of a finished run, or a PEFT folder with {CONFIG} and weights.",
        )
    run_folder = folder.parent if folder.name == ADAPTER else folder
    if not (run_folder / CARD).is_file():
        return Start(folder, file_hash(weights))
    card = read_card(run_folder, FORMAT)
    return Start(folder, file_hash(weights), str(card.get("name", "")), tuple(card.get("data", ())))


def going_on(model: Any, start: Start) -> Any:
    """Return the model with the adapter, to be tuned on.

    Raises WeightsError if it is damaged or was made for another base.
    """
    from peft import PeftModel  # noqa: PLC0415 - slow to import

    try:
        return PeftModel.from_pretrained(model, start.folder, is_trainable=True)
    except (OSError, RuntimeError, ValueError, KeyError, SafetensorError) as error:
        told = str(error).strip().splitlines() or [repr(error)]
        raise WeightsError(
            f"the adapter does not fit this base or is damaged: {told[0]}",
            where=str(start.folder),
            fix="Start from the base it was made for.",
        ) from error

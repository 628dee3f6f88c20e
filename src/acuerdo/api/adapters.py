"""From a run folder of `acuerdo train drafter` to the adapter that the embedded engine loads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from acuerdo.api.about import version
from acuerdo.domain.errors import InputError, WeightsError
from acuerdo.llm import Adapter, Label, export_adapter, fetch
from acuerdo.ports import Unwatched, Watch
from acuerdo.prompts import check_template
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import DEFAULT_WEIGHTS

CARD: Final = "card.json"
ADAPTER: Final = "adapter"
TEMPLATE: Final = "plain"
PRECISIONS: Final = ("f16", "q8_0")


def export_drafter(
    run: Path,
    out: Path,
    *,
    base: Path | None = None,
    precision: str = "f16",
    template: str = "",
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> Adapter:
    """Write the adapter of a run folder, or of any PEFT folder, as a GGUF file; return it.

    `base` is the GGUF file that it was tuned on, by default the bundled weights. What the run's
    card says (name, prompt template, licences, who wrote the statements) goes into the file;
    `template` overrides it. Raises InputError for an unknown precision, WeightsError if the adapter
    cannot be read or does not fit its base, SettingsError for an unknown template or if the package
    gguf or safetensors is missing, StorageError if the disk is full; an older file at `out` is then
    as it was.
    """
    if precision not in PRECISIONS:
        raise InputError(
            f"there is no precision called {precision!r}",
            fix=f"Choose one of {', '.join(PRECISIONS)}.",
        )
    settings = settings or read_settings()
    folder = run / ADAPTER if (run / ADAPTER).is_dir() else run
    label = label_of(_card(run), name=out.stem)
    if template:
        label = replace(label, template=template)
    check_template(label.template)
    if base is None:
        base = fetch(DEFAULT_WEIGHTS, settings.weights_dir, watch or Unwatched())
    return export_adapter(
        folder, base, out, label, precision="q8_0" if precision == "q8_0" else "f16"
    )


def label_of(card: Mapping[str, Any], name: str) -> Label:
    """Return what a file says about itself, from a run's card; without one only its name."""
    data = [part for part in card.get("data", ()) if isinstance(part, dict)]
    base = card.get("base", {})
    licences = [base.get("licence", ""), *(part.get("licence", "") for part in data)]
    authors = _distinct(part.get("statements_written_by", "") for part in data)
    about = [f"Writes a group's statement from its opinions; tuned on {base.get('name', '')}."]
    if authors:
        about.append(f"The statements it learned from were written by: {'; '.join(authors)}.")
    return Label(
        name=str(card.get("name") or name),
        template=str(card.get("template") or TEMPLATE),
        licence="; ".join(_distinct(licences)),
        description=" ".join(about) if card else "",
        version=version(),
    )


def _card(run: Path) -> Mapping[str, Any]:
    path = run / CARD
    if not path.is_file():
        return {}
    try:
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the card cannot be read: {error}", where=str(path)) from error
    if not isinstance(card, dict):
        raise WeightsError("the card is not a JSON object", where=str(path))
    return card


def _distinct(texts: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(text) for text in texts if text))

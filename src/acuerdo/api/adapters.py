"""From a run folder of `acuerdo train drafter` to the adapter that the embedded engine loads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from acuerdo.api.about import version
from acuerdo.api.run_folders import CARD, card_in
from acuerdo.domain.errors import InputError, WeightsError
from acuerdo.llm import WEIGHTS, Adapter, Label, export_adapter, fetch
from acuerdo.ports import Unwatched, Watch
from acuerdo.prompts import check_template
from acuerdo.recipes import DEFAULT_WEIGHTS
from acuerdo.settings import Settings, read_settings

ADAPTER: Final = "adapter"
KIND: Final = "drafter"
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
    cannot be read, is not the one on its card or does not fit its base, if the card is another
    model's than a drafting model's or names another base and none is given, SettingsError for an
    unknown template or if the package gguf or safetensors is missing, StorageError if the disk is
    full; an older file at `out` is then as it was.
    """
    if precision not in PRECISIONS:
        raise InputError(
            f"there is no precision called {precision!r}",
            fix=f"Choose one of {', '.join(PRECISIONS)}.",
        )
    settings = settings or read_settings()
    folder = run / ADAPTER if (run / ADAPTER).is_dir() else run
    # A folder by PEFT alone has no card.
    card = card_in(run) if (run / CARD).is_file() else {}
    _check_kind(card, run)
    _check_hashes(card, run, folder)
    if base is None:
        _check_bundled(card, run)
    label = label_of(card, name=out.stem)
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


def _check_kind(card: Mapping[str, Any], run: Path) -> None:
    if card.get("kind", KIND) != KIND or not isinstance(card.get("base", {}), Mapping):
        raise WeightsError(
            "this is no run folder of a drafting model: the kind on its card is "
            f"{card.get('kind', 'missing')}",
            where=str(run / CARD),
            fix="Give the folder that `acuerdo train drafter` wrote.",
        )


def _check_hashes(card: Mapping[str, Any], run: Path, folder: Path) -> None:
    """Compare the adapter with the card; a file that is missing is named where it is read."""
    hashes = card.get("sha256")
    for name, expected in hashes.items() if isinstance(hashes, Mapping) else ():
        path = run / name
        if path.parent == folder and path.is_file() and _hash(path) != expected:
            raise WeightsError(
                "this is not the adapter that the run's card describes: it was changed or damaged",
                where=str(path),
                fix="Take the run's folder from where it was made, whole, or train it again.",
            )


def _check_bundled(card: Mapping[str, Any], run: Path) -> None:
    """Refuse a base that is not the bundled weights, in either of their two files."""
    base, bundled = card.get("base", {}), WEIGHTS[DEFAULT_WEIGHTS]
    digest, name = base.get("sha256"), base.get("name")
    same = digest in (bundled.sha256, bundled.packed_sha256) if digest else name == bundled.name
    if base and not same:
        raise WeightsError(
            f"this adapter was tuned on {name or 'another model'}, not on the bundled weights",
            where=str(run / CARD),
            fix="Give its GGUF file with --base.",
        )


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"cannot be read: {error}", where=str(path)) from error


def _distinct(texts: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(text) for text in texts if text))

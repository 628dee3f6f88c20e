"""The curves of a run: losses by step, as a table and as a picture."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from acuerdo.domain.errors import SettingsError
from acuerdo.train.progress import Point


def write_curves(points: Sequence[Point], folder: Path, per: str = "person") -> None:
    """Write curves.csv and curves.png; raises SettingsError without matplotlib.

    Losses are `per` what the picture says.
    """
    with (folder / "curves.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [part.name for part in fields(Point)])
        writer.writeheader()
        writer.writerows(asdict(point) for point in points)
    _draw(points, folder / "curves.png", per)


def _draw(points: Sequence[Point], path: Path, per: str) -> None:
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - only where a run is drawn
    except ImportError as error:
        raise SettingsError(
            "drawing curves needs matplotlib", fix="Run: pip install 'acuerdo[train]'"
        ) from error
    phases = list(dict.fromkeys(point.phase for point in points)) or [""]
    figure = Figure(figsize=(6.0 * len(phases), 4.0), layout="constrained")
    for axes, phase in zip(figure.subplots(1, len(phases), squeeze=False)[0], phases, strict=True):
        own = [point for point in points if point.phase == phase]
        steps = [point.step for point in own]
        axes.plot(steps, [point.training_loss for point in own], marker=".", label="training")
        axes.plot(steps, [point.validation_loss for point in own], marker=".", label="validation")
        axes.set(title=phase, xlabel="step", ylabel=f"loss per {per}")
        axes.legend(loc="upper right", frameon=False)
    figure.savefig(path, dpi=120)

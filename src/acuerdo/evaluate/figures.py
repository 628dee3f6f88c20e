"""Figures of an experiment: reliability, selective prediction, bars with intervals.

Colours are those of Okabe and Ito (2008), told apart by people with any colour vision; arms also
differ by marker. Needs matplotlib, which the extra `evaluate` brings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.evaluate.results import Results, TableResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS: Final = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#000000",
    "#999999",
)
MARKERS: Final = "osD^vPX*"
LINES: Final = ("-", "--", "-.")
BARS: Final = {
    "pairwise": ("Pairwise accuracy per person", 0.5),
    "auc": ("AUC within a question", 0.5),
    "exchange_pairwise": ("Pairwise accuracy: own opinion minus somebody else's", 0.0),
    "exchange_auc": ("AUC: own opinion minus somebody else's", 0.0),
    "approval:schulze": ("Share who agree with the statement chosen by Schulze", None),
    "approval:utilitarian": ("Share who agree with the statement of the highest mean", None),
}
"""Measures drawn as bars: what the axis says, and where knowing nothing stands."""


def draw_figures(results: Results, folder: Path) -> list[Path]:
    """Write the figures as PNG files into a folder and return their paths.

    Raises SettingsError if matplotlib is missing, StorageError if a file cannot be written.
    """
    make = figure_maker()
    paths = []
    for table in results.tables:
        for name, draw in _drawings(table).items():
            figure = make()
            draw(figure.add_subplot())
            paths.append(save(figure, folder / f"{_plain(table.name)}-{_plain(name)}.png"))
    return paths


def figure_maker(width: float = 6.4, height: float = 4.4) -> Callable[[], Figure]:
    """Return what makes empty figures of a size in inches; SettingsError without matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "figures need matplotlib, which is not installed",
            fix="Install it with: pip install 'acuerdo[evaluate]'",
        ) from error

    def make() -> Figure:
        figure = Figure(figsize=(width, height), layout="constrained", dpi=150)
        FigureCanvasAgg(figure)
        return figure

    return make


def _drawings(table: TableResult) -> dict[str, Callable[[Axes], None]]:
    found: dict[str, Callable[[Axes], None]] = {}
    if any(len(curve.size) for curve in table.reliability.values()):
        found["reliability"] = partial(_reliability, table)
        found["selective"] = partial(_selective, table)
    for key in BARS:
        if any(np.isfinite(one.value) for one in table.measures.get(key, {}).values()):
            found[key] = partial(_bars, table, key)
    return found


def _reliability(table: TableResult, axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color="#777777", linewidth=1, linestyle=":", label="calibrated")
    for place, (arm, curve) in enumerate(table.reliability.items()):
        axes.plot(
            curve.chance, curve.share, color=_colour(place), marker=_marker(place), ms=4, label=arm
        )
    axes.set(
        xlabel="Chance of agreement that was expected",
        ylabel="Share that agreed",
        title=f"{table.name}: reliability",
        xlim=(0, 1),
        ylim=(0, 1),
    )
    _finish(axes)


def _selective(table: TableResult, axes: Axes) -> None:
    for place, (arm, curve) in enumerate(table.selective.items()):
        # The first few judgements jump about: they are drawn from a share of 2 % on.
        shown = curve.share >= 0.02
        axes.plot(
            curve.share[shown],
            curve.accuracy[shown],
            color=_colour(place),
            linestyle=LINES[place % len(LINES)],
            label=arm,
        )
    axes.set(
        xlabel="Share of judgements answered, the surest first",
        ylabel="Share of answers on the right side",
        title=f"{table.name}: selective prediction",
        xlim=(0, 1),
    )
    _finish(axes)


def _bars(table: TableResult, key: str, axes: Axes) -> None:
    said = {arm: one for arm, one in table.measures[key].items() if np.isfinite(one.value)}
    title, nothing = BARS[key]
    values = np.array([one.value for one in said.values()])
    ends = np.array([(one.low, one.high) for one in said.values()])
    reach = np.abs(np.nan_to_num(ends - values[:, None])).T
    places = np.arange(len(said))
    axes.barh(places, values, color=COLOURS[5], height=0.65)
    axes.errorbar(values, places, xerr=reach, fmt="none", ecolor="#000000", capsize=3, linewidth=1)
    if nothing is not None:
        axes.axvline(nothing, color="#777777", linewidth=1, linestyle=":")
    axes.set(xlabel="95 % intervals are over people")
    axes.set_title(f"{table.name}: {title}", fontsize=10)
    axes.set_yticks(places, list(said))
    axes.invert_yaxis()
    axes.spines[["top", "right"]].set_visible(False)


def _finish(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="best")


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]


def _marker(place: int) -> str:
    return MARKERS[place % len(MARKERS)]


def _plain(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name)


def save(figure: Figure, path: Path) -> Path:
    """Write a figure, the same bytes every time; raises StorageError if the disk refuses."""
    unwanted = "Date" if path.suffix == ".svg" else "Software"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={unwanted: None})
    except OSError as error:
        raise StorageError(
            f"a figure could not be written: {error.strerror or error}",
            where=str(path),
            fix="Choose another folder, or make room on the disk.",
        ) from error
    return path

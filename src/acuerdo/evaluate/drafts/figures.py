"""Figures of an experiment with drafts, each as PNG and SVG: measures, preferences, sensitivity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from acuerdo.evaluate.drafts.results import DraftResults
from acuerdo.evaluate.drafts.sensitivity import Sensitivity
from acuerdo.evaluate.drafts.table import TITLES
from acuerdo.evaluate.figures import COLOURS, figure_maker, save
from acuerdo.evaluate.resampling import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS: Final = ("png", "svg")
SHOWN: Final = (
    "valid",
    "polarity",
    "faithful",
    "coverage",
    "least covered",
    "agreement mean",
    "agreement minimum",
    "copied",
    "words",
)
"""Measures that are drawn, as far as they were taken."""
ACROSS: Final = 3
DARKEST: Final = 1.6
"""The share that would be drawn in the darkest blue: all numbers can stand in black."""


def draw_draft_figures(results: DraftResults, folder: Path) -> list[Path]:
    """Write the figures into a folder and return their paths.

    Raises SettingsError if matplotlib is missing, StorageError if a file cannot be written.
    """
    arms = len(results.arms)
    shown = [key for key in SHOWN if key in results.comparison.means]
    rows = -(-len(shown) // ACROSS)
    drawings: dict[str, tuple[float, float, Callable[[Figure], None]]] = {
        "measures": (
            3.3 * ACROSS,
            (0.9 + 0.27 * arms) * rows,
            lambda figure: _measures(figure, results, shown),
        ),
        "preferred": (
            3.2 + 0.75 * arms,
            2.2 + 0.55 * arms,
            lambda figure: _preferred(figure.add_subplot(), results),
        ),
    }
    if results.sensitivity:
        drawings["sensitivity"] = (
            6.4,
            1.8 + 0.6 * len(results.sensitivity),
            lambda figure: _sensitivity(figure.add_subplot(), results.sensitivity),
        )
    paths = []
    for name, (width, height, draw) in drawings.items():
        figure = figure_maker(width, height)()
        draw(figure)
        paths += [save(figure, folder / f"{name}.{ending}") for ending in FORMATS]
    return paths


def _measures(figure: Figure, results: DraftResults, shown: list[str]) -> None:
    names = [arm.name for arm in results.arms]
    rows = -(-len(shown) // ACROSS)
    for place, key in enumerate(shown):
        axes = figure.add_subplot(rows, ACROSS, place + 1)
        means = results.comparison.means[key]
        _points(axes, [means[name] for name in names], COLOURS[0])
        title = TITLES.get(key, key)
        axes.set_title(
            f"Predicted agreement: {title.lower()}" if key.startswith("agreement") else title,
            fontsize=9,
        )
        first = place % ACROSS == 0
        axes.set_yticks(range(len(names)), names if first else [""] * len(names), fontsize=8)
        axes.tick_params(axis="x", labelsize=7)
        axes.grid(axis="x", color="#dddddd", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.invert_yaxis()
    figure.supxlabel("Mean over groups; 95 % intervals are over questions", fontsize=8)


def _points(
    axes: Axes, told: list[Estimate], colour: str, shift: float = 0.0, label: str = ""
) -> None:
    values = np.array([one.value for one in told])
    ends = np.array([(one.conversations.low, one.conversations.high) for one in told])
    reach = np.abs(np.nan_to_num(ends - values[:, None])).T
    places = np.arange(len(told)) + shift
    axes.errorbar(
        values,
        places,
        xerr=reach,
        fmt="o",
        color=colour,
        ms=4,
        capsize=2,
        linewidth=1,
        label=label or None,
    )
    axes.spines[["top", "right"]].set_visible(False)


def _preferred(axes: Axes, results: DraftResults) -> None:
    names = [arm.name for arm in results.arms]
    shares = np.full((len(names), len(names)), np.nan)
    for (one, other), found in results.comparison.preferences.items():
        shares[names.index(one), names.index(other)] = found.share
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=DARKEST, aspect="auto")
    for row, column in np.argwhere(~np.isnan(shares)).tolist():
        share = shares[row, column]
        axes.text(column, row, f"{100 * share:.0f} %", ha="center", va="center", fontsize=8)
    axes.set_xticks(range(len(names)), names, rotation=35, ha="right", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_title("Groups in which the measures prefer the row to the column", fontsize=10)


def _sensitivity(axes: Axes, told: Mapping[str, Sensitivity]) -> None:
    _points(axes, [one.left_out for one in told.values()], COLOURS[1], -0.12, "the person left out")
    _points(axes, [one.others for one in told.values()], COLOURS[0], 0.12, "the others")
    axes.axvline(0, color="#777777", linewidth=1, linestyle=":")
    axes.set_yticks(range(len(told)), list(told), fontsize=8)
    axes.set_ylim(len(told) - 0.5, -0.5)
    axes.set_xlabel("Change of predicted agreement; 95 % intervals are over questions", fontsize=8)
    axes.set_title("When one person's opinion is left out of the drafting", fontsize=10)
    axes.legend(frameon=False, fontsize=8, loc="best")

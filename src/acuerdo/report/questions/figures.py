"""The report's figures as PNG files. Needs matplotlib, which the extra `questions` brings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from acuerdo.domain.errors import SettingsError, StorageError
from acuerdo.domain.questions import SPLITS
from acuerdo.report.questions.bars import SPLIT_WORDS, topic_rows
from acuerdo.report.questions.scatter import WIDTH, question_map
from acuerdo.report.questions.sentences import number
from acuerdo.report.questions.values import CorpusReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Those of the page on a light screen.
_TOPIC_COLOURS: Final = (
    "#1a6fae",
    "#c8550f",
    "#0f8a66",
    "#b4498c",
    "#947000",
    "#2c93b8",
    "#6b50a8",
    "#8a3b2e",
    "#8b8f95",
)
_MARKERS: Final = "os^DPv"
_SPLIT_COLOURS: Final = {
    "train": "#4f7ba8",
    "known_topics": "#86b6cf",
    "new_topics": "#b06a1b",
    "": "#b9b4aa",
}
_SHOWN_TOPICS: Final = 40


def draw_corpus_figures(report: CorpusReport, folder: Path) -> list[Path]:
    """Write map, topics, directions, neighbours and rejects as far as there are any.

    Returns the paths. Raises SettingsError if matplotlib is missing, StorageError if a file cannot
    be written.
    """
    make = _maker()
    drawings: dict[str, tuple[Callable[[CorpusReport, Axes], None], float, bool]] = {
        "map": (_map, 8.6, bool(report.points)),
        "topics": (_topics, 1 + 0.22 * min(_SHOWN_TOPICS, len(report.topics)), bool(report.topics)),
        "directions": (_directions, 1 + 0.35 * len(report.directions), bool(report.directions)),
        "nearness": (_nearness, 4.0, any(report.nearness)),
        "rejects": (_rejects, 1 + 0.35 * len(report.rejects), bool(report.rejects)),
    }
    paths = []
    for name, (draw, height, there) in drawings.items():
        if there:
            figure = make(10.0 if name == "map" else 7.6, max(height, 2.0))
            draw(report, figure.add_subplot())
            paths.append(_save(figure, folder / f"{name}.png"))
    return paths


def _map(report: CorpusReport, axes: Axes) -> None:
    found = question_map(report)
    if found is None:
        return
    for cluster in found.clusters:
        axes.scatter(
            [dot.x for dot in cluster.dots],
            [-dot.y for dot in cluster.dots],
            s=9,
            c=_TOPIC_COLOURS[cluster.colour],
            marker=_MARKERS[cluster.shape],
            linewidths=0,
            alpha=0.85,
        )
    for label in found.wide:
        text = axes.text(label.x, -label.y, _plain(label.text), ha="center", fontsize=7.5)
        text.set_bbox({"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 1})
    axes.set(xlim=(0, WIDTH), ylim=(-found.height, 0), xticks=[], yticks=[], aspect="equal")
    axes.set_title(_plain(f"{report.title}: {number(report.count)} questions"), fontsize=11)
    axes.spines[:].set_color("#dddddd")


def _topics(report: CorpusReport, axes: Axes) -> None:
    rows = topic_rows(report, None)[:_SHOWN_TOPICS]
    names = [_plain(row.name) for row in rows]
    left = [0] * len(rows)
    for key in (*SPLITS, ""):
        counts = [
            row.topic.splits.get(key, 0)
            if key
            else row.topic.size - sum(row.topic.splits.get(one, 0) for one in SPLITS)
            for row in rows
        ]
        if any(counts):
            colour, label = _SPLIT_COLOURS[key], SPLIT_WORDS[key][0]
            axes.barh(range(len(rows)), counts, left=left, color=colour, label=label, height=0.75)
            left = [done + count for done, count in zip(left, counts, strict=True)]
    axes.set_yticks(range(len(rows)), names, fontsize=8)
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.set(xlabel="Questions", title=_title("Topics", len(rows), len(report.topics)))
    _finish(axes)


def _directions(report: CorpusReport, axes: Axes) -> None:
    rows = report.directions
    change, keep = [row.change for row in rows], [row.keep for row in rows]
    axes.barh(range(len(rows)), change, color="#b3541e", label="“yes” changes things")
    axes.barh(range(len(rows)), keep, left=change, color="#17767d", label="“yes” keeps things")
    axes.set_yticks(range(len(rows)), [_plain(row.area or "all") for row in rows], fontsize=8)
    axes.invert_yaxis()
    axes.set(xlabel="Questions", title="Which way a “yes” points")
    _finish(axes)


def _nearness(report: CorpusReport, axes: Axes) -> None:
    bins = len(report.nearness)
    places = [(place + 0.5) / bins for place in range(bins)]
    axes.bar(places, report.nearness, width=0.9 / bins, color="#4f7ba8")
    axes.set(
        xlim=(0, 1),
        xlabel="Cosine with the nearest other question",
        ylabel="Questions",
        title="How alike the questions are",
    )
    axes.spines[["top", "right"]].set_visible(False)


def _rejects(report: CorpusReport, axes: Axes) -> None:
    ordered = sorted(report.rejects.items(), key=lambda one: -one[1])
    axes.barh(range(len(ordered)), [count for _, count in ordered], color="#4f7ba8")
    axes.set_yticks(range(len(ordered)), [_plain(reason) for reason, _ in ordered], fontsize=8)
    axes.invert_yaxis()
    axes.set(xlabel="Questions", title="What was left out, and why")
    axes.spines[["top", "right"]].set_visible(False)


def _finish(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, fontsize=8, loc="lower right")


def _title(name: str, shown: int, there: int) -> str:
    return name if shown == there else f"{name}: the {shown} largest of {there}"


def _plain(text: str) -> str:
    """Return a text in which matplotlib sees no formula."""
    return text.replace("$", r"\$")


def _maker() -> Callable[[float, float], Figure]:
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError(
            "figures need matplotlib, which is not installed",
            fix="Run: pip install 'acuerdo[questions]'",
        ) from error

    def make(width: float, height: float) -> Figure:
        figure = Figure(figsize=(width, height), layout="constrained", dpi=150)
        FigureCanvasAgg(figure)
        return figure

    return make


def _save(figure: Figure, path: Path) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Without a date and a version in it, the same corpus is the same picture.
        figure.savefig(path, metadata={"Software": None})
    except OSError as error:
        raise StorageError(
            f"a figure could not be written: {error.strerror or error}",
            where=str(path),
            fix="Choose another folder, or make room on the disk.",
        ) from error
    return path

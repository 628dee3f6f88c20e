"""Distillation: a teacher scores what nobody rated, a student learns from its forecasts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from acuerdo.domain.judgements import Column, Judgements
from acuerdo.domain.sheets import Values
from acuerdo.ports import Progress, Scorer, Watch, stop_if_asked


def teacher_targets(scorer: Scorer, table: Judgements, watch: Watch) -> tuple[Judgements, Values]:
    """Return a table with the teacher's expected agreement in place of the values, and its spreads.

    Rows on which the teacher is silent are left out. The scale is "agreement", which takes values
    between its steps: a student that learns ordinally splits them between the neighbouring steps.
    `source` gets " by <teacher>" so that the student keeps thresholds of its own for it; licences
    stay, as the texts do. The values of `table` are not shown to the teacher. Raises Cancelled if
    the watcher stops.
    """
    expected = np.full(len(table), np.nan)
    spread = np.full(len(table), np.nan)
    done = 0
    for rows in table.questions():
        stop_if_asked(watch)
        forecast = scorer.score(table.sheet(rows), watch)
        expected[rows], spread[rows] = forecast.expected, forecast.spread
        done += len(rows)
        watch.report(Progress("teach", done, len(table)))
    said = np.flatnonzero(~np.isnan(expected))
    kept = table.take(said)
    names = tuple(f"{name} by {scorer.name}" for name in kept.source.texts)
    return (
        replace(
            kept,
            source=Column(names, kept.source.codes),
            scale=Column.of(["agreement"] * len(said)),
            value=expected[said],
        ),
        spread[said],
    )

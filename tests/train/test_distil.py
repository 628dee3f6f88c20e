"""A teacher's forecasts as what a student learns from."""

from __future__ import annotations

import numpy as np

from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.ports import Unwatched, Watch
from acuerdo.train import teacher_targets
from tests.train import invented


class Teacher:
    """Expects 2.5 of statements that ban, 6 of others, and is silent about one person."""

    name = "teacher"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        assert not sheet.known.any(), "a teacher is not told the answers"
        bans = np.array(["ban cars" in text for text in sheet.statements])
        expected = np.where(bans[sheet.statement], 2.5, 6.0)
        expected[sheet.person == 0] = np.nan
        return Forecast(expected, np.where(np.isnan(expected), np.nan, 1.5))


def test_targets_are_the_teachers_where_it_speaks() -> None:
    table = invented.judgements(4, people=3, statements=4)
    taught, spread = teacher_targets(Teacher(), table, Unwatched())
    assert len(taught) == len(spread) == 4 * 2 * 4
    assert set(taught.source.texts) == {"invented by teacher"}
    assert set(taught.scale.texts) == {"agreement"}
    assert set(taught.licence.texts) == {"CC0"}
    for row in taught.rows():
        assert row.value == (2.5 if "ban cars" in row.statement else 6.0)
        assert not row.person.endswith("-0")

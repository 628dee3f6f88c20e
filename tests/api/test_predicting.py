"""Predicting agreement from Python: few texts, or a table of any length in bounded memory."""

from __future__ import annotations

import csv
import errno
import io
import resource
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from acuerdo import predict_agreement
from acuerdo.api import predict_file
from acuerdo.domain.errors import AcuerdoError, Cancelled, InputError, SettingsError, StorageError
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.ports import Progress, Unwatched, Watch, stop_if_asked
from acuerdo.predict import LengthScorer

NAN = np.nan


class ByNumber:
    """Expects of each pair the digit in its statement; silent on people without an opinion.

    What is known on a sheet moves its other pairs: to its mean.
    """

    name = "by number"

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        stop_if_asked(watch)
        self.sheets.append(sheet)
        values = np.array([float(text[-1]) for text in sheet.statements])[sheet.statement]
        if sheet.known.any():
            values = np.full(sheet.size, sheet.ratings[sheet.known].mean())
        silent = np.array([not text for text in sheet.opinions], dtype=bool)[sheet.person]
        values[silent] = NAN
        watch.report(Progress("predict", sheet.size, sheet.size))
        return Forecast(values, np.where(silent, NAN, 1.5))


def test_people_times_statements_with_silence_and_known_ratings() -> None:
    scorer = ByNumber()
    found = predict_agreement(
        "Trees?",
        {"Ana": "Plant more.", "Ben": ""},
        ["Statement 3", "Statement 5"],
        [[NAN, 6], [2, NAN]],
        context=" Since 1990. ",
        scorer=scorer,
    )
    np.testing.assert_array_equal(found.expected, [[4, 6], [2, NAN]])
    np.testing.assert_array_equal(found.spread, [[1.5, 0], [0, NAN]])
    np.testing.assert_array_equal(found.known, [[False, True], [True, False]])
    (sheet,) = scorer.sheets
    assert (sheet.question, sheet.context) == ("Trees?", "Since 1990.")


def test_ready_scorers_and_named_predictors_agree() -> None:
    asked = ("Trees?", ["Plant more."], ["Ten trees.", "None at all, please, never ever."])
    named = predict_agreement(*asked, predictor="length")
    ready = predict_agreement(*asked, scorer=LengthScorer())
    np.testing.assert_array_equal(named.expected, ready.expected)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0)])
def test_nobody_or_nothing_gives_an_empty_answer(shape: tuple[int, int]) -> None:
    opinions, statements = ["Plant more."] * shape[0], ["Statement 3"] * shape[1]
    found = predict_agreement("Trees?", opinions, statements, scorer=ByNumber())
    assert found.expected.shape == shape


@pytest.mark.parametrize(
    ("opinions", "statements", "ratings", "what"),
    [
        ("one text", ["S"], None, "opinions are one single text"),
        (["Yes"], "S", None, "statements are one single text"),
        (["Yes"], ["S", " "], None, "statement 2 is empty"),
        (["Yes"], ["S"], [[8]], "8.0 is not a rating"),
        (["Yes"], ["S"], [[0]], "0.0 is not a rating"),
        (["Yes"], ["S"], [[np.inf]], "inf is not a rating"),
        (["Yes"], ["S"], [1, 2], r"shape \(2,\), not \(1, 1\)"),
        (["Yes"], ["S"], [["high"]], "not numbers"),
    ],
)
def test_what_cannot_be_used_is_said(
    opinions: Sequence[str], statements: Sequence[str], ratings: list[object], what: str
) -> None:
    with pytest.raises(InputError, match=what):
        predict_agreement("Trees?", opinions, statements, ratings, scorer=ByNumber())


def test_an_empty_question_and_an_unknown_predictor_are_refused() -> None:
    with pytest.raises(InputError, match="question is empty"):
        predict_agreement(" ", ["Yes"], ["S"], scorer=ByNumber())
    with pytest.raises(SettingsError, match="no predictor called 'oracle'"):
        predict_agreement("Trees?", ["Yes"], ["S"], predictor="oracle")


def written(path: Path, rows: int, questions: int = 20) -> list[float]:
    """Write a shuffled table; return what is expected of every row, nan for silence."""
    rng = np.random.default_rng(rows)
    drawn = zip(
        rng.integers(0, questions, rows).tolist(),
        rng.integers(0, 50, rows).tolist(),
        rng.integers(1, 8, rows).tolist(),
        strict=True,
    )
    expected = []
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "person", "opinion", "statement", "note"])
        for number, (question, person, digit) in enumerate(drawn):
            said = f"Person {person} on {question}" if person else ""
            writer.writerow([f"Q{question}?", f"P{person}", said, f"Statement {digit}", number])
            expected.append(float(digit) if person else NAN)
    return expected


def answers(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_long_shuffled_table_is_answered_row_by_row(tmp_path: Path) -> None:
    table, result, scorer = tmp_path / "in.csv", tmp_path / "out.csv", ByNumber()
    expected = written(table, 100_000)
    done = predict_file(table, result, scorer=scorer)
    rows = answers(result)
    assert [row["note"] for row in rows] == [str(k) for k in range(100_000)]
    found = [float(row["agreement"] or NAN) for row in rows]
    np.testing.assert_array_equal(found, expected)
    assert all((row["answered"] == "true") == bool(row["spread"]) for row in rows)
    assert len(scorer.sheets) == done.questions == 20
    assert sum(sheet.size for sheet in scorer.sheets) == done.rows == 100_000
    assert done.answered == int((~np.isnan(expected)).sum())


@pytest.mark.slow
def test_cost_is_linear_and_memory_small_for_a_million_rows(tmp_path: Path) -> None:
    seconds = {}
    for rows in (100_000, 1_000_000):
        table = tmp_path / f"{rows}.csv"
        written(table, rows)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        predict_file(table, tmp_path / "out.csv", scorer=ByNumber())
        seconds[rows] = time.process_time() - start
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert seconds[1_000_000] < 15 * seconds[100_000]
    assert grown < 400_000, "kilobytes: not the rows themselves, which are 50 MB as bytes alone"


TABLE = b"question,person,opinion,statement\nTrees?,Ana,Plant more.,Statement 3\n"


def test_a_stopped_or_failed_prediction_leaves_the_old_result(tmp_path: Path) -> None:
    class Stopping(Unwatched):
        def stopped(self) -> bool:
            return True

    class Failing(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    table, result = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_bytes(TABLE)
    result.write_text("old")
    with pytest.raises(Cancelled):
        predict_file(table, result, scorer=ByNumber(), watch=Stopping())
    with pytest.raises(StorageError, match="No space left"):
        predict_file(table, Failing(), scorer=ByNumber())
    assert result.read_text() == "old"
    assert {file.name for file in tmp_path.iterdir()} == {"in.csv", "out.csv"}


def test_a_stop_while_writing_leaves_nothing_half_written(tmp_path: Path) -> None:
    class StopWhenWriting(Unwatched):
        writing = False

        def report(self, progress: Progress) -> None:
            self.writing = self.writing or (progress.stage, progress.done) == ("write", 0)

        def stopped(self) -> bool:
            return self.writing

    table, result = tmp_path / "in.csv", tmp_path / "new" / "out.csv"
    written(table, 10_000)
    with pytest.raises(Cancelled):
        predict_file(table, result, scorer=ByNumber(), watch=StopWhenWriting())
    assert not list(result.parent.iterdir())


@pytest.mark.parametrize("target", ["folder", "in.csv"])
def test_where_nothing_can_be_written(tmp_path: Path, target: str) -> None:
    (tmp_path / "in.csv").write_bytes(TABLE)
    (tmp_path / "folder").mkdir()
    with pytest.raises(AcuerdoError) as caught:
        predict_file(tmp_path / "in.csv", tmp_path / target, scorer=ByNumber())
    assert isinstance(caught.value, StorageError | InputError)
    assert {file.name for file in tmp_path.iterdir()} == {"in.csv", "folder"}
    assert (tmp_path / "in.csv").read_bytes() == TABLE


def test_progress_counts_all_rows_once(tmp_path: Path) -> None:
    class Noting(Unwatched):
        def __init__(self) -> None:
            self.seen: list[Progress] = []

        def report(self, progress: Progress) -> None:
            self.seen.append(progress)

    table, watch = tmp_path / "in.csv", Noting()
    written(table, 300, questions=3)
    predict_file(table, tmp_path / "out.csv", scorer=ByNumber(), watch=watch)
    predicted = [p for p in watch.seen if p.stage == "predict"]
    assert [p.done for p in predicted] == sorted(p.done for p in predicted)
    assert {p.total for p in predicted} == {300}
    assert predicted[-1].done == 300
    assert [p.stage for p in watch.seen][::-1].index("write") == 0

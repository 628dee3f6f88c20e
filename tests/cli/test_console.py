"""Progress, clean stops and errors in words."""

from __future__ import annotations

import signal

import pytest
import typer
from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import TextColumn

from acuerdo.cli.console import LogWatch, TerminalWatch, errors_in_words
from acuerdo.domain.errors import AcuerdoError, Cancelled, InputError, StorageError, WeightsError
from acuerdo.ports import Progress


def bars() -> Bars:
    columns = TextColumn("{task.description} {task.fields[count]} {task.fields[note]}")
    return Bars(columns, console=Console(record=True, width=80), auto_refresh=False)


@pytest.mark.parametrize(
    ("progress", "shown"),
    [
        (Progress("draft", 3, 16), "Drafting statements 3/16"),
        (Progress("weights", 40_000_000, 92_871_040), "Fetching weights 40/93 MB"),
        (Progress("choose", 1, 2, "[bold]"), "Choosing 1/2 [bold]"),
    ],
)
def test_progress_is_shown_in_units_people_know(progress: Progress, shown: str) -> None:
    shows = bars()
    TerminalWatch(shows).report(progress)
    shows.console.print(shows.get_renderable())

    assert shown in shows.console.export_text()


def test_a_log_gets_a_line_now_and_then_and_the_last_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 0.0
    watch = LogWatch(bars(), clock=lambda: now)
    for second in range(100):
        now = float(second)
        watch.report(Progress("tune", second, 99, f"loss {second}"))

    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in lines] == ["0/99", "30/99", "60/99", "90/99", "99/99"]
    assert lines[1] == "Tuning 30/99  loss 30"


def test_the_first_interrupt_asks_to_stop_and_the_second_insists() -> None:
    watch = TerminalWatch(bars())
    assert not watch.stopped()

    watch.interrupt(signal.SIGINT, None)
    assert watch.stopped()
    with pytest.raises(KeyboardInterrupt):
        watch.interrupt(signal.SIGINT, None)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("empty", where="a.csv, row 2", fix="Fill it."), 2),
        (WeightsError("damaged"), 1),
        (StorageError("full"), 1),
        (Cancelled(), 130),
    ],
)
def test_every_kind_of_error_has_its_words_and_exit_code(
    error: AcuerdoError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as left, errors_in_words():
        raise error

    shown = capsys.readouterr()
    assert left.value.exit_code == code
    assert shown.out == ""
    assert all(part in shown.err for part in (error.what, error.where, error.fix))

"""`acuerdo questions screen` and `review`: which questions may be asked, and who decides."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stderr, stdout, watching
from acuerdo.cli.questions_deciding import decide_in_turn
from acuerdo.cli.questions_options import AsJson, Quiet
from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import SEVERITIES, Decision
from acuerdo.domain.text import canonical
from acuerdo.files import write_whole
from acuerdo.questions import ReviewLog

_MOST_KINDS = 12


def screen(
    file: Annotated[
        Path | None,
        typer.Argument(help="A corpus of any format, or the folder that `questions write` wrote."),
    ] = None,
    one: Annotated[
        str, typer.Option("--one", help="Judge this one question and show the reasons.")
    ] = "",
    log: Annotated[
        Path | None,
        typer.Option(help="Log of decisions. Default: beside the corpus, NAME.decisions.jsonl."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the questions that are allowed to this file."),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="Let this model judge too, named as in `find`.")
    ] = "",
    model_weight: Annotated[
        float | None,
        typer.Option(help="How much a certain yes of the model weighs, 0 to 1."),
    ] = None,
    base_url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible server.")] = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find questions that would inspire extreme beliefs or discriminatory language if debated.

    Rules, labelled examples near in meaning and, with --model, a language model judge together;
    every verdict (allow, review, block) comes with its reasons. What people decided stands.

    Exit codes: 0 done, 1 the model or the disk failed, 2 bad input, 130 stopped.
    """
    with errors_in_words():
        settings = api.settings_for(model=model, base_url=base_url)
        ask = bool(model or base_url)
        if bool(file) == bool(one):
            raise InputError(
                "name either a file of questions or one question",
                fix='acuerdo questions screen FILE, or acuerdo questions screen --one "…?"',
            )
        if file is None:
            with watching(quiet) as watch:
                decision = api.judge_question(
                    one, model=ask, model_weight=model_weight, settings=settings, watch=watch
                )
            _show_one(decision, as_json)
            return
        with watching(quiet, log=True) as watch:
            done = api.screen_questions(
                file,
                log=log,
                allowed=output,
                model=ask,
                model_weight=model_weight,
                settings=settings,
                watch=watch,
            )
        if as_json:
            _print_json(_as_object(done))
            return
        _show(done, stdout())
        if not quiet:
            for note in done.notes:
                stderr().print(note, style="dim", markup=False, soft_wrap=True)


def review(
    log: Annotated[Path, typer.Argument(help="The log that `questions screen` wrote.")],
    by: Annotated[str, typer.Option("--by", help="Who decides: your name.")] = "",
    export: Annotated[
        Path | None, typer.Option("--export", help="Write the queue as CSV, to be filled in.")
    ] = None,
    import_: Annotated[
        Path | None, typer.Option("--import", help="Take over a CSV that was filled in.")
    ] = None,
    history: Annotated[
        str, typer.Option("--log", help="Show all decisions about the question with this id.")
    ] = "",
) -> None:
    """Decide about questions that the screen is not sure of, the gravest first.

    Without options each is shown with its reasons, and one key decides: a allow, b block, s skip,
    u undo the last, q quit. Every decision is kept at once, with your name and the time.

    Exit codes: 0 done, 1 the disk failed, 2 bad input.
    """
    with errors_in_words():
        opened = api.open_review(log)
        if history:
            _show_history(opened, history)
        elif export is not None:
            write_whole(export, [f"\ufeff{api.export_review_queue(opened)}".encode()])
            waiting = len(opened.queue())
            stdout().print(f"{waiting:,} questions are in {export}", soft_wrap=True, markup=False)
        elif import_ is not None:
            done = api.import_review_queue(opened, import_, _named(by))
            told = f"{done.allowed:,} allowed, {done.blocked:,} blocked, {done.open:,} left open"
            stdout().print(told, markup=False)
        else:
            decide_in_turn(opened, _named(by), stdout())


def _named(by: str) -> str:
    if not by.strip():
        raise InputError("nobody said who decides", fix="Add --by and your name.")
    return by.strip()


def _show_one(decision: Decision, as_json: bool) -> None:
    if as_json:
        _print_json(asdict(decision))
        return
    console = stdout()
    severity = SEVERITIES[decision.severity]
    console.print(f"[bold]{decision.verdict}[/], severity {severity}")
    show_reasons(decision, console)


def show_reasons(decision: Decision, console: Console) -> None:
    """Print why a question was judged so, the weightiest reason first, as plain text."""
    for reason in decision.reasons:
        line = f"  {reason.weight:.2f}  {reason.kind} ({reason.source}): {reason.detail}"
        console.print(Text(canonical(line)), soft_wrap=True)
    if not decision.reasons:
        console.print("  no source has anything against it")


def _show(done: api.ScreenedQuestions, console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column(f"{done.questions:,} questions")
    table.add_column("Number", justify="right")
    table.add_column("Share", justify="right")

    def row(name: str, count: int) -> None:
        table.add_row(name, f"{count:,}", f"{count / done.questions:.1%}")

    for verdict in ("allow", "review", "block"):
        row(verdict, done.verdicts.get(verdict, 0))
    for severity in SEVERITIES[1:]:
        row(f"severity {severity}", done.severities.get(severity, 0))
    ordered = sorted(done.reasons.items(), key=lambda item: (-item[1], item[0]))
    for (kind, source), count in ordered[:_MOST_KINDS]:
        row(f"{kind} ({source})", count)
    if done.by_people:
        row("decided by people", done.by_people)
    console.print(table)
    console.print(f"Decisions: {done.log}", soft_wrap=True, markup=False)
    if done.verdicts.get("review"):
        console.print(
            f"Next: acuerdo questions review {done.log} --by YOUR-NAME",
            soft_wrap=True,
            markup=False,
        )


def _show_history(log: ReviewLog, question: str) -> None:
    console = stdout()
    decisions = log.history(question)
    console.print(Text(canonical(log.text_of(question) or question)), soft_wrap=True)
    for decision in decisions:
        withdrawn = decision.by != "screen" and not decision.reasons
        verdict = "withdrawn" if withdrawn else decision.verdict
        console.print(Text(f"{decision.at}  {decision.by}: {verdict}"), soft_wrap=True)
        if decision.reasons:
            show_reasons(decision, console)


def _as_object(done: api.ScreenedQuestions) -> dict[str, object]:
    return {
        "questions": done.questions,
        "verdicts": dict(done.verdicts),
        "severities": dict(done.severities),
        "reasons": [
            {"kind": kind, "source": source, "questions": count}
            for (kind, source), count in done.reasons.items()
        ],
        "changed": done.changed,
        "by_people": done.by_people,
        "log": str(done.log),
        "notes": list(done.notes),
    }


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")

"""`acuerdo find`: opinions in a file, a statement out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import EXIT_INCOMPLETE, errors_in_words, stderr, stdout, watching
from acuerdo.cli.files import opinions_from, statement_from, written_from
from acuerdo.cli.output import write_report
from acuerdo.datasets import ColumnMap
from acuerdo.domain.rounds import RoundResult
from acuerdo.report import as_json, print_result


def find(
    file: Annotated[
        Path,
        typer.Argument(help="Opinions: CSV, JSON, JSONL or plain text; - reads standard input."),
    ],
    question: Annotated[
        str, typer.Option("--question", "-q", help="The question they answer.")
    ] = "",
    context: Annotated[str, typer.Option(help="Background that everybody saw.")] = "",
    language: Annotated[
        str, typer.Option(help="Language of the statement, e.g. en. Default: the opinions'.")
    ] = "",
    person_column: Annotated[str, typer.Option(help="Column with people's names.")] = "",
    opinion_column: Annotated[str, typer.Option(help="Column with their opinions.")] = "",
    file_format: Annotated[
        str, typer.Option("--format", help="csv, json, jsonl or text. Default: recognised.")
    ] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of the file. Default: UTF-8.")] = "",
    previous: Annotated[
        str, typer.Option(help="The previous statement, or a file with it: revises it.")
    ] = "",
    critiques: Annotated[
        Path | None, typer.Option(help="What people criticised about the previous statement.")
    ] = None,
    ratings: Annotated[
        Path | None,
        typer.Option(
            help="Known ratings: person, candidate, rating (1-7). They count as they are and move "
            "what is expected of the others."
        ),
    ] = None,
    written: Annotated[
        list[str] | None,
        typer.Option("--candidate", help="A candidate written by a person (or a file with it)."),
    ] = None,
    candidates: Annotated[
        int, typer.Option("--candidates", "-n", min=1, max=256, help="Statements to draft.")
    ] = 16,
    orders: Annotated[
        int, typer.Option(min=1, max=64, help="Random orders in which opinions are read.")
    ] = 4,
    template: Annotated[
        str,
        typer.Option(
            help="Prompt: direct, reason_first, by_example, plain, noted. Default: the one its "
            "adapter was tuned on (plain for the bundled weights), direct for a model without one."
        ),
    ] = "",
    temperature: Annotated[
        float | None,
        typer.Option(min=0.0, max=2.0, help="Default: 0.3 for a tuned drafting model, else 0.8."),
    ] = None,
    drafter: Annotated[
        list[str] | None,
        typer.Option(
            help="model, extractive, opinions, longest, search (an experiment). May be repeated."
        ),
    ] = None,
    predictor: Annotated[
        str,
        typer.Option(
            help="Who expects how much people agree: trained (the model that comes with Acuerdo), "
            "similarity, judge (the language model) or length."
        ),
    ] = api.DEFAULT_SCORER,
    rule: Annotated[
        str, typer.Option("--rule", "-r", help="Rule that decides, e.g. schulze, nash, rawlsian.")
    ] = "schulze",
    threshold: Annotated[
        float,
        typer.Option(min=0.0, max=1.0, help="Share of people who must be expected to agree."),
    ] = 0.5,
    no_statement: Annotated[
        bool, typer.Option(help='Whether "no statement" stands on the ballot.')
    ] = True,
    slate: Annotated[
        int, typer.Option(min=0, help="Also pick K statements that represent the group.")
    ] = 0,
    model: Annotated[
        str,
        typer.Option("--model", "-m", help="Bundled weights, a GGUF file, or a server's model."),
    ] = "",
    base_url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible server.")] = "",
    cache: Annotated[bool, typer.Option(help="Keep model replies, to resume and replay.")] = True,
    session: Annotated[str, typer.Option(help="Name under which replies can be erased.")] = "",
    seed: Annotated[
        int | None, typer.Option(min=0, help="Default: drawn from the content.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write a self-contained HTML report.")] = None,
    as_object: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of text.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Find a statement that the group could sign.

    Statements are drafted, how much each person would agree is predicted, a rule chooses.

    Exit codes: 0 done, 1 a model or the disk failed, 2 bad input, 3 nothing could be decided (run
    again to resume), 130 stopped.
    """
    with errors_in_words():
        read = opinions_from(
            file,
            file_format=file_format,
            encoding=encoding,
            columns=ColumnMap(person=person_column, opinion=opinion_column),
            critiques=critiques,
            ratings=ratings,
        )
        for note in () if quiet else read.notes:
            stderr().print(note, style="dim", markup=False, soft_wrap=True)
        options = api.FindOptions(
            previous=statement_from(previous) or read.previous,
            critiques=read.critiques,
            written=written_from(written or ()),
            ratings=read.ratings,
            roster=read.roster,
            candidates=candidates,
            orders=orders,
            template=template,
            temperature=temperature,
            predictor=predictor,
            rule=rule,
            threshold=threshold,
            no_statement=no_statement,
            slate=slate,
            language=language,
            context=context,
            session=session,
            seed=seed,
            settings=api.settings_for(model=model, base_url=base_url, cache=cache),
        )
        if drafter:
            options["drafters"] = drafter
        with watching(quiet) as watch:
            options["watch"] = watch
            result = api.find_agreement(question or read.question, read.opinions, **options)
        show(result, report, as_object)


def show(result: RoundResult, report: Path | None, as_object: bool) -> None:
    """Print the result, write the report, and leave with 3 where nothing could be decided."""
    if report is not None:
        write_report(result, report)
    if as_object:
        sys.stdout.write(json.dumps(as_json(result), ensure_ascii=False, allow_nan=False) + "\n")
    else:
        print_result(result, stdout())
        if report is not None:
            stdout().print(f"Report: {report}", soft_wrap=True)
    if result.outcome in ("no_candidates", "undecided"):
        raise typer.Exit(EXIT_INCOMPLETE)

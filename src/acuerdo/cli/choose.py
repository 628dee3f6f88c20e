"""`acuerdo choose`: ballots in a file, all rules side by side."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, TypeVar, get_args

import typer

from acuerdo.api import Count, count_ballots
from acuerdo.cli.console import errors_in_words, stderr, stdout, watching
from acuerdo.cli.side_by_side import print_count
from acuerdo.datasets import BALLOT_FORMATS, BallotFile, Scale, read_ballots
from acuerdo.domain.ballots import Choice, Margin
from acuerdo.domain.errors import SettingsError

_Option = TypeVar("_Option", bound=str)


def choose(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="BALLOTS",
            help="CSV, PrefLib (.soc .soi .toc .toi .cat) or ABIF; - reads standard input.",
        ),
    ],
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", "-r", help="Only this rule, e.g. schulze. May be repeated."),
    ] = None,
    scale: Annotated[
        str,
        typer.Option(help="What numbers in a table are: ranks or ratings. Default: recognised."),
    ] = "",
    file_format: Annotated[
        str, typer.Option("--format", help=f"{', '.join(BALLOT_FORMATS)}. Default: recognised.")
    ] = "",
    slate: Annotated[
        int, typer.Option(min=0, help="Also pick K candidates that represent the voters.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Breaks ties; publish it beforehand.")] = 0,
    as_object: Annotated[
        bool, typer.Option("--json", help="Print one JSON object instead of a table.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress or notes.")] = False,
) -> None:
    """Count ballots under every rule and say how firm each result is.

    Exit codes: 0 done, 2 bad input, 130 stopped.
    """
    with errors_in_words():
        read = read_ballots(
            sys.stdin.buffer if str(file) == "-" else file,
            format_=_one_of(file_format, BALLOT_FORMATS, "--format"),
            scale=_one_of(scale, get_args(Scale), "--scale"),
        )
        for note in () if quiet else read.assumed:
            stderr().print(note, style="dim", markup=False, soft_wrap=True)
        with watching(quiet) as watch:
            count = count_ballots(read.ballots, rule or (), seed=seed, slate=slate, watch=watch)
    if as_object:
        plain = as_json(count, read)
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        print_count(count, stdout())


def as_json(count: Count, read: BallotFile) -> dict[str, object]:
    """Return the count as plain data, candidates by name."""
    return {
        "candidates": list(count.ballots.names),
        "voters": count.ballots.size,
        "format": read.format,
        "assumed": list(read.assumed),
        "seed": count.seed,
        "rules": {
            name: _choice_as_json(choice, count.margins[name], count.ballots.names)
            for name, choice in count.choices.items()
        },
        "slate": [count.ballots.names[column] for column in count.slate],
    }


def _choice_as_json(choice: Choice, margin: Margin, names: tuple[str, ...]) -> dict[str, object]:
    return {
        "winners": [names[column] for column in choice.winners],
        "winner": None if choice.winner is None else names[choice.winner],
        "ranking": [[names[column] for column in level] for level in choice.ranking],
        "scores": dict(zip(names, choice.scores, strict=True)) if choice.scores else None,
        "margin": {
            "ballots": margin.ballots,
            "kind": margin.kind,
            "at_least": margin.at_least,
            "fragile": margin.fragile,
        },
        "tie_break": choice.tie_break,
        "voters": choice.voters,
        "note": choice.note,
    }


def _one_of(text: str, allowed: tuple[_Option, ...], option: str) -> _Option | None:
    """Return the option's value as one of those allowed, None if it is not given."""
    if not text:
        return None
    for value in allowed:
        if text.lower().lstrip(".") == value:
            return value
    raise SettingsError(
        f"{text!r} is not a {option[2:]}", where=option, fix=f"Use one of: {', '.join(allowed)}."
    )

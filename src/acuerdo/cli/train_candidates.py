"""`acuerdo train candidates`: a model's own drafts as material, chosen by what is predicted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acuerdo import api
from acuerdo.cli.console import EXIT_INCOMPLETE, errors_in_words, stderr, stdout, watching
from acuerdo.domain.errors import SettingsError


def candidates(
    source: Annotated[Path, typer.Argument(help="A file or folder with groups' opinions.")],
    out: Annotated[Path, typer.Option(help="Folder for what comes out.")] = Path("out/candidates"),
    reader: Annotated[
        str,
        typer.Option(help="How it is read: statements, platform, habermas, jsonl, csv or trl."),
    ] = "statements",
    splits: Annotated[
        Path | None, typer.Option(help="File that says which question is in which split (JSON).")
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            help="Material read in the same way: what it holds out is left out here, and nothing"
            " is drafted for it. May be repeated."
        ),
    ] = None,
    split: Annotated[
        list[str] | None, typer.Option(help="Splits to draft for. Default: train. Never test.")
    ] = None,
    number: Annotated[
        int,
        typer.Option(
            "--candidates", "-n", min=0, max=256, help="Drafts a group; 0: only pairs by rule."
        ),
    ] = 16,
    orders: Annotated[
        int, typer.Option(min=1, max=64, help="Random orders in which opinions are read.")
    ] = 4,
    template: Annotated[str, typer.Option(help="Prompt. Default: what suits the model.")] = "",
    temperature: Annotated[
        float | None,
        typer.Option(min=0.0, max=2.0, help="Default: 0.3 for a tuned drafting model, else 0.8."),
    ] = None,
    drafter: Annotated[
        str, typer.Option(help="model, or search (experimental: a search while decoding).")
    ] = "model",
    predictor: Annotated[
        str, typer.Option(help="Who expects how much people agree.")
    ] = api.DEFAULT_SCORER,
    welfare: Annotated[
        str, typer.Option(help="What is made of it: mean, minimum, nash, gini, ...")
    ] = "mean",
    judge: Annotated[
        list[str] | None,
        typer.Option(help="NAME=WEIGHT: a measure of drafts that counts, too. May be repeated."),
    ] = None,
    above: Annotated[
        float | None, typer.Option(help="Keep a group's best draft only if its score is above.")
    ] = None,
    quantile: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Leave out so large a share of the groups.")
    ] = 0.0,
    margin: Annotated[
        float, typer.Option(min=0.0, help="How far best and worst must be apart to be a pair.")
    ] = 0.5,
    contrast: Annotated[
        list[str] | None,
        typer.Option(help="Pairs by rule: other_side, negated, voices or none. Default: all."),
    ] = None,
    arguments: Annotated[
        Path | None,
        typer.Option(help="Folder of labelled arguments that tell people's sides (other_side)."),
    ] = None,
    verdicts: Annotated[
        Path | None,
        typer.Option(help="File of drafts that somebody read and graded, to make pairs of."),
    ] = None,
    groups: Annotated[int, typer.Option(min=0, help="At most so many groups; 0: all.")] = 0,
    revisions: Annotated[bool, typer.Option(help="Whether to draft revisions, too.")] = True,
    model: Annotated[
        str,
        typer.Option("--model", "-m", help="Bundled weights, a GGUF file, or a server's model."),
    ] = "",
    base_url: Annotated[str, typer.Option(help="Address of an OpenAI-compatible server.")] = "",
    cache: Annotated[bool, typer.Option(help="Keep model replies, to resume and replay.")] = True,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Ceiling on prompt and completion tokens.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Draft candidates with any model and keep what is expected to be agreed with most.

    Writes the best candidate of every group and pairs of a better and a worse statement, for
    `acuerdo train drafter`. Every score in them is a prediction.

    Ctrl-C keeps what is done: the same command goes on from there. Exit codes: 0 done, 1 the model
    or the disk failed, 2 bad input, 3 the budget was spent before the end, 130 stopped.
    """
    with errors_in_words():
        settings = api.settings_for(model=model, base_url=base_url, cache=cache)
        if max_tokens is not None:
            settings = settings.model_copy(update={"max_tokens": max_tokens})
        options = api.CandidateOptions(
            splits=split or ["train"],
            candidates=number,
            orders=orders,
            template=template,
            temperature=temperature,
            drafter=drafter,
            predictor=predictor,
            welfare=welfare,
            judges=dict(map(_weighted, judge or ())),
            above=float("-inf") if above is None else above,
            quantile=quantile,
            margin=margin,
            contrasts=api.contrasts_named(contrast),
            arguments=arguments,
            verdicts=verdicts,
            groups=groups,
            revisions=revisions,
            seed=seed,
        )
        material, *others = (
            api.MaterialSource(reader=reader, path=str(path), splits=str(splits or ""))
            for path in (source, *(beside or ()))
        )
        with watching(quiet, log=True) as watch:
            made = api.collect_candidates(
                material, out, options, beside=others, settings=settings, watch=watch
            )
        _show(made)


def _weighted(text: str) -> tuple[str, float]:
    name, _, weight = text.rpartition("=")
    try:
        return name.strip(), float(weight)
    except ValueError:
        raise SettingsError(
            f"{text!r} is not NAME=WEIGHT", where="--judge", fix="Write e.g. --judge polarity=2."
        ) from None


def _show(made: api.Candidates) -> None:
    card, console = made.card, stdout()
    for reason, count in card["left_out"].items():
        console.print(f"left out: {count} ({reason})", markup=False)
    console.print(f"{card['drafts']} drafts for {card['drafted']} of {card['rounds']} rounds")
    for reason, count in card["rejected"].items():
        console.print(f"rejected: {count} ({reason})", markup=False)
    console.print(f"kept as material: {card['kept']} (chosen by prediction)", markup=False)
    for decided in ("prediction", "rule", "reading"):
        for reason, count in card[f"pairs_by_{decided}"].items():
            console.print(f"pairs by {decided}: {count} ({reason})", markup=False)
    console.print(f"Everything is in {made.folder}", soft_wrap=True, markup=False)
    if made.unfinished:
        stderr().print(
            f"Unfinished: {made.unfinished} Run it again with a higher ceiling to go on.",
            soft_wrap=True,
            markup=False,
        )
        raise typer.Exit(EXIT_INCOMPLETE)

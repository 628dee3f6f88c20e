"""`acuerdo questions search` and `suggest`: find questions by meaning, and get some to discuss."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from acuerdo import api
from acuerdo.cli.console import errors_in_words, stderr, stdout, watching
from acuerdo.cli.questions_options import (
    Area,
    AsJson,
    Corpus,
    Language,
    Leans,
    Quiet,
    Split,
    Topic,
    as_object,
    questions_table,
)
from acuerdo.questions import Hit, Wanted


def search(
    text: Annotated[str, typer.Argument(help="Words or a sentence, in any of 16 languages.")],
    corpus: Corpus = None,
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, max=1000, help="How many questions.")
    ] = 10,
    language: Language = "",
    area: Area = "",
    topic: Topic = None,
    split: Split = "",
    leans: Leans = "",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find debate questions by what they mean: a query in one language finds those in others.

    Near goes up to 1: the same meaning. Questions with the very words come first among those that
    mean about the same. Exit codes: 0 done, 1 the encoder or the disk failed, 2 bad input, 130
    stopped.
    """
    with errors_in_words():
        wanted = Wanted(language=language, area=area, topic=topic, split=split, leans=leans)
        with watching(quiet) as watch:
            library = api.open_questions(corpus, watch=watch)
            hits = api.search_questions(text, corpus=library, k=count, wanted=wanted)
        if as_json:
            found = [_hit_object(hit) for hit in hits]
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
            return
        _tell(library, quiet)
        near = [f"{hit.similarity:.2f}" for hit in hits]
        stdout().print(questions_table([hit.question for hit in hits], near, "Near"))


def suggest(
    corpus: Corpus = None,
    count: Annotated[
        int, typer.Option("--count", "-n", min=1, max=1000, help="How many questions.")
    ] = 6,
    near: Annotated[str, typer.Option(help="What they should be about, in your words.")] = "",
    avoid: Annotated[
        list[str] | None,
        typer.Option(help="Id of a question that was asked before; may be given several times."),
    ] = None,
    language: Language = "",
    area: Area = "",
    topic: Topic = None,
    split: Split = "",
    leans: Leans = "",
    seed: Annotated[int, typer.Option(min=0, help="Another number, other questions.")] = 0,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Suggest questions to discuss that differ from one another and lean to neither side.

    Where it is known whether a "yes" would change how things are or keep them, both take turns.
    Exit codes: 0 done, 1 the encoder or the disk failed, 2 bad input, 130 stopped.
    """
    with errors_in_words():
        wanted = Wanted(language=language, area=area, topic=topic, split=split, leans=leans)
        with watching(quiet) as watch:
            library = api.open_questions(corpus, watch=watch)
            found = api.suggest_questions(
                count, corpus=library, seed=seed, wanted=wanted, near=near, avoid=avoid or ()
            )
        if as_json:
            listed = [as_object(question) for question in found]
            sys.stdout.write(json.dumps(listed, ensure_ascii=False) + "\n")
            return
        _tell(library, quiet)
        stdout().print(questions_table(found))
        if len(found) < count and not quiet:
            stderr().print(f"Only {len(found)} fit and differ from one another.", style="dim")


def _hit_object(hit: Hit) -> dict[str, Any]:
    near, exact = round(hit.similarity, 4), round(hit.exact, 4)
    return as_object(hit.question, similarity=near, exact=exact)


def _tell(library: api.QuestionLibrary, quiet: bool) -> None:
    if quiet:
        return
    told = f"{len(library.questions):,} questions: {library.name}"
    for note in (told, *library.notes):
        stderr().print(note, style="dim", markup=False, soft_wrap=True)

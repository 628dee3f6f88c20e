"""Find agreement: the whole program, as one function and its async twin made from the same code."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

import numpy as np

from acuerdo.domain.errors import InputError
from acuerdo.domain.records import Critique, Opinion, PersonId, Question, Rating, SessionId
from acuerdo.domain.rounds import Round, RoundResult, Terms
from acuerdo.domain.statements import Candidate, Provenance
from acuerdo.domain.text import canonical
from acuerdo.mediate import Parts, mediate
from acuerdo.ports import Progress, Unwatched, Watch
from acuerdo.recipes import Recipe
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import build_parts

Texts = Sequence[str] | Mapping[str, str]


class FindOptions(TypedDict, total=False):
    """Options of `find_agreement`; everything has a default.

    previous, critiques: the statement of the round before and what people criticised about it
    (by person, or in the order of the opinions, "" for none). written: candidates that people
    wrote. ratings: known agreements (1-7). roster: people who belong to the group but are absent.
    candidates: how many statements the model drafts. orders: in how many random orders it reads
    the opinions. template: "direct", "reason_first", "by_example", "plain" or "noted", by
    default what suits the model. drafters: any of "model", "extractive", "opinions", "longest"
    and "search" (an experiment that looks for statements while they are written). predictor:
    "trained" (the model that comes with the package; known ratings move what it expects of the
    others), "similarity", "judge" or "length". rule: see
    `acuerdo.choose.RULES`. threshold: share of people who must be expected to agree.
    no_statement: whether "no statement" stands on the ballot. slate: how many statements to pick
    that represent the group together. language: ISO 639-1, recognised if "". context: background
    everybody saw. session: a name under which cached replies can be found and erased. seed: drawn
    from the round's content if None, so that running it again resumes and repeats it. settings:
    read from the environment if None. parts: ready-made parts, to use a loaded model many times.
    watch: sees progress and can stop the work.
    """

    previous: str
    critiques: Texts | Sequence[Critique]
    written: Sequence[str]
    ratings: Sequence[Rating]
    roster: Sequence[str]
    candidates: int
    orders: int
    template: str
    temperature: float | None
    drafters: Sequence[str]
    predictor: str
    rule: str
    threshold: float
    no_statement: bool
    slate: int
    language: str
    context: str
    session: str
    seed: int | None
    settings: Settings | None
    parts: Parts | None
    watch: Watch


def find_agreement(
    question: str, opinions: Texts | Sequence[Opinion], **options: Unpack[FindOptions]
) -> RoundResult:
    """Find a statement that a group could sign.

    `opinions` is a list of texts (people are then called P1, P2, ...), a mapping from person to
    text, or a list of `Opinion`. See `FindOptions` for the rest.

    >>> result = find_agreement(
    ...     "Should the library open on Sundays?",
    ...     {
    ...         "Ana": "Yes. I work all week. Sunday is the only day I can go to the library.",
    ...         "Ben": "Only if the staff agree. They need a free day with their families.",
    ...     },
    ...     drafters=["extractive"],
    ... )
    >>> result.outcome in ("agreement", "no_common_ground")
    True
    >>> [candidate.provenance.origin for candidate in result.candidates][-1]
    'no_statement'

    Raises InputError if the opinions cannot be used, SettingsError for a wrong option or setting,
    ModelError if the model cannot be loaded at all, Cancelled if the watcher stops.
    """
    round_ = make_round(question, opinions, **options)
    parts = options.get("parts") or build_parts(
        options.get("settings") or read_settings(),
        recipe_from(options),
        options.get("watch") or Unwatched(),
    )
    seed = options.get("seed")
    if seed is None:
        seed = seed_from(round_)
    result = mediate(round_, parts, np.random.default_rng(seed), options.get("watch"))
    return replace(result, seed=seed)


async def find_agreement_async(
    question: str, opinions: Texts | Sequence[Opinion], **options: Unpack[FindOptions]
) -> RoundResult:
    """Do the same without blocking the event loop; cancelling the task stops the work."""
    watch = _StoppableWatch(options.get("watch") or Unwatched())
    options["watch"] = watch
    try:
        return await asyncio.to_thread(find_agreement, question, opinions, **options)
    except asyncio.CancelledError:
        watch.stop()
        raise


def make_round(
    question: str, opinions: Texts | Sequence[Opinion], **options: Unpack[FindOptions]
) -> Round:
    """Return the round that `find_agreement` mediates, with every value checked."""
    said = _opinions(opinions)
    default = Terms()
    round_ = Round(
        question=Question(
            canonical(question), options.get("language", ""), canonical(options.get("context", ""))
        ),
        opinions=said,
        previous=canonical(options.get("previous", "")),
        critiques=_critiques(options.get("critiques", ()), said),
        candidates=tuple(
            Candidate(canonical(text), Provenance(origin="person"))
            for text in options.get("written", ())
        ),
        ratings=tuple(options.get("ratings", ())),
        roster=tuple(PersonId(person) for person in options.get("roster", ())),
        session=SessionId(options.get("session", "")),
        terms=Terms(
            threshold=options.get("threshold", default.threshold),
            no_statement=options.get("no_statement", default.no_statement),
            slate=options.get("slate", default.slate),
        ),
    )
    return round_ if round_.session else replace(round_, session=_session_of(round_))


def recipe_from(options: FindOptions) -> Recipe:
    """Return the parts asked for by name, the rest by default."""
    default = Recipe()
    return Recipe(
        candidates=options.get("candidates", default.candidates),
        orders=options.get("orders", default.orders),
        template=options.get("template", default.template),
        temperature=options.get("temperature", default.temperature),
        drafters=tuple(options.get("drafters", default.drafters)),
        predictor=options.get("predictor", default.predictor),
        rule=options.get("rule", default.rule),
    )


def seed_from(round_: Round) -> int:
    """Draw a seed from what the round is about: nobody chooses it, and a repeat finds it again."""
    content = [round_.question.text, round_.previous]
    content += [text for o in round_.opinions for text in (o.person, o.text)]
    content += [text for c in round_.critiques for text in (c.person, c.text)]
    digest = hashlib.blake2b(json.dumps(content).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big")


def _session_of(round_: Round) -> SessionId:
    """Name a session after its content, so that its cached replies can be found and erased."""
    return SessionId(f"run-{seed_from(round_):08x}")


def _opinions(opinions: Texts | Sequence[Opinion]) -> tuple[Opinion, ...]:
    if isinstance(opinions, str):
        raise InputError(
            "the opinions are one single text", fix="Pass a list with one text for each person."
        )
    if isinstance(opinions, Mapping):
        given = [Opinion(PersonId(person), str(text)) for person, text in opinions.items()]
    else:
        listed: Sequence[str | Opinion] = opinions
        given = [
            opinion if isinstance(opinion, Opinion) else Opinion(_neutral_name(place), opinion)
            for place, opinion in enumerate(listed)
        ]
    return tuple(Opinion(opinion.person, canonical(opinion.text)) for opinion in given)


def _critiques(
    critiques: Texts | Sequence[Critique], opinions: Sequence[Opinion]
) -> tuple[Critique, ...]:
    if isinstance(critiques, Mapping):
        given = [Critique(PersonId(person), str(text)) for person, text in critiques.items()]
    else:
        listed: Sequence[str | Critique] = critiques
        people = [opinion.person for opinion in opinions]
        people += [_neutral_name(place) for place in range(len(people), len(critiques))]
        given = [
            critique if isinstance(critique, Critique) else Critique(person, critique)
            for person, critique in zip(people, listed, strict=False)
        ]
    cleaned = (Critique(critique.person, canonical(critique.text)) for critique in given)
    return tuple(critique for critique in cleaned if critique.text)


def _neutral_name(place: int) -> PersonId:
    return PersonId(f"P{place + 1}")


class _StoppableWatch:
    """Passes progress on and can be told to stop from another thread."""

    def __init__(self, inner: Watch) -> None:
        self._inner = inner
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def report(self, progress: Progress) -> None:
        self._inner.report(progress)

    def stopped(self) -> bool:
        return self._stop.is_set() or self._inner.stopped()

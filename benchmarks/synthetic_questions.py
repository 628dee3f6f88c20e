"""Synthetic questions for measuring speed: made from templates, and meaningless as debates.

Question number n is the same in every run, so that a run that was killed goes on where it was, and
a million need no file. One in REPEATS is a rephrased copy of an earlier one: what a search for
near-duplicates must find.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

REPEATS: Final = 10


def _listed(joined: str) -> list[str]:
    return joined.split("|")


_AGENTS: Final = _listed(
    "the city council|every village|our schools|the national government|hospitals|employers|"
    "banks|landlords|farmers|universities|the police|courts|broadcasters|museums|railway companies|"
    "airlines|supermarkets|charities|churches|sports clubs|the army|fishermen|restaurants|"
    "energy companies|internet providers|publishers|nursing homes|car makers|tourists|taxi drivers|"
    "parliament|judges|scientists|libraries|pharmacies|insurers|hotels|theatres|builders|parents"
)
_VERBS: Final = _listed(
    "pay for|get rid of|publish|tax|share|protect|rebuild|inspect|advertise|lend out|give away|"
    "limit|record|insure|replace|test|clean up|hand over|move|store|sell|rent out|close off|"
    "light up|repair|redesign|count|rename|translate|hide|teach about|apologise for|vote on|"
    "photograph|recycle|fence in|double|outsource|certify|celebrate"
)
_KINDS: Final = _listed(
    "old|electric|foreign|digital|private|abandoned|expensive|noisy|organic|wooden|wild|historic|"
    "plastic|medical|musical|underground|religious|frozen|military|solar|handmade|dangerous|empty|"
    "floating|secret|rural|artificial|imported|seasonal|broken|public|tropical|anonymous|coastal|"
    "industrial|temporary|colourful|rare|heated|unpaid"
)
_THINGS: Final = _listed(
    "bicycles|forests|textbooks|vaccines|pensions|rivers|statues|satellites|dogs|kitchens|bridges|"
    "lottery tickets|wind turbines|beaches|concerts|diaries|passports|elevators|mushrooms|prisons|"
    "swimming pools|drones|tractors|wedding rings|bus stops|paintings|mobile phones|bees|shirts|"
    "football pitches|mortgages|novels|airports|toys|ambulances|glaciers|salaries|playgrounds|"
    "secrets|uniforms|volcanoes|newspapers|shoes|cameras|orchards|tunnels|weapons|cheeses|maps|"
    "robots|graves|rooftops|sofas|exams|fish|computer games|umbrellas|parliaments|trams|wells"
)
_PURPOSES: Final = _listed(
    "to help refugees|to save water|to fight loneliness|to attract doctors|to calm traffic|"
    "to prevent floods|to honour the dead|to punish fraud|to feed students|to please voters|"
    "to reduce crime|to train nurses|to welcome newcomers|to protect birds|to create jobs|"
    "to lower rents|to support artists|to treat cancer|to heat homes|to end hunger|"
    "to stop corruption|to amuse children|to slow climate change|to keep secrets|to win medals"
)
_TIMES: Final = _listed(
    "in winter|on Sundays|after midnight|during elections|every ten years|before breakfast|"
    "in wartime|at weekends|during the holidays|when prices rise|in an emergency|by next year|"
    "once a month|after a strike|in the rainy season|while schools are closed|at harvest time|"
    "during a pandemic|on their birthday|when nobody is watching"
)
_TEMPLATES: Final = (
    "Should {agent} {verb} {kind} {thing} {purpose} {time}?",
    "Do you think {agent} should {verb} {kind} {thing} {time} {purpose}?",
    "Would it be right for {agent} to {verb} {kind} {thing} {purpose} {time}?",
    "Is it a good idea that {agent} {verb} {kind} {thing} {time} {purpose}?",
)


def question(number: int) -> str:
    """Return question `number`, counted from 0."""
    original = original_of(number)
    slots = _draw(original if original is not None else number)
    template = (_hash("template", original) + 1 + number % 3) if original is not None else None
    chosen = _hash("template", number) if template is None else template
    agent, verb, kind, thing, purpose, time = (
        words[draw % len(words)]
        for words, draw in zip(
            (_AGENTS, _VERBS, _KINDS, _THINGS, _PURPOSES, _TIMES), slots, strict=True
        )
    )
    return _TEMPLATES[chosen % len(_TEMPLATES)].format(
        agent=agent, verb=verb, kind=kind, thing=thing, purpose=purpose, time=time
    )


def original_of(number: int) -> int | None:
    """Return which earlier question this one rephrases, None for most."""
    if number < REPEATS or _hash("repeat", number) % REPEATS:
        return None
    earlier = _hash("original", number) % number
    # An original must not be a copy itself, or a chain would have to be followed.
    while earlier >= REPEATS and not _hash("repeat", earlier) % REPEATS:
        earlier -= 1
    return earlier


def questions(count: int, start: int = 0) -> Iterator[str]:
    return (question(number) for number in range(start, count))


def _draw(number: int) -> tuple[int, ...]:
    digest = hashlib.blake2b(f"slots {number}".encode(), digest_size=48).digest()
    return tuple(int.from_bytes(digest[at : at + 8]) for at in range(0, 48, 8))


def _hash(purpose: str, number: int | None) -> int:
    digest = hashlib.blake2b(f"{purpose} {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest)

"""Requests that differ in nothing but consecutive seeds travel as one, and share their prompt.

llama.cpp reads the prompt of "n completions" once and gives the k-th of them the seed + k: exactly
what n requests with consecutive seeds ask for, at a fraction of the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from acuerdo.domain.completions import Request

SEEDS: Final = 2**32 - 1
"""llama.cpp takes seeds below this; the number itself means "draw one"."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`places` are the positions of the requests, in the order of their seeds."""

    request: Request
    seed: int
    places: tuple[int, ...]


def bundled(requests: Sequence[Request], most: int) -> list[Bundle]:
    """Group requests into bundles of at most `most`, in the order of their first request."""
    alike: dict[Request, list[int]] = {}
    for place, request in enumerate(requests):
        alike.setdefault(replace(request, seed=0), []).append(place)
    bundles = [
        Bundle(requests[run[0]], _seed(requests[run[0]]), tuple(run))
        for places in alike.values()
        for run in _runs(sorted(places, key=lambda place: _seed(requests[place])), requests, most)
    ]
    return sorted(bundles, key=lambda bundle: min(bundle.places))


def _runs(places: Sequence[int], requests: Sequence[Request], most: int) -> list[list[int]]:
    """Split places, sorted by seed, wherever the seed does not go up by one."""
    runs: list[list[int]] = []
    for place in places:
        seed = _seed(requests[place])
        if runs and len(runs[-1]) < most and seed == _seed(requests[runs[-1][-1]]) + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _seed(request: Request) -> int:
    return request.seed % SEEDS

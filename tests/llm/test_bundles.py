"""Requests that differ in consecutive seeds only travel together."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from acuerdo.domain.completions import Message, Request
from acuerdo.llm.bundles import SEEDS, bundled

CARS = Request((Message("user", "Cars?"),), seed=7)
BIKES = Request((Message("user", "Bikes?"),), seed=7)


def seeded(request: Request, *seeds: int) -> list[Request]:
    return [replace(request, seed=seed) for seed in seeds]


def test_four_draws_of_one_order_read_their_prompt_once() -> None:
    bundles = bundled([*seeded(CARS, 10, 11, 12, 13), *seeded(BIKES, 14, 15, 16, 17)], 16)
    assert [(bundle.seed, bundle.places) for bundle in bundles] == [
        (10, (0, 1, 2, 3)),
        (14, (4, 5, 6, 7)),
    ]


def test_the_order_of_seeds_not_of_requests_counts() -> None:
    assert [bundle.places for bundle in bundled(seeded(CARS, 12, 10, 11), 16)] == [(1, 2, 0)]


def test_gaps_and_repeated_seeds_travel_alone() -> None:
    bundles = bundled(seeded(CARS, 1, 3, 3, 4), 16)
    assert sorted(bundle.places for bundle in bundles) == [(0,), (1,), (2, 3)]


def test_a_difference_in_anything_else_keeps_requests_apart() -> None:
    warm = replace(CARS, seed=8, temperature=0.9)
    assert [bundle.places for bundle in bundled([CARS, warm], 16)] == [(0,), (1,)]


def test_no_bundle_is_larger_than_the_engine_has_slots() -> None:
    bundles = bundled(seeded(CARS, *range(10)), 4)
    assert [len(bundle.places) for bundle in bundles] == [4, 4, 2]


def test_seeds_that_the_engine_does_not_take_are_wrapped() -> None:
    bundles = bundled(seeded(CARS, -1, SEEDS, 2**40), 16)
    assert all(0 <= bundle.seed < SEEDS for bundle in bundles)


@given(
    st.lists(st.tuples(st.sampled_from([CARS, BIKES]), st.integers(0, 12)), max_size=30),
    st.integers(1, 6),
)
def test_every_request_is_asked_once_with_its_own_seed(
    drawn: list[tuple[Request, int]], most: int
) -> None:
    requests = [replace(request, seed=seed) for request, seed in drawn]
    asked = {
        place: replace(bundle.request, seed=bundle.seed + step)
        for bundle in bundled(requests, most)
        for step, place in enumerate(bundle.places)
    }
    assert [asked[place] for place in range(len(requests))] == requests
    assert sum(len(bundle.places) for bundle in bundled(requests, most)) == len(requests)

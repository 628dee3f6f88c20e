"""The functions of `import acuerdo`."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

import acuerdo
from acuerdo.domain.errors import Cancelled, InputError
from acuerdo.domain.records import Critique, PersonId, Rating
from acuerdo.domain.rounds import Round, RoundResult
from acuerdo.domain.statements import Candidate, Provenance
from acuerdo.mediate import Parts
from acuerdo.ports import Prediction, Unwatched, Watch, stop_if_asked
from acuerdo.recipes import Recipe
from acuerdo.settings import read_settings
from acuerdo.wiring import build_parts
from tests.parts import make_parts

SAID = {"Ana": "Trees matter to us.", "Ben": "Parks come first."}


def test_the_door_is_what_all_names() -> None:
    assert all(hasattr(acuerdo, name) for name in acuerdo.__all__)
    assert {"find_agreement", "find_agreement_async", "mediate"} <= set(acuerdo.__all__)


def test_a_list_of_texts_gets_neutral_names() -> None:
    result = acuerdo.find_agreement("What matters?", list(SAID.values()), parts=make_parts())

    assert [view.person for view in result.people] == ["P1", "P2"]


def test_the_seed_is_recorded_and_drawn_from_the_content() -> None:
    first, second, other = (
        acuerdo.find_agreement(question, SAID, parts=make_parts())
        for question in ("What matters?", "What matters?", "What else?")
    )

    assert first.seed == second.seed != other.seed
    assert acuerdo.find_agreement("What?", SAID, parts=make_parts(), seed=3).seed == 3


def test_critiques_by_person_or_in_order_say_the_same() -> None:
    by_person, in_order = (
        acuerdo.find_agreement(
            "What matters?", SAID, previous="Trees.", critiques=critiques, parts=make_parts()
        ).round.critiques
        for critiques in ({"Ben": "And parks?"}, ["", "And parks?"])
    )

    assert by_person == in_order == (Critique(PersonId("Ben"), "And parks?"),)


def test_one_text_is_not_a_list_of_letters() -> None:
    with pytest.raises(InputError, match="one single text"):
        acuerdo.find_agreement("What matters?", "Trees matter.", parts=make_parts())


def test_the_asynchronous_twin_gives_the_same_result() -> None:
    direct = acuerdo.find_agreement("What matters?", SAID, parts=make_parts())
    waited = asyncio.run(acuerdo.find_agreement_async("What matters?", SAID, parts=make_parts()))

    assert waited.statement == direct.statement
    assert waited.chosen == direct.chosen


LIBRARY = "Should the library open on Sundays?"
READERS = {
    "Ana": "Yes. I work all week. Sunday is the only day I can go to the library.",
    "Ben": "Only if the staff agree to it. They need a free day with their families.",
    "Cem": "No. Heating a large building for ten visitors is a waste. Buy books instead.",
}
TRIAL = Candidate(
    "We open the library on Sundays for a year and then ask again.", Provenance("person")
)


@cache
def parts_by_default() -> Parts:
    """Return the default parts, with people's own texts for drafts: no language model."""
    return build_parts(read_settings(), Recipe(drafters=("opinions",)), Unwatched())


def find_with(*ratings: Rating) -> RoundResult:
    return acuerdo.find_agreement(
        LIBRARY, READERS, written=[TRIAL.text], ratings=ratings, parts=parts_by_default()
    )


def test_a_rating_of_one_person_moves_what_is_expected_of_another() -> None:
    low, none, high = (
        find_with(*ratings)
        for ratings in (
            [Rating(PersonId("Ana"), TRIAL.id, 1.0)],
            [],
            [Rating(PersonId("Ana"), TRIAL.id, 7.0)],
        )
    )
    column = none.agreement.candidates.index(TRIAL.id)
    of_ben = [found.agreement.expected[1, column] for found in (low, none, high)]

    assert none.agreement.people[1] == "Ben"
    assert of_ben[0] < of_ben[1] - 0.05 and of_ben[1] + 0.05 < of_ben[2]
    assert (low.agreement.expected[0, column], low.agreement.spread[0, column]) == (1.0, 0.0)
    assert low.agreement.known.sum() == 1


def test_a_result_says_whether_ratings_went_into_its_predictions() -> None:
    elsewhere = Rating(PersonId("Ana"), "0123456789ab", 1.0)

    assert find_with(Rating(PersonId("Ana"), TRIAL.id, 1.0)).models["predicting"] == (
        "trained-with-ratings"
    )
    assert find_with().models["predicting"] == "trained"
    assert find_with(elsewhere).models["predicting"] == "trained"


class _WaitsUntilStopped:
    """Predicts nothing before it is asked to stop."""

    name = "waiting"

    def __init__(self) -> None:
        self.started, self.stopped = threading.Event(), threading.Event()

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        self.started.set()
        while not watch.stopped():
            self.stopped.wait(0.001)
        self.stopped.set()
        stop_if_asked(watch)
        raise AssertionError("not stopped")


def test_cancelling_the_task_stops_the_work() -> None:
    predictor = _WaitsUntilStopped()

    async def cancel_midway() -> None:
        task = asyncio.create_task(
            acuerdo.find_agreement_async(
                "What matters?", SAID, parts=make_parts(predictor=predictor)
            )
        )
        await asyncio.to_thread(predictor.started.wait, 5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel_midway())

    assert predictor.stopped.wait(5)


def test_stopping_raises_cancelled() -> None:
    class Stopped:
        def report(self, progress: object) -> None: ...

        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        acuerdo.find_agreement("What matters?", SAID, parts=make_parts(), watch=Stopped())

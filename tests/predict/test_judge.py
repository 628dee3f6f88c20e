from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.completions import Completion, Fault, Request, Usage
from acuerdo.domain.errors import Cancelled, ModelError
from acuerdo.domain.records import PersonId, SessionId
from acuerdo.llm.scripted import ScriptedModel
from acuerdo.ports import LanguageModel, Prediction, Progress, Unwatched
from acuerdo.predict import JudgePredictor
from tests.factories import TEXTS, make_candidate, make_round

CANDIDATES = [make_candidate(text) for text in TEXTS]
RNG = np.random.default_rng(0)


def judged(model: LanguageModel, **overrides: object) -> Prediction:
    return JudgePredictor(model).predict(make_round(**overrides), CANDIDATES, RNG, Unwatched())


def leaning(request: Request) -> Completion:
    return Completion("6", "stop", Usage(100, 1, 1), (0, 0, 0, 0.1, 0.2, 0.3, 0.4))


def test_agreement_is_mean_and_deviation_of_the_seven_probabilities() -> None:
    agreement = judged(ScriptedModel(leaning)).agreement
    mean = 0.1 * 4 + 0.2 * 5 + 0.3 * 6 + 0.4 * 7
    variance = 0.1 * 2**2 + 0.2 * 1**2 + 0.3 * 0**2 + 0.4 * 1**2
    assert mean == 6
    np.testing.assert_allclose(agreement.expected, np.full((3, 3), mean))
    np.testing.assert_allclose(agreement.spread, np.full((3, 3), np.sqrt(variance)))


def test_certainty_has_no_spread_and_stays_on_the_scale() -> None:
    agreement = judged(ScriptedModel(["7"])).agreement
    assert (agreement.expected == 7).all()
    assert (agreement.spread == 0).all()


def test_every_person_and_candidate_is_asked_once_with_the_candidate_last() -> None:
    model = ScriptedModel(leaning)
    prediction = judged(model, session=SessionId("s1"))
    assert len(model.seen) == 9
    assert prediction.usage.prompt_tokens == 900
    for number, request in enumerate(model.seen):
        assert request.choices == ("1", "2", "3", "4", "5", "6", "7")
        assert (request.max_tokens, request.temperature) == (1, 1.0)
        assert request.about.session == "s1"
        assert request.about.people == (("Ana", "Ben", "Chloé")[number // 3],)
        content = request.messages[-1].content
        assert TEXTS[number % 3] in content
    ana = [request.messages[-1].content for request in model.seen[:3]]
    assert ana[0].index(TEXTS[0]) == ana[1].index(TEXTS[1]), "what comes before is shared"


def test_faults_mean_cannot_say_and_are_counted_by_kind() -> None:
    def failing(request: Request) -> Completion | Fault:
        if request.about.people == (PersonId("Ben"),):
            return Fault("timeout", "No answer after 120 s.", usage=Usage(requests=1))
        if TEXTS[0] in request.messages[-1].content:
            return Completion("5", "stop")
        return leaning(request)

    prediction = judged(ScriptedModel(failing))
    silent = np.isnan(prediction.agreement.expected)
    np.testing.assert_array_equal(silent, [[1, 0, 0], [1, 1, 1], [1, 0, 0]])
    np.testing.assert_array_equal(silent, np.isnan(prediction.agreement.spread))
    counts = {problem.kind: problem.count for problem in prediction.problems}
    assert counts == {"bad_reply": 2, "timeout": 3}
    assert {problem.stage for problem in prediction.problems} == {"predict"}


@pytest.mark.parametrize(
    "probabilities",
    [(), (0.5, 0.5), (0,) * 7, (np.nan,) * 7, (-0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2)],
)
def test_unusable_probabilities_mean_cannot_say(probabilities: tuple[float, ...]) -> None:
    model = ScriptedModel(lambda _: Completion("4", "stop", probabilities=probabilities))
    prediction = judged(model)
    assert np.isnan(prediction.agreement.expected).all()
    assert prediction.problems[0].count == 9


def test_a_model_that_cannot_be_used_is_an_error_not_a_guess() -> None:
    def broken(request: Request) -> str:
        raise ModelError("out of memory")

    with pytest.raises(ModelError, match="out of memory"):
        judged(ScriptedModel(broken))


class Noting(Unwatched):
    def __init__(self, stop_after: int = 1000) -> None:
        self.seen: list[Progress] = []
        self._stop_after = stop_after

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def stopped(self) -> bool:
        return len(self.seen) > self._stop_after


def test_progress_counts_every_reply() -> None:
    watch = Noting()
    JudgePredictor(ScriptedModel(leaning)).predict(make_round(), CANDIDATES, RNG, watch)
    assert [(p.stage, p.done, p.total) for p in watch.seen] == [
        ("predict", done, 9) for done in range(10)
    ]


def test_a_stop_is_obeyed_between_replies() -> None:
    with pytest.raises(Cancelled):
        JudgePredictor(ScriptedModel(leaning)).predict(
            make_round(), CANDIDATES, RNG, Noting(stop_after=4)
        )

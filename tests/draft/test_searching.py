"""The search goes on with what serves the worst-off person, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.choose import rule_named
from acuerdo.domain.ballots import Agreement
from acuerdo.domain.completions import Completion, Fault, Request, Usage
from acuerdo.domain.errors import Cancelled, ModelError, SettingsError
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Candidate
from acuerdo.draft import Sampling, SearchDrafter
from acuerdo.guard import StandardScreen
from acuerdo.llm import OpenAIModel, ScriptedModel
from acuerdo.ports import Drafting, LanguageModel, Prediction, Unwatched, Watch
from tests.draft.drafting import Witness
from tests.factories import make_round

STARTS = (
    "We want the street closed to all cars",
    "We want shops to keep their parking",
    "We want buses, children and shops to share the street",
    "We want nothing at all to change",
)
MORE = (
    " Delivery at night stays possible for every shop",
    " Nobody else should ever drive here again",
)


FOUR = Sampling(candidates=4, orders=2, template="plain", temperature=0.7)


class SharesPredictor:
    """The worst-off person likes "share" and "Delivery"; the others like everything."""

    name = "shares"

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        self.asked.append(tuple(candidate.text for candidate in candidates))
        worst = [1.0 + ("share" in c.text) + 3 * ("Delivery" in c.text) for c in candidates]
        expected = np.array([worst, *([6.0] * len(candidates),) * (len(round_.people) - 1)])
        ids = tuple(candidate.id for candidate in candidates)
        known = np.zeros(expected.shape, dtype=np.bool_)
        return Prediction(Agreement(round_.people, ids, expected, expected * 0, known))


def writes(request: Request) -> Completion:
    """Write a first sentence, then one more, then the end; which one depends on the seed."""
    usage = Usage(10, 5, 1)
    if not request.prefix:
        return Completion(STARTS[request.seed % len(STARTS)], "stop", usage)
    if any(more in request.prefix for more in MORE):
        return Completion("", "stop", usage)
    return Completion(MORE[request.seed % len(MORE)], "stop", usage)


def search(
    model: LanguageModel,
    predictor: SharesPredictor | None = None,
    *,
    sampling: Sampling = FOUR,
    sentences: int = 10,
    watch: Watch | None = None,
) -> Drafting:
    drafter = SearchDrafter(
        model,
        predictor or SharesPredictor(),
        rule_named("leximin"),
        sampling,
        sentences=sentences,
    )
    rng = np.random.default_rng(3)
    return drafter.draft(make_round(), StandardScreen(), rng, watch or Unwatched())


def test_it_goes_on_with_what_the_worst_off_person_is_expected_to_like() -> None:
    model, predictor = ScriptedModel(writes), SharesPredictor()
    drafting = search(model, predictor)
    first = [request for request in model.seen if not request.prefix]
    assert len(first) == 4
    second = {r.prefix for r in model.seen if r.prefix and "." not in r.prefix[:-1]}
    assert f"{STARTS[2]}." in second
    assert [c.text for c in drafting.candidates] == [
        f"{STARTS[2]}.{MORE[0]}.",
        f"{STARTS[0]}.{MORE[0]}.",
    ]
    assert not drafting.problems


def test_every_continuation_keeps_its_prompt_and_gets_a_seed_of_its_own() -> None:
    model = ScriptedModel(writes)
    search(model)
    prompts = {request.prompt_hash for request in model.seen}
    assert len(prompts) == 2  # two orders of people, and no more at any step
    by_text = {(request.messages, request.prefix, request.seed) for request in model.seen}
    assert len(by_text) == len(model.seen)


def test_it_samples_no_more_sentences_than_whole_drafts_have() -> None:
    model = ScriptedModel(writes)
    drafting = search(model)
    # Two sentences and an empty one that ends: of four drafts, twelve requests.
    assert len(model.seen) <= 12
    assert drafting.usage.requests == len(model.seen)
    assert drafting.usage.completion_tokens == 5 * len(model.seen)


def test_a_mark_at_the_end_ends_a_statement() -> None:
    model = ScriptedModel(lambda request: Completion(f"{STARTS[request.seed % 4]}.", "stop"))
    drafting = search(model)
    assert len(model.seen) == 4
    assert drafting.candidates[0].text == f"{STARTS[2]}."  # the one that the worst-off prefers
    assert {candidate.text for candidate in drafting.candidates} <= {f"{s}." for s in STARTS}
    assert len(drafting.candidates) == 2


def test_a_statement_that_never_ends_is_handed_in_at_the_limit() -> None:
    def on_and_on(request: Request) -> Completion:
        return Completion(f" We want {request.seed} trees on our street", "stop")

    model = ScriptedModel(on_and_on)
    drafting = search(model, sentences=3)
    assert len(model.seen) == 12
    assert drafting.candidates
    assert all(c.text.count("trees") == 3 and c.text.endswith(".") for c in drafting.candidates)


def test_a_sentence_cut_off_goes_on_within_the_sentence() -> None:
    def halves(request: Request) -> Completion:
        if not request.prefix:
            return Completion("We want a quiet street with", "length")
        return Completion(f" {request.seed} trees for everybody.", "stop")

    texts = [candidate.text for candidate in search(ScriptedModel(halves)).candidates]
    assert texts
    assert all(text.startswith("We want a quiet street with ") for text in texts)


def test_a_beginning_that_can_never_stand_is_dropped_at_once() -> None:
    def sometimes(request: Request) -> Completion:
        if not request.prefix and request.seed % 2:
            return Completion("I think that my shop needs the street", "stop")
        return writes(request)

    model = ScriptedModel(sometimes)
    drafting = search(model)
    assert not [request for request in model.seen if request.prefix.startswith("I think")]
    assert "not_a_statement" in {draft.rejection.reason for draft in drafting.rejected}


def test_a_beginning_is_screened_without_the_wrapping_it_comes_in() -> None:
    def wrapped(request: Request) -> Completion:
        reply = writes(request)
        return reply if request.prefix else replace(reply, text=f"Here is my answer: {reply.text}")

    # "my" would be the voice of one person.
    assert [c.text for c in search(ScriptedModel(wrapped)).candidates] == [
        c.text for c in search(ScriptedModel(writes)).candidates
    ]


def test_what_had_ended_is_handed_in_when_the_model_breaks_down() -> None:
    def breaks(request: Request) -> Completion:
        if request.prefix:
            raise ModelError("the model is gone")
        ended = "." if request.seed % 2 else ""
        return Completion(f"{STARTS[request.seed % 4]}{ended}", "stop")

    drafting = search(ScriptedModel(breaks))
    assert {c.text for c in drafting.candidates} == {f"{STARTS[1]}.", f"{STARTS[3]}."}
    assert [p.kind for p in drafting.problems] == ["ModelError"]


def test_the_same_seed_finds_the_same_statements() -> None:
    assert search(ScriptedModel(writes)) == search(ScriptedModel(writes))


def test_a_server_cannot_go_on_from_a_prefix_and_the_result_says_so() -> None:
    server = OpenAIModel("http://127.0.0.1:9", "some-model", retries=0)
    reply = server.complete([Request((), seed=1, prefix="We want")], Unwatched())[0]
    assert isinstance(reply, Fault)
    assert reply.kind == "unsupported"
    model = ScriptedModel(lambda request: reply if request.prefix else writes(request))
    drafting = search(model)
    assert not drafting.candidates
    assert [p.kind for p in drafting.problems] == ["unsupported", "too_few_drafts"]
    assert "GGUF" in drafting.problems[0].detail


def test_it_stops_when_asked() -> None:
    with pytest.raises(Cancelled):
        search(ScriptedModel(writes), watch=Witness(stop_after=0))


def test_a_prompt_with_reasoning_is_refused() -> None:
    with pytest.raises(SettingsError, match="reason_first"):
        search(ScriptedModel(writes), sampling=replace(FOUR, template="reason_first"))


@pytest.mark.parametrize("wrong", [replace(FOUR, candidates=0), replace(FOUR, orders=0)])
def test_numbers_that_do_not_fit_are_refused(wrong: Sampling) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        search(ScriptedModel(writes), sampling=wrong)

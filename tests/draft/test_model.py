"""The model drafter: waves, seeds, orders, resuming."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from acuerdo.domain.completions import Completion, Fault, Reply, Request, Usage
from acuerdo.domain.errors import Cancelled, SettingsError
from acuerdo.domain.records import Critique, PersonId, SessionId
from acuerdo.draft import ModelDrafter
from acuerdo.llm import ScriptedModel
from acuerdo.ports import OnReply, Watch
from acuerdo.prompts import EXAMPLE
from tests.draft.drafting import NUMBERS, Witness, draft, good_model, model_from, statement
from tests.factories import make_candidate, make_round


def test_every_wanted_candidate_is_asked_for_at_once_with_a_seed_of_its_own() -> None:
    model = good_model()
    drafting = draft(ModelDrafter(model))
    assert len(drafting.candidates) == len(model.seen) == 16
    assert len({request.seed for request in model.seen}) == 16
    assert drafting.rejected == drafting.problems == ()


def test_opinions_stand_in_four_orders_shared_by_four_drafts_each() -> None:
    model = good_model()
    drafting = draft(ModelDrafter(model))
    prompts = [request.prompt_hash for request in model.seen]
    assert [prompts.count(prompt) for prompt in dict.fromkeys(prompts)] == [4, 4, 4, 4]
    assert len({candidate.provenance.order for candidate in drafting.candidates}) == 4
    assert prompts == [prompt for prompt in dict.fromkeys(prompts) for _ in range(4)]


def test_two_people_have_no_more_than_two_orders() -> None:
    model = good_model()
    draft(ModelDrafter(model), make_round({"Ana": "Close it.", "Ben": "Keep it open."}))
    assert len({request.prompt_hash for request in model.seen}) == 2


def test_provenance_says_how_to_make_the_draft_again() -> None:
    model = good_model()
    candidate = draft(ModelDrafter(model, candidates=1)).candidates[0]
    made = candidate.provenance
    request = model.seen[0]
    assert (made.origin, made.author, made.template) == ("model", "scripted", "direct")
    assert (made.seed, made.prompt_hash) == (request.seed, request.prompt_hash)
    assert sorted(made.order) == ["Ana", "Ben", "Chloé"]
    assert (made.attempt, made.raw) == (1, "")


def test_every_request_names_whose_texts_it_carries() -> None:
    model = good_model()
    round_ = make_round(
        session=SessionId("s1"),
        previous="We close the street.",
        critiques=(Critique(PersonId("Dora"), "Too late for me."),),
    )
    draft(ModelDrafter(model), round_)
    assert {request.about.session for request in model.seen} == {"s1"}
    assert {frozenset(request.about.people) for request in model.seen} == {
        frozenset({"Ana", "Ben", "Chloé", "Dora"})
    }


def test_stopping_raises_cancelled() -> None:
    with pytest.raises(Cancelled):
        draft(ModelDrafter(good_model()), watch=Witness(stop_after=3))


def test_progress_rises_with_every_reply_that_can_stand() -> None:
    witness = Witness()
    draft(ModelDrafter(good_model(), candidates=4), watch=witness)
    assert [(p.stage, p.done, p.total) for p in witness.seen] == [
        ("draft", done, 4) for done in (0, 1, 2, 3, 4, 4)
    ]


class BackwardsModel:
    """Answers the last request first, as servers do."""

    name = "scripted"

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]:
        replies = [Completion(statement(request.seed // 4), "stop") for request in requests]
        for index in reversed(range(len(replies))):
            if on_reply:
                on_reply(index, replies[index])
        return replies


def test_arrival_order_changes_nothing() -> None:
    forwards = ScriptedModel(
        lambda request: Completion(statement(request.seed // 4), "stop", Usage())
    )
    assert draft(ModelDrafter(BackwardsModel())) == draft(ModelDrafter(forwards))


def test_resuming_asks_only_for_what_is_missing() -> None:
    whole = draft(ModelDrafter(good_model()))
    kept = whole.candidates[:10]
    model = good_model()
    resumed = draft(ModelDrafter(model), make_round(candidates=kept))
    assert len(model.seen) == 6
    assert kept + resumed.candidates == whole.candidates


def test_drafts_of_another_run_count_too_and_a_persons_text_does_not() -> None:
    held = [make_candidate(f"We want {number} trees.", seed=n) for n, number in enumerate(NUMBERS)]
    written = make_candidate("We want to be asked.", "person")
    model = good_model()
    draft(ModelDrafter(model), make_round(candidates=(*held, written)))
    assert len(model.seen) == 6


def test_a_full_round_asks_for_nothing() -> None:
    whole = draft(ModelDrafter(good_model(), candidates=4))
    model = good_model()
    resumed = draft(ModelDrafter(model, candidates=4), make_round(candidates=whole.candidates))
    assert model.seen == resumed.candidates == resumed.problems == ()


def test_a_repeated_run_asks_for_the_same_drafts_although_others_failed_before() -> None:
    # Otherwise a re-run after faults would find nothing in the cache.
    flaky = model_from(
        lambda request: (
            Fault("timeout", "late") if len(flaky.seen) in (2, 3) else statement(request.seed)
        )
    )
    steady = good_model()
    draft(ModelDrafter(flaky, candidates=4))
    draft(ModelDrafter(steady, candidates=4))
    assert steady.seen == flaky.seen[:4]


def test_reason_first_takes_the_marked_place_and_keeps_the_whole_reply() -> None:
    reply = "They differ on cost. <statement>We want a trial of one year.</statement>"
    model = ScriptedModel([reply])
    drafting = draft(ModelDrafter(model, candidates=1, template="reason_first"))
    [candidate] = drafting.candidates
    assert candidate.text == "We want a trial of one year."
    assert candidate.provenance.raw == reply


def test_a_reason_first_reply_without_a_statement_is_empty() -> None:
    model = ScriptedModel(["They differ on cost, and I do not know what to write."])
    drafting = draft(ModelDrafter(model, candidates=1, template="reason_first"))
    assert drafting.candidates == ()
    assert {draft.rejection.reason for draft in drafting.rejected} == {"empty"}
    assert drafting.rejected[0].provenance.raw


def test_a_revision_renders_the_revision_template() -> None:
    model = good_model()
    round_ = make_round(
        previous="We close the street.",
        critiques=(Critique(PersonId("Ben"), "It forgets my shop."),),
    )
    draft(ModelDrafter(model, candidates=1), round_)
    prompt = model.seen[0].messages[-1].content
    assert "We close the street." in prompt
    assert "It forgets my shop." in prompt


def test_a_copy_of_the_example_is_rejected_where_it_was_shown() -> None:
    model = ScriptedModel([EXAMPLE])
    drafting = draft(ModelDrafter(model, candidates=1, template="by_example"))
    assert {draft.rejection.reason for draft in drafting.rejected} == {"copy_of_example"}


def test_an_unknown_template_is_named_with_its_alternatives() -> None:
    with pytest.raises(SettingsError, match="direct, reason_first, by_example"):
        ModelDrafter(good_model(), template="poem")


@pytest.mark.parametrize(("candidates", "orders", "redraws"), [(0, 4, 3), (16, 0, 3), (16, 4, 0.5)])
def test_numbers_below_one_are_refused(candidates: int, orders: int, redraws: float) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        ModelDrafter(good_model(), candidates=candidates, orders=orders, redraws=redraws)

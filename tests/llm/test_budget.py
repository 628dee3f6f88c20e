"""A ceiling holds before requests are sent, and what is left of it is used."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.domain.completions import Completion, Fault, Usage
from acuerdo.domain.errors import BudgetExceeded, Cancelled
from acuerdo.llm import Budget, BudgetedModel, CachedModel, ScriptedModel
from acuerdo.llm.budget import estimated_tokens
from acuerdo.ports import Unwatched
from tests.llm.asking import Arrivals, StopsWhen, ask, make_request, only


def using(prompt: int, completion: int) -> ScriptedModel:
    """Return a model whose every reply uses so many tokens."""
    return ScriptedModel([Completion("Yes.", "stop", Usage(prompt, completion, requests=1))])


def kinds(replies: list[Completion | Fault]) -> list[str]:
    return [reply.kind if isinstance(reply, Fault) else "ok" for reply in replies]


def test_without_ceilings_usage_is_metered_and_priced() -> None:
    model = BudgetedModel(using(1000, 200), Budget(price_prompt=2.0, price_completion=10.0))
    replies = ask(model, make_request(seed=1), make_request(seed=2))
    assert [reply.usage.cost for reply in replies] == pytest.approx([0.004, 0.004])
    assert model.spent == Usage(2000, 400, requests=2, cost=pytest.approx(0.008))


@given(
    ceiling=st.integers(60, 3000),
    prompt=st.integers(0, 11),
    completion=st.integers(0, 40),
    calls=st.lists(st.integers(1, 8), min_size=1, max_size=5),
)
def test_the_ceiling_on_tokens_is_never_passed(ceiling, prompt, completion, calls) -> None:
    assert estimated_tokens(make_request()) == 11, "a ceiling holds while prompts take no more"
    inner = using(prompt, completion)
    model = BudgetedModel(inner, Budget(max_tokens=ceiling))
    replies = []
    for call, size in enumerate(calls):
        requests = [make_request(seed=10 * call + seed, max_tokens=40) for seed in range(size)]
        replies += ask(model, *requests)
    assert model.spent.prompt_tokens + model.spent.completion_tokens <= ceiling
    assert len(inner.seen) == kinds(replies).count("ok")
    assert set(kinds(replies)) <= {"ok", "over_budget"}


def test_requests_wait_for_what_earlier_ones_did_not_use() -> None:
    # Each may take 11 + 100 tokens and takes 20: two fit at once, and nine one after the other.
    model = BudgetedModel(using(10, 10), Budget(max_tokens=280))
    replies = ask(model, *(make_request(seed=seed, max_tokens=100) for seed in range(12)))
    assert kinds(replies) == ["ok"] * 9 + ["over_budget"] * 3


def test_a_fault_names_the_ceiling_and_is_announced_once() -> None:
    model = BudgetedModel(using(10, 100), Budget(max_tokens=250))
    arrivals = Arrivals()
    requests = [make_request(seed=seed, max_tokens=100) for seed in range(3)]
    replies = model.complete(requests, Unwatched(), arrivals)
    assert kinds(list(replies)) == ["ok", "ok", "over_budget"]
    assert isinstance(replies[2], Fault)
    assert "250 tokens" in replies[2].detail
    assert arrivals.indices == [0, 1, 2]


def test_small_requests_go_where_large_ones_do_not_fit() -> None:
    model = BudgetedModel(using(10, 10), Budget(max_tokens=100))
    large, small = make_request(max_tokens=300), make_request(max_tokens=20)
    assert kinds(ask(model, large, small)) == ["over_budget", "ok"]


def test_the_ceiling_on_cost_holds() -> None:
    budget = Budget(max_cost=0.001, price_completion=2.0)
    model = BudgetedModel(using(0, 100), budget)
    replies = ask(model, *(make_request(seed=seed, max_tokens=100) for seed in range(8)))
    assert kinds(replies) == ["ok"] * 5 + ["over_budget"] * 3
    assert model.spent.cost == pytest.approx(0.001)


def test_a_ceiling_on_cost_without_prices_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="price"):
        Budget(max_cost=1.0)


def test_a_budget_too_small_for_anything_says_so() -> None:
    model = BudgetedModel(using(1, 1), Budget(max_tokens=50))
    with pytest.raises(BudgetExceeded, match="50 tokens") as caught:
        ask(model, make_request(), make_request())
    assert "331 tokens" in caught.value.fix


def test_a_budget_used_up_later_is_a_fault() -> None:
    model = BudgetedModel(using(10, 100), Budget(max_tokens=120))
    assert kinds([only(model, make_request(max_tokens=100))]) == ["ok"]
    assert kinds([only(model, make_request(max_tokens=100))]) == ["over_budget"]


def test_uncounted_completions_are_charged_by_estimate_and_faults_as_counted() -> None:
    script = [Completion("Yes, we do.", "stop"), Fault("timeout", "late")]
    model = BudgetedModel(ScriptedModel(script), Budget())
    request = make_request()
    ask(model, request, request)
    assert (model.spent.prompt_tokens, model.spent.completion_tokens) == (11, 4)
    assert estimated_tokens(request) == 11


def test_what_was_set_aside_is_free_again_after_a_stop() -> None:
    stopping = False

    def reply(request: object) -> str:
        nonlocal stopping
        stopping = True
        return "Yes."

    model = BudgetedModel(ScriptedModel(reply), Budget(max_tokens=232))
    requests = [make_request(seed=seed, max_tokens=100) for seed in range(2)]
    with pytest.raises(Cancelled):
        model.complete(requests, StopsWhen(lambda: stopping))
    assert kinds(ask(model, *requests)) == ["ok", "ok"]


def test_when_the_time_is_up_requests_under_way_are_stopped() -> None:
    now = [0.0]

    def reply(request: object) -> str:
        now[0] += 4.0
        return "Yes."

    model = BudgetedModel(ScriptedModel(reply), Budget(max_seconds=10.0), clock=lambda: now[0])
    replies = ask(model, *(make_request(seed=seed) for seed in range(5)))
    assert kinds(replies) == ["ok"] * 3 + ["over_budget"] * 2
    assert kinds([only(model)]) == ["over_budget"]


def test_the_clock_starts_with_the_first_request() -> None:
    now = [0.0]
    model = BudgetedModel(using(1, 1), Budget(max_seconds=10.0), clock=lambda: now[0])
    now[0] = 100.0
    assert kinds([only(model)]) == ["ok"]


def test_cached_replies_do_not_count(tmp_path) -> None:
    budgeted = BudgetedModel(using(10, 10), Budget(max_tokens=340))
    cached = CachedModel(budgeted, tmp_path)
    for _ in range(5):
        assert isinstance(only(cached), Completion)
    assert budgeted.spent.requests == 1

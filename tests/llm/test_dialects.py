"""What is sent, and how it changes for servers that take less than OpenAI's."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from acuerdo.domain.completions import Completion, Fault, Message, Request
from tests.llm.asking import ask, make_request, model_at, only
from tests.llm.fault_server import FakeServer, rejects


def test_a_request_is_sent_whole() -> None:
    request = Request(
        (Message("system", "Be brief."), Message("user", "Grüße \udc80")),
        seed=2**40 + 5,
        max_tokens=64,
        temperature=0.3,
        top_p=0.9,
        stop=("\n\n",),
    )
    with FakeServer() as server:
        ask(model_at(server.url), request)
    assert server.seen == [
        {
            "model": "fake",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Grüße \udc80"},
            ],
            "seed": 5,
            "max_tokens": 64,
            "temperature": 0.3,
            "top_p": 0.9,
            "stop": ["\n\n"],
        }
    ]


@pytest.mark.parametrize("field", ["seed", "temperature", "top_p", "stop"])
def test_a_rejected_field_is_left_out_from_then_on_and_noted(field: str) -> None:
    request = make_request(top_p=0.9, stop=(" should",))
    with FakeServer(rejects=rejects(field)) as server:
        model = model_at(server.url, retries=0)
        first, second = only(model, request), only(model, request)
    assert isinstance(first, Completion)
    assert isinstance(second, Completion)
    assert " should" not in first.text + second.text
    assert [field in payload for payload in server.seen] == [True, False, False]
    assert [field in note for note in model.notes] == [True]


@pytest.mark.parametrize(
    "message",
    [
        "Unsupported value: 'seed' does not support 5",
        'Invalid JSON payload received. Unknown name "seed": Cannot find field.',
        "Unsupported parameter: seed",
        "[{'type': 'extra_forbidden', 'loc': ('body', 'seed')}]",
        {"param": "seed", "message": "No."},
    ],
)
def test_servers_name_a_field_in_many_ways(message: object) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "seed" in json.loads(request.content):
            return httpx.Response(400, json={"error": message})
        return httpx.Response(200, json={"choices": [{"message": {"content": "Yes."}}]})

    model = model_at("http://x", transport=httpx.MockTransport(answer))
    assert isinstance(only(model), Completion)


def test_newer_models_get_their_own_limit() -> None:
    with FakeServer(rejects=rejects("max_tokens")) as server:
        reply = only(model_at(server.url))
    assert isinstance(reply, Completion)
    assert server.seen[-1]["max_completion_tokens"] == 320


def test_several_rejected_fields_are_found_one_by_one() -> None:
    with FakeServer(rejects=rejects("temperature", "max_tokens", "seed")) as server:
        model = model_at(server.url)
        assert isinstance(only(model), Completion)
    assert len(server.seen) == 4
    assert len(model.notes) == 3


def test_a_server_that_rejects_everything_is_left_alone_in_the_end() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(422, text=f"'input': {request.content.decode()}")

    calls: list[httpx.Request] = []
    model = model_at("http://x", transport=httpx.MockTransport(answer))
    reply = only(model, make_request("The 'stop' sign and the 'seed' bank", schema="{}"))
    assert isinstance(reply, Fault)
    assert len(calls) < 10
    assert model.notes == ()


SCHEMA = json.dumps({"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]})


def test_a_schema_is_enforced_by_servers_that_can() -> None:
    with FakeServer(answer=lambda payload: '{"a": 1}') as server:
        reply = only(model_at(server.url), make_request(schema=SCHEMA))
    assert isinstance(reply, Completion)
    assert reply.text == '{"a": 1}'
    sent = server.seen[0]["response_format"]["json_schema"]
    assert (sent["schema"], sent["strict"]) == (json.loads(SCHEMA), False)


def answers_json_if_told(payload: dict[str, Any]) -> str:
    told = '"required": ["a"]' in payload["messages"][-1]["content"]
    return 'Here:\n```json\n{"a": 3}\n```' if told else "Of course."


@pytest.mark.parametrize("check", [rejects("response_format"), rejects()])
def test_servers_that_reject_or_ignore_schemas_are_asked_in_words(check) -> None:
    with FakeServer(rejects=check, answer=answers_json_if_told) as server:
        model = model_at(server.url, retries=0)
        replies = [only(model, make_request(schema=SCHEMA, seed=seed)) for seed in (1, 2)]
    assert [reply.text for reply in replies if isinstance(reply, Completion)] == ['{"a": 3}'] * 2
    assert len(server.seen) == 3
    assert any("schema" in note for note in model.notes)


@pytest.mark.parametrize("text", ['{"a": "one"}', '{"b": 1}', "{}", "No."])
def test_a_reply_of_the_wrong_form_is_a_fault(text: str) -> None:
    with FakeServer(answer=lambda payload: text) as server:
        model = model_at(server.url)
        reply = only(model, make_request(schema=SCHEMA))
    assert isinstance(reply, Fault)
    assert reply.kind == "bad_reply"
    assert model.notes == ()


DIGITS = tuple("1234567")
RISING = tuple(number / 28 for number in range(1, 8))


def test_probabilities_of_choices_are_read_and_sum_to_one() -> None:
    with FakeServer(choice_mass=0.6) as server:
        reply = only(model_at(server.url), make_request(choices=DIGITS))
    assert isinstance(reply, Completion)
    assert reply.probabilities == pytest.approx(RISING)
    assert reply.text == "7"
    assert server.seen[0]["max_tokens"] == 1
    assert server.seen[0]["temperature"] == 1.0


def test_choices_the_server_does_not_list_get_nothing() -> None:
    with FakeServer() as server:
        reply = only(model_at(server.url), make_request(choices=("7", "6", "no")))
    assert isinstance(reply, Fault)
    with FakeServer(choice_mass=1.0) as server:
        reply = only(model_at(server.url), make_request(choices=("7", "6", "5", "no")))
    assert isinstance(reply, Completion)
    assert reply.probabilities == pytest.approx((7 / 18, 6 / 18, 5 / 18, 0.0))


def test_a_model_that_would_say_something_else_is_nudged_from_then_on() -> None:
    with FakeServer(choice_mass=0.2) as server:
        model = model_at(server.url)
        replies = [only(model, make_request(choices=DIGITS, seed=seed)) for seed in (1, 2)]
    assert all(isinstance(reply, Completion) for reply in replies)
    assert ["logit_bias" in payload for payload in server.seen] == [False, True, True]


def test_where_nudging_is_rejected_or_useless_choices_are_unsupported() -> None:
    with FakeServer(choice_mass=0.2, rejects=rejects("logit_bias")) as server:
        model = model_at(server.url)
        reply = only(model, make_request(choices=DIGITS))
    assert isinstance(reply, Fault)
    assert reply.kind == "unsupported"
    assert "%" in reply.detail
    assert model.notes == ()


def test_a_server_that_lists_five_tokens_is_taken_at_its_word() -> None:
    with FakeServer(
        rejects=lambda payload: "top_logprobs" if payload.get("top_logprobs", 0) > 5 else None
    ) as server:
        reply = only(model_at(server.url), make_request(choices=DIGITS))
    assert isinstance(reply, Completion)
    assert server.seen[-1]["top_logprobs"] == 5


@pytest.mark.parametrize("silent", [True, False])
def test_without_token_probabilities_choices_are_asked_once_and_unsupported(silent) -> None:
    calls = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if silent:
            return httpx.Response(200, json={"choices": [{"message": {"content": "4"}}]})
        error = {"error": {"message": "logprobs is not supported by this model"}}
        return httpx.Response(400, json=error)

    model = model_at("http://x", transport=httpx.MockTransport(answer))
    replies = [only(model, make_request(choices=DIGITS, seed=seed)) for seed in (1, 2)]
    assert [reply.kind for reply in replies if isinstance(reply, Fault)] == ["unsupported"] * 2
    assert len(calls) == 1
    assert "probabilities" in model.notes[0]

"""Servers that cannot be used: the error says what to set, and never tells key or texts."""

from __future__ import annotations

import json
import ssl
from typing import Any

import httpx
import pytest

from acuerdo.domain.completions import Completion, Fault
from acuerdo.domain.errors import ModelError, SettingsError
from acuerdo.llm import OpenAIModel
from tests.llm.asking import ask, make_request, model_at, only
from tests.llm.fault_server import FakeServer

KEY = "sk-very-secret-42"
OPINION = "I, Zora Quill, want the quarry shut."


@pytest.mark.parametrize(
    ("status", "key", "says"),
    [
        (401, "", "wants an API key"),
        (401, KEY, "did not accept the API key"),
        (403, KEY, "does not let this key use"),
        (404, KEY, "knows no model 'fake'"),
        (308, KEY, "another address"),
    ],
)
def test_a_server_that_turns_everything_down_is_an_error_that_helps(status, key, says) -> None:
    with FakeServer(status=status) as server:
        model = OpenAIModel(server.url, "fake", key)
        with pytest.raises(ModelError, match=says) as caught:
            ask(model, make_request(seed=1), make_request(seed=2))
    assert f"{server.url}/v1" in str(caught.value)
    assert "OPENAI_" in caught.value.fix
    assert KEY not in str(caught.value)
    assert len(server.seen) == 2


def test_one_request_turned_down_is_only_a_fault() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if json.loads(request.content)["seed"] == 2:
            return httpx.Response(403, json={"error": {"code": "moderation_blocked"}})
        return httpx.Response(200, json={"choices": [{"message": {"content": "Yes."}}]})

    model = model_at("http://x", transport=httpx.MockTransport(answer))
    first, second = ask(model, make_request(seed=1), make_request(seed=2))
    assert isinstance(first, Completion)
    assert isinstance(second, Fault)
    assert second.kind == "refused"


def test_a_missing_server_is_an_error_that_helps() -> None:
    with FakeServer() as server:
        url = server.url
    with pytest.raises(ModelError, match="no server can be reached") as caught:
        ask(model_at(url))
    assert "OPENAI_BASE_URL" in caught.value.fix


def test_a_server_that_goes_away_later_is_a_fault() -> None:
    with FakeServer() as server:
        model = model_at(server.url)
        ask(model)
    reply = only(model)
    assert isinstance(reply, Fault)
    assert reply.kind == "connection"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://h:1", "http://h:1/v1"),
        ("http://h:1/", "http://h:1/v1"),
        ("http://h:1/v1/", "http://h:1/v1"),
        (" https://h/api/v1 ", "https://h/api/v1"),
        ("https://h/proxy", "https://h/proxy/v1"),
        ("https://h/v1beta/openai/", "https://h/v1beta/openai"),
        ("https://h/v1/chat/completions", "https://h/v1"),
        ("http://[::1]:8080", "http://[::1]:8080/v1"),
    ],
)
def test_the_address_is_made_whole(given: str, used: str) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json={"choices": [{"message": {"content": "Yes."}}]})

    ask(model_at(given, transport=httpx.MockTransport(answer)))
    assert seen == [f"{used}/chat/completions"]


@pytest.mark.parametrize(
    "address", ["", "localhost:8080", "ftp://h", "http://", "http://u:pw@h", "http://h\x00"]
)
def test_an_address_that_is_none_says_which_variable_to_set(address: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_") as caught:
        OpenAIModel(address, "fake")
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk-\n42", "sk-é", "sk-\x0042"])
def test_a_key_no_header_can_hold_is_turned_down_unseen(key: str) -> None:
    with pytest.raises(SettingsError, match="OPENAI_API_KEY") as caught:
        OpenAIModel("http://h", "fake", key)
    assert "42" not in str(caught.value)


def test_the_key_is_sent_and_only_if_there_is_one() -> None:
    with FakeServer() as server:
        ask(OpenAIModel(server.url, "fake", f" {KEY}\n"))
        ask(OpenAIModel(server.url, "fake"))
    assert [headers.get("Authorization") for headers in server.headers] == [f"Bearer {KEY}", None]


@pytest.mark.parametrize("status", [300, 400, 401, 403, 404, 413, 422, 429, 500, 501])
def test_no_error_tells_the_key_or_what_people_wrote(status: int) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        echoed = {"message": f"{KEY} {OPINION}", "code": KEY, "type": OPINION, "param": OPINION}
        return httpx.Response(status, json={"error": echoed})

    model = OpenAIModel("http://x", "fake", KEY, retries=0, transport=httpx.MockTransport(answer))
    try:
        said = repr(only(model, make_request(OPINION)))
    except ModelError as error:
        said = str(error)
    assert str(status) in said or "longer" in said or "API key" in said
    assert KEY not in said
    assert "Zora" not in said


def test_the_only_model_of_a_server_is_taken() -> None:
    with FakeServer(models=("one",)) as server:
        model = OpenAIModel(server.url)
        ask(model)
    assert model.name == server.seen[0]["model"] == "one"


def test_a_path_is_no_name_to_show() -> None:
    with FakeServer(models=("/home/ana/models/tiny.gguf",)) as server:
        model = OpenAIModel(server.url)
        ask(model)
        assert model.name == "tiny.gguf"
    assert server.seen[0]["model"] == "/home/ana/models/tiny.gguf"


@pytest.mark.parametrize("models", [(), ("one", "two")])
def test_without_exactly_one_model_a_name_is_asked_for(models: tuple[str, ...]) -> None:
    named = pytest.raises(ModelError, match="Name the model")
    with FakeServer(models=models) as server, named as caught:
        ask(OpenAIModel(server.url))
    assert all(name in str(caught.value) for name in models)


def test_looking_for_the_model_names_a_wrong_key_too() -> None:
    with FakeServer(key=KEY) as server, pytest.raises(ModelError, match="did not accept"):
        ask(OpenAIModel(server.url, api_key="wrong"))


def test_certificates_and_their_names_are_checked(monkeypatch) -> None:
    trusted: list[ssl.SSLContext] = []
    client = httpx.AsyncClient

    def watched(**options: Any) -> httpx.AsyncClient:
        trusted.append(options["verify"])
        return client(**options)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"choices": [{"message": {"content": "Yes."}}]})

    monkeypatch.setattr(httpx, "AsyncClient", watched)
    only(OpenAIModel("https://h", "fake", transport=httpx.MockTransport(answer)))
    assert trusted[0].verify_mode is ssl.CERT_REQUIRED
    assert trusted[0].check_hostname

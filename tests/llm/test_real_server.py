"""A real llama.cpp server, started here over loopback, understands what we send it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import xllamacpp

from acuerdo.domain.completions import Completion, Fault
from acuerdo.domain.errors import Cancelled, ModelError
from acuerdo.llm import OpenAIModel
from acuerdo.settings import read_settings
from tests.llm.asking import StopsWhen, ask, make_request, only

pytestmark = pytest.mark.model

KEY = "loopback"
DIGITS = tuple("1234567")
RATING = "How much do you agree that cars are bad? Answer with one digit from 1 to 7."


@dataclass(frozen=True)
class RealServer:
    url: str
    process: xllamacpp.Server


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    found = sorted(Path(read_settings().weights_dir).rglob("*.gguf"))
    if not found:
        pytest.skip("the default weights are not here: run `make weights`")
    options = xllamacpp.CommonParams()
    options.model.path = str(found[0])
    options.n_ctx, options.n_parallel = 4 * 1024, 4
    options.cpuparams.n_threads = options.cpuparams_batch.n_threads = 1
    options.api_keys = [KEY]
    options.verbosity = 0
    process = xllamacpp.Server(options)
    yield RealServer(process.listening_address, process)


@pytest.fixture
def model(server: RealServer) -> OpenAIModel:
    return OpenAIModel(server.url, api_key=KEY)


def test_chat_with_seeds(model: OpenAIModel) -> None:
    requests = [
        make_request("Name a colour you like and say why.", seed=seed, max_tokens=6)
        for seed in (1, 2, 3, 4)
    ]
    replies = ask(model, *requests)
    texts = [reply.text for reply in replies if isinstance(reply, Completion)]
    assert len(texts) == 4
    assert len(set(texts)) > 1
    assert all(0 < reply.usage.completion_tokens <= 6 for reply in replies)
    assert only(model, requests[0]) == only(model, requests[0])


def test_choices_get_the_models_own_proportions(model: OpenAIModel) -> None:
    replies = ask(model, *(make_request(RATING, seed=seed, choices=DIGITS) for seed in range(4)))
    first = replies[0]
    assert isinstance(first, Completion)
    assert sum(first.probabilities) == pytest.approx(1.0)
    assert min(first.probabilities) > 0
    for reply in replies[1:]:
        assert isinstance(reply, Completion)
        assert reply.probabilities == pytest.approx(first.probabilities, abs=0.02)


def test_schema(model: OpenAIModel) -> None:
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer"}},
        "required": ["colour", "count"],
        "additionalProperties": False,
    }
    request = make_request("A colour and a count.", schema=json.dumps(schema), max_tokens=60)
    reply = only(model, request)
    assert isinstance(reply, Completion)
    assert json.loads(reply.text)["colour"] in {"red", "blue"}
    assert model.notes == ()


def test_a_prompt_that_does_not_fit_is_named(model: OpenAIModel) -> None:
    reply = only(model, make_request("word " * 3000))
    assert isinstance(reply, Fault)
    assert reply.kind == "too_long"


def test_a_wrong_key_is_named(server: RealServer) -> None:
    with pytest.raises(ModelError, match="did not accept the API key"):
        ask(OpenAIModel(server.url, api_key="wrong"))


def test_a_long_reply_can_be_stopped(model: OpenAIModel) -> None:
    started = time.monotonic()
    watch = StopsWhen(lambda: time.monotonic() - started > 0.3)
    with pytest.raises(Cancelled):
        model.complete([make_request("Tell a very long story.", max_tokens=900)], watch)
    assert time.monotonic() - started < 1.3

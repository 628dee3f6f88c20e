"""The default weights on the real engine: what no scripted one can prove."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from acuerdo.domain.completions import Completion, Fault, Message, Reply, Request
from acuerdo.domain.errors import Cancelled, WeightsError
from acuerdo.llm import WEIGHTS, EmbeddedModel
from acuerdo.llm.engine import EngineOptions, start
from acuerdo.ports import Unwatched
from acuerdo.recipes import DEFAULT_WEIGHTS
from acuerdo.settings import read_settings
from tests.llm.asking import Arrivals, StopsWhen, ask
from tests.llm.ggufs import gguf

pytestmark = pytest.mark.model

QUESTION = (
    Message("system", "You help people agree."),
    Message("user", "Should the town centre be free of cars? Answer in one sentence."),
)


def draws(*seeds: int, **options: Any) -> list[Request]:
    return [Request(QUESTION, seed=seed, **{"max_tokens": 16, **options}) for seed in seeds]


def texts(replies: list[Reply]) -> list[str]:
    assert all(isinstance(reply, Completion) for reply in replies), replies
    return [reply.text for reply in replies if isinstance(reply, Completion)]


def test_every_seed_draws_its_own_text_and_the_same_seed_the_same(
    embedded_model: EmbeddedModel,
) -> None:
    first = texts(ask(embedded_model, *draws(1, 2, 3, 4)))
    assert len(set(first)) == 4
    assert texts(ask(embedded_model, *draws(1, 2, 3, 4))) == first


def test_sixteen_at_once_each_get_their_own_answer(embedded_model: EmbeddedModel) -> None:
    arrivals = Arrivals()
    requests = [
        replace(request, messages=(Message("user", f"Say hello to person {order}."),))
        for order in range(4)
        for request in draws(*range(order * 4, order * 4 + 4), max_tokens=8)
    ]
    replies = embedded_model.complete(requests, Unwatched(), arrivals)
    assert arrivals.indices == list(range(16))
    assert len(set(texts(list(replies)))) > 8
    for reply in replies:
        assert isinstance(reply, Completion)
        assert 1 <= reply.usage.completion_tokens <= 8
        assert reply.usage.prompt_tokens > 8


def test_temperature_stop_and_length_are_obeyed(embedded_model: EmbeddedModel) -> None:
    cold = texts(ask(embedded_model, *draws(1, 50, temperature=0.0, max_tokens=24)))
    assert cold[0] == cold[1]
    letter = cold[0][5]
    (stopped,) = ask(embedded_model, *draws(1, temperature=0.0, stop=(letter,)))
    assert isinstance(stopped, Completion)
    assert stopped.text == cold[0].split(letter)[0]
    assert stopped.finish == "stop"
    short = ask(embedded_model, *draws(1, 2, 3, 4, max_tokens=3))
    assert all(reply.usage.completion_tokens <= 3 for reply in short)
    cut_off = [
        reply for reply in short if isinstance(reply, Completion) and reply.finish == "length"
    ]
    assert cut_off
    assert {reply.usage.completion_tokens for reply in cut_off} == {3}


RATING = Request(
    (Message("user", "Buses are useful. How much do you agree, from 1 to 7? Answer by a number."),),
    seed=1,
    choices=tuple("1234567"),
)


def unconstrained(model: EmbeddedModel, prompt: str) -> dict[str, float]:
    """Return the probability of every token that the engine itself gives after a prompt."""
    heard: list[dict[str, Any]] = []
    assert model._running is not None
    body = {"prompt": prompt, "max_tokens": 1, "temperature": 1.0, "logprobs": 49_152}
    model._running.engine.stream(body, lambda chunk: heard.append(dict(chunk)) or False)
    content = next(
        chunk["choices"][0]["logprobs"]["content"]
        for chunk in heard
        if chunk["choices"] and chunk["choices"][0]["logprobs"]
    )
    return {item["token"]: math.exp(item["logprob"]) for item in content[0]["top_logprobs"]}


def test_probabilities_of_choices_are_the_models_own_renormalised(
    embedded_model: EmbeddedModel,
) -> None:
    (reply,) = ask(embedded_model, RATING)
    assert isinstance(reply, Completion)
    prompt = f"<|im_start|>user\n{RATING.messages[0].content}<|im_end|>\n<|im_start|>assistant\n"
    everything = unconstrained(embedded_model, prompt)
    chosen = [everything[choice] for choice in RATING.choices]
    # Most of the probability lies elsewhere, so it takes more than reading the top off.
    assert sum(chosen) < 0.9
    assert sum(reply.probabilities) == pytest.approx(1)
    assert reply.probabilities == pytest.approx([p / sum(chosen) for p in chosen], abs=2e-3)
    assert reply.text in RATING.choices


def test_probabilities_do_not_depend_on_what_is_drawn(embedded_model: EmbeddedModel) -> None:
    replies = ask(embedded_model, *(replace(RATING, seed=seed) for seed in (1, 20, 300)))
    found = [reply.probabilities for reply in replies if isinstance(reply, Completion)]
    assert found[1] == pytest.approx(found[0], abs=5e-3)
    assert found[2] == pytest.approx(found[0], abs=5e-3)


def test_a_schema_shapes_the_answer(embedded_model: EmbeddedModel) -> None:
    schema = {
        "type": "object",
        "properties": {"agree": {"type": "boolean"}},
        "required": ["agree"],
        "additionalProperties": False,
    }
    (reply,) = ask(embedded_model, *draws(1, schema=json.dumps(schema), max_tokens=40))
    assert isinstance(reply, Completion)
    assert isinstance(json.loads(reply.text)["agree"], bool)


def test_a_text_cannot_leave_its_place(embedded_model: EmbeddedModel) -> None:
    def length(text: str) -> int:
        (reply,) = ask(embedded_model, Request((Message("user", text),), 1, max_tokens=1))
        assert isinstance(reply, Completion)
        return reply.usage.prompt_tokens

    # As a control token the mark is one token; broken up it is several ordinary ones.
    assert length("Hello <|im_end|>") - length("Hello") > 3


def test_a_prompt_that_no_context_holds_is_a_fault_and_the_others_are_answered(
    embedded_model: EmbeddedModel,
) -> None:
    endless = Request((Message("user", "word " * 30_000),), seed=1)
    replies = ask(embedded_model, endless, *draws(1, max_tokens=4))
    assert isinstance(replies[0], Fault)
    assert replies[0].kind == "too_long"
    assert "30,0" in replies[0].detail
    assert isinstance(replies[1], Completion)


def test_a_stop_is_quick_and_leaves_the_model_usable(embedded_model: EmbeddedModel) -> None:
    ask(embedded_model, *draws(1, max_tokens=1))
    before = threading.active_count()
    arrived = threading.Event()
    long = draws(*range(0, 16, 2), max_tokens=800, temperature=1.5)
    short = draws(1, max_tokens=1)
    with pytest.raises(Cancelled):
        embedded_model.complete(
            [*long, *short], StopsWhen(arrived.is_set), lambda index, reply: arrived.set()
        )
    assert threading.active_count() == before
    assert texts(ask(embedded_model, *draws(1, max_tokens=4)))


def test_nobody_else_on_this_machine_can_use_the_engine(embedded_model: EmbeddedModel) -> None:
    ask(embedded_model, *draws(1, max_tokens=1))
    assert embedded_model._running is not None
    address = embedded_model._running.engine._server.listening_address
    body = {"prompt": "Hi", "max_tokens": 1}
    for path in ("/completion", "/v1/chat/completions", "/props", "/slots", "/tokenize"):
        reply = httpx.post(address + path, json=body, headers={"Origin": "http://evil.example"})
        assert reply.status_code == 401, path
        assert not reply.headers.get("access-control-allow-origin")
    assert httpx.get(address).status_code == 404


def test_what_llama_cpp_cannot_load_is_told_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(gguf())
    with pytest.raises(WeightsError, match="cannot load"):
        start(EngineOptions(path, slots=1, context=256))


def test_the_engine_says_nothing_and_lets_the_process_end() -> None:
    script = (
        "import sys; from pathlib import Path; from acuerdo.llm import EmbeddedModel\n"
        "from acuerdo.domain.completions import Message, Request\n"
        "from acuerdo.ports import Unwatched\n"
        "model = EmbeddedModel(Path(sys.argv[1]), parallel=1)\n"
        "request = Request((Message('user', 'Hi'),), seed=1, max_tokens=2)\n"
        "model.complete([request], Unwatched())\n"
    )
    weights = WEIGHTS[DEFAULT_WEIGHTS].path_in(read_settings().weights_dir)
    done = subprocess.run(
        [sys.executable, "-c", script, weights], capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

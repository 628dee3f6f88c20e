"""What the embedded model asks of its engine, and what it makes of the answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.completions import Completion, Fault, Message, Request
from acuerdo.domain.errors import SettingsError
from acuerdo.llm.embedded import EmbeddedModel
from acuerdo.llm.engine import Body
from tests.llm.adapter_files import BASE, LAYERS, adapter_file
from tests.llm.asking import ask, make_request, only
from tests.llm.engines import Starter, embedded, last, piece, trouble, whole
from tests.llm.ggufs import CHATML, gguf


def says(*chunks: dict[str, Any]) -> Starter:
    return Starter(lambda options: lambda body: chunks)


def test_replies_come_in_the_order_of_requests_each_with_its_own_seed(tmp_path: Path) -> None:
    requests = [make_request(text, seed) for text, seed in (("a", 5), ("b", 9), ("a", 6), ("a", 8))]
    replies = ask(embedded(tmp_path, Starter()), *requests)
    assert [reply.text for reply in replies if isinstance(reply, Completion)] == [
        "seed 5",
        "seed 9",
        "seed 6",
        "seed 8",
    ]


def test_draws_of_one_prompt_travel_as_one(tmp_path: Path) -> None:
    starter = Starter()
    ask(embedded(tmp_path, starter), *(make_request(seed=seed) for seed in range(4)))
    assert [(body["n"], body["seed"]) for body in starter.bodies] == [(4, 0)]


def test_a_request_in_the_engines_terms(tmp_path: Path) -> None:
    starter = Starter()
    request = make_request("Hi", 3, max_tokens=7, temperature=0.5, top_p=0.9, stop=("\n",))
    only(embedded(tmp_path, starter), request)
    (body,) = starter.bodies
    assert body["prompt"] == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert body["samplers"] == ["dry", "temperature", "top_p"]
    wanted = {"seed": 3, "max_tokens": 7, "temperature": 0.5, "top_p": 0.9, "stop": ["\n"]}
    assert {key: body[key] for key in wanted} == wanted


def test_pieces_become_one_text_with_its_usage(tmp_path: Path) -> None:
    starter = says(piece(""), piece("We "), piece("agree."), last(prompt=20, written=3))
    reply = only(embedded(tmp_path, starter))
    assert isinstance(reply, Completion)
    assert (reply.text, reply.finish) == ("We agree.", "stop")
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens) == (20, 3)
    assert reply.usage.requests == 1


def test_an_answer_that_reached_its_length_says_so(tmp_path: Path) -> None:
    starter = says(piece("We"), last(finish="length", written=5))
    reply = only(embedded(tmp_path, starter), make_request(max_tokens=5))
    assert isinstance(reply, Completion)
    assert reply.finish == "length"


CHOOSE = Request((Message("user", "1 or 2?"),), seed=1, choices=("1", "2"))


def test_choices_ask_for_one_token_among_these_and_nothing_that_bends_their_shares(
    tmp_path: Path,
) -> None:
    starter = says(piece("2"), last())
    only(embedded(tmp_path, starter), CHOOSE)
    (body,) = starter.bodies
    assert body["logit_bias"] == [[3, 100.0], [4, 100.0]]
    assert (body["max_tokens"], body["temperature"], body["samplers"]) == (1, 1.0, ["temperature"])
    assert (body["logprobs"], body["post_sampling_probs"]) == (2, True)


def test_choices_bring_probabilities_in_their_order_that_sum_to_one(tmp_path: Path) -> None:
    top = [{"id": 4, "prob": 0.6}, {"id": 3, "prob": 0.2}]
    starter = says(piece("2", logprobs={"content": [{"id": 4, "top_probs": top}]}), last(written=1))
    reply = only(embedded(tmp_path, starter), CHOOSE)
    assert isinstance(reply, Completion)
    assert reply.probabilities == pytest.approx((0.25, 0.75))
    assert reply.finish == "stop"


def test_no_probabilities_are_not_made_up(tmp_path: Path) -> None:
    reply = only(embedded(tmp_path, says(piece("2"), last())), CHOOSE)
    assert isinstance(reply, Fault)
    assert reply.kind == "bad_reply"


def test_a_choice_that_is_not_one_token_is_not_supported_and_not_asked(tmp_path: Path) -> None:
    starter = Starter()
    wide = make_request(choices=("1", "2 or so"))
    replies = ask(embedded(tmp_path, starter), wide, make_request(choices=(" yes", "1"), seed=2))
    assert isinstance(replies[0], Fault)
    assert replies[0].kind == "unsupported"
    assert "'2 or so'" in replies[0].detail
    assert [body["logit_bias"] for body in starter.bodies] == [[[5, 100.0], [3, 100.0]]]


SCHEMA = json.dumps({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})


@pytest.mark.parametrize(("text", "kind"), [('{"a": "b"}', "stop"), ('{"b": 1}', "bad_reply")])
def test_an_answer_has_the_shape_that_was_asked_for(tmp_path: Path, text: str, kind: str) -> None:
    starter = says(piece(text), last())
    reply = only(embedded(tmp_path, starter), make_request(schema=SCHEMA))
    assert starter.bodies[0]["json_schema"] == json.loads(SCHEMA)
    assert (reply.kind if isinstance(reply, Fault) else reply.finish) == kind


@pytest.mark.parametrize(
    ("chunks", "kind"),
    [
        ([trouble("invalid_request_error", "bad grammar")], "bad_reply"),
        ([trouble("server_error", "out of memory")], "server_error"),
        ([{"choices": "nonsense"}], "bad_reply"),
        ([piece("We")], "bad_reply"),
        ([], "bad_reply"),
    ],
)
def test_a_failing_request_is_a_fault_with_words_for_a_person(
    tmp_path: Path, chunks: list[dict[str, Any]], kind: str
) -> None:
    reply = only(embedded(tmp_path, says(*chunks)))
    assert isinstance(reply, Fault)
    assert reply.kind == kind
    assert reply.detail.endswith((".", "grammar", "memory"))


def test_one_failing_request_does_not_fail_the_others(tmp_path: Path) -> None:
    def script(body: Body) -> list[dict[str, Any]]:
        return [trouble("server_error")] if "bad" in str(body["prompt"]) else whole(body)

    replies = ask(
        embedded(tmp_path, Starter(lambda options: script)), make_request("bad"), make_request()
    )
    assert [type(reply) for reply in replies] == [Fault, Completion]


def test_the_name_changes_with_whatever_changes_the_answers(tmp_path: Path) -> None:
    first, other = tmp_path / "m.gguf", tmp_path / "other" / "m.gguf"
    other.parent.mkdir()
    first.write_bytes(gguf(BASE, LAYERS))
    other.write_bytes(gguf({**BASE, "llama.context_length": 2048}))
    adapter = adapter_file(tmp_path / "fair.gguf")
    names = {
        EmbeddedModel(first).name,
        EmbeddedModel(other).name,
        EmbeddedModel(first, template="plain").name,
        EmbeddedModel(first, lora=adapter).name,
    }
    assert len(names) == 4
    assert EmbeddedModel(first).name == EmbeddedModel(first).name
    assert all(name.startswith(("m@", "m+fair@")) for name in names)
    assert EmbeddedModel(first, name="mine").name == "mine"


def test_a_model_without_a_known_template_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf({**CHATML, "tokenizer.ggml.tokens": ("a", "b")}))
    with pytest.raises(SettingsError, match="not recognised"):
        EmbeddedModel(path)
    assert EmbeddedModel(path, template="plain").name

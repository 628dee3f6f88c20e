"""Everything that can be wrong with a server's answer: in what it says, and on the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final, Literal, get_args

import numpy as np

Fault = Literal[
    "none",
    "time_out",
    "never_answers",
    "slow_drip",
    "rate_limited",
    "rate_limited_for_a_moment",
    "rate_limited_for_long",
    "server_error",
    "reset",
    "reset_midway",
    "no_choices",
    "empty_text",
    "null_text",
    "wrong_types",
    "broken_json",
    "deep_json",
    "error_page",
    "cut_off",
    "cut_off_midway",
    "wrong_language",
    "refusal",
    "refusal_in_words",
    "filtered",
    "duplicates",
    "placeholder",
    "huge",
    "huge_unannounced",
]
FAULTS: Final[tuple[Fault, ...]] = tuple(fault for fault in get_args(Fault) if fault != "none")
Payload = dict[str, Any]
Handler = Any
"""The request handler of `fault_server`: `send_bytes`, `hang_up`, `reset`, `wfile`, `fake`."""

_HUGE: Final = 10 * 1024 * 1024
_TOP_TOKENS: Final = tuple("1234567")

_WHO: Final = ("The council", "Our town", "The neighbourhood", "Everyone here", "This group")
_WHAT: Final = (
    "should close the main street to cars on Sundays",
    "could keep the bus lane open and slow down all other traffic",
    "would gain from more trees, benches and safe crossings",
    "can try a car-free weekend once a month and count the visitors",
    "needs parking behind the shops before anything else is closed",
    "ought to widen the pavements step by step",
    "may let deliveries in before ten in the morning",
)
_AND: Final = (
    "and ask the people who live there after a year",
    "so that children can play outside and shops can still be reached",
    "while those who depend on their cars keep a way in",
    "and publish what it costs",
    "provided that buses and ambulances get through",
)


def statement(payload: Payload) -> str:
    """Return a healthy English statement that depends on the seed and the prompt alone."""
    prompt = json.dumps(payload["messages"]).encode()
    rng = np.random.default_rng([payload.get("seed", 0), *prompt[-64:]])
    parts = (str(rng.choice(_WHO)), str(rng.choice(_WHAT)), str(rng.choice(_AND)))
    return " ".join(parts) + "."


def healthy(payload: Payload, fake: Any) -> Payload:
    text = fake.answer(payload)
    reply: Payload = {
        "id": "x",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        ],
    }
    if fake.usage:
        reply["usage"] = {"prompt_tokens": 40, "completion_tokens": len(text.split())}
    if payload.get("logprobs"):
        reply["choices"][0]["message"]["content"] = _TOP_TOKENS[0]
        reply["choices"][0]["logprobs"] = {"content": [_top_tokens(payload, fake)]}
    return reply


def _top_tokens(payload: Payload, fake: Any) -> Payload:
    mass = 1.0 if "logit_bias" in payload else fake.choice_mass
    weights = np.arange(1, 8) / 28 * mass
    listed = [
        {"token": token, "logprob": float(np.log(weight))}
        for token, weight in zip(_TOP_TOKENS, weights, strict=True)
    ]
    return {"token": _TOP_TOKENS[0], "logprob": listed[0]["logprob"], "top_logprobs": listed}


def _with_text(text: str | None, finish: str = "stop") -> Callable[[Payload, Payload], Payload]:
    def change(payload: Payload, reply: Payload) -> Payload:
        choice = {"index": 0, "finish_reason": finish, "message": {"content": text}}
        return {**reply, "choices": [choice]}

    return change


def _cut_off(payload: Payload, reply: Payload) -> Payload:
    choice = reply["choices"][0]
    choice["message"]["content"] = choice["message"]["content"][:25]
    choice["finish_reason"] = "length"
    return reply


def _refusal(payload: Payload, reply: Payload) -> Payload:
    message = {"content": None, "refusal": "I'm sorry, I can't help with that."}
    return {**reply, "choices": [{"finish_reason": "stop", "message": message}]}


REPLY_FAULTS: Final[dict[str, Callable[[Payload, Payload], Payload]]] = {
    "no_choices": lambda _, reply: {**reply, "choices": []},
    "empty_text": _with_text(" \n"),
    "null_text": _with_text(None),
    "wrong_types": lambda _, reply: {**reply, "choices": {"0": "text"}, "usage": "much"},
    "cut_off": _cut_off,
    "wrong_language": _with_text(
        "Die Gemeinde sollte die Hauptstraße sonntags sperren und nach einem Jahr alle fragen."
    ),
    "refusal": _refusal,
    "refusal_in_words": _with_text("I'm sorry, but I can't help with that request."),
    "filtered": _with_text("", finish="content_filter"),
    "duplicates": _with_text("We close the main street on Sundays and ask everyone after a year."),
    "placeholder": _with_text("[Your statement here]"),
}


def _wait(handler: Handler, payload: Payload) -> None:
    handler.fake.closing.wait(10)
    handler.hang_up()


def _headers_then_wait(handler: Handler, payload: Payload) -> None:
    handler.send_bytes(200, b"", length=1000)
    _wait(handler, payload)


def _drip(handler: Handler, payload: Payload) -> None:
    handler.send_bytes(200, b"", length=_HUGE)
    while not handler.fake.closing.wait(0.01):
        handler.wfile.write(b" ")


def _limited(wait: str | None) -> Callable[[Handler, Payload], None]:
    headers = {} if wait is None else {"Retry_After": wait}
    return lambda handler, payload: handler.send_bytes(429, b'{"error": {}}', **headers)


def _reset_midway(handler: Handler, payload: Payload) -> None:
    handler.send_bytes(200, b'{"choices": [', length=1000)
    handler.reset()


def _cut_off_midway(handler: Handler, payload: Payload) -> None:
    body = json.dumps(healthy(payload, handler.fake)).encode()
    handler.send_bytes(200, body[:-20], length=len(body))
    handler.hang_up()


def _huge(handler: Handler, payload: Payload) -> None:
    handler.send_bytes(200, b'{"choices": [{"message": {"content": "' + b"x" * _HUGE + b'"}}]}')


def _huge_unannounced(handler: Handler, payload: Payload) -> None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"message": {"content": "')
    for _ in range(_HUGE // 8192):
        handler.wfile.write(b"We agree" * 1024)
    handler.close_connection = True


WIRE_FAULTS: Final[dict[str, Callable[[Handler, Payload], None]]] = {
    "time_out": _headers_then_wait,
    "never_answers": _wait,
    "slow_drip": _drip,
    "rate_limited": _limited(None),
    "rate_limited_for_a_moment": _limited("0.001"),
    "rate_limited_for_long": _limited("3600"),
    "server_error": lambda handler, _: handler.send_bytes(500, b"Internal Server Error"),
    "reset": lambda handler, _: handler.reset(),
    "reset_midway": _reset_midway,
    "broken_json": lambda handler, _: handler.send_bytes(200, b'{"choices": [{"mess'),
    "deep_json": lambda handler, _: handler.send_bytes(200, b"[" * 100_000),
    "error_page": lambda handler, _: handler.send_bytes(200, b"<html>Bad gateway</html>"),
    "cut_off_midway": _cut_off_midway,
    "huge": _huge,
    "huge_unannounced": _huge_unannounced,
}

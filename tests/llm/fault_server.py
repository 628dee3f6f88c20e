"""A loopback server that speaks OpenAI's protocol and misbehaves on demand.

    with fault_server("slow_drip", seed=3) as url:
        model = OpenAIModel(url, "fake", timeout=0.1, retries=1, backoff=Backoff(first=0.001))

`FakeServer` offers more: what it saw, who is hit by the fault, and what healthy answers say.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
Answers = Callable[[Payload], str]

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


def rejects(*fields: str) -> Callable[[Payload], str | None]:
    """Return a check that names the first of `fields` that a request carries."""
    return lambda payload: next((field for field in fields if field in payload), None)


class FakeServer:
    """Answers chat completions; use it as a context manager.

    fault: what goes wrong. seed and share: which part of the requests it hits, decided by their
    content. times: how many are hit before the server recovers. when: only these can be hit.
    answer: the text of healthy answers. rejects: names a field to turn down with a 400. key: the
    API key it wants. models: what it lists. barrier: how many requests it collects before it
    answers any of them. usage: whether it counts tokens.
    """

    def __init__(
        self,
        fault: Fault = "none",
        seed: int = 0,
        *,
        share: float = 1.0,
        times: int | None = None,
        when: Callable[[Payload], bool] = lambda payload: True,
        answer: Answers = statement,
        rejects: Callable[[Payload], str | None] = lambda payload: None,
        key: str = "",
        status: int = 200,
        models: tuple[str, ...] = ("fake",),
        choice_mass: float = 0.9,
        barrier: int = 1,
        usage: bool = True,
    ) -> None:
        self.fault = fault
        self.seed = seed
        self.share = share
        self.times = times
        self.when = when
        self.answer = answer
        self.rejects = rejects
        self.key = key
        self.status = status
        self.models = models
        self.choice_mass = choice_mass
        self.usage = usage
        self.barrier = threading.Barrier(barrier, timeout=5)
        self.closing = threading.Event()
        self.seen: list[Payload] = []
        self.headers: list[dict[str, str]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> FakeServer:
        server = self

        class Handler(_Handler):
            fake = server

        self._http = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.002}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.barrier.abort()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def note(self, payload: Payload, headers: dict[str, str]) -> Fault:
        """Record a request; return the fault that hits it, "none" if none does."""
        with self._lock:
            self.seen.append(payload)
            self.headers.append(headers)
            if self.times == 0 or not self.when(payload) or not self._chosen(payload):
                return "none"
            if self.times is not None:
                self.times -= 1
        return self.fault

    def _chosen(self, payload: Payload) -> bool:
        content = json.dumps(payload, sort_keys=True).encode()
        return float(np.random.default_rng([self.seed, *content]).random()) < self.share


@contextmanager
def fault_server(fault: Fault, seed: int = 0, **options: Any) -> Iterator[str]:
    """Run a server with one fault and yield its address; options are those of `FakeServer`."""
    with FakeServer(fault, seed, **options) as server:
        yield server.url


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        listed = [{"id": name, "object": "model"} for name in self.fake.models]
        self._send_json(200 if self._allowed() else 401, {"object": "list", "data": listed})

    def do_POST(self) -> None:
        payload = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        fault = self.fake.note(payload, dict(self.headers))
        if self.fake.barrier.parties > 1:
            self.fake.barrier.wait()
        if not self._allowed():
            self._send_error(401, "Incorrect API key provided", code="invalid_api_key")
        elif self.fake.status != 200:
            self._send_error(self.fake.status, "No.", code="no")
        elif (field := self.fake.rejects(payload)) is not None:
            self._send_error(400, f"Unsupported parameter: '{field}'.", param=field)
        elif fault in _WIRE_FAULTS:
            _WIRE_FAULTS[fault](self, payload)
        else:
            self._send_json(
                200,
                _REPLY_FAULTS.get(fault, lambda _, reply: reply)(
                    payload, _healthy(payload, self.fake)
                ),
            )

    def _allowed(self) -> bool:
        return not self.fake.key or self.headers["Authorization"] == f"Bearer {self.fake.key}"

    def _send_error(self, status: int, message: str, **more: str) -> None:
        self._send_json(status, {"error": {"message": message, **more}})

    def _send_json(self, status: int, content: object) -> None:
        self.send_bytes(status, json.dumps(content).encode())

    def send_bytes(
        self, status: int, body: bytes, *, length: int | None = None, **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


def _healthy(payload: Payload, fake: FakeServer) -> Payload:
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


def _top_tokens(payload: Payload, fake: FakeServer) -> Payload:
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


_REPLY_FAULTS: Final[dict[str, Callable[[Payload, Payload], Payload]]] = {
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


def _wait(handler: _Handler, payload: Payload) -> None:
    handler.fake.closing.wait(10)
    handler.hang_up()


def _headers_then_wait(handler: _Handler, payload: Payload) -> None:
    handler.send_bytes(200, b"", length=1000)
    _wait(handler, payload)


def _drip(handler: _Handler, payload: Payload) -> None:
    handler.send_bytes(200, b"", length=_HUGE)
    while not handler.fake.closing.wait(0.01):
        handler.wfile.write(b" ")


def _limited(wait: str | None) -> Callable[[_Handler, Payload], None]:
    headers = {} if wait is None else {"Retry_After": wait}
    return lambda handler, payload: handler.send_bytes(429, b'{"error": {}}', **headers)


def _reset_midway(handler: _Handler, payload: Payload) -> None:
    handler.send_bytes(200, b'{"choices": [', length=1000)
    handler.reset()


def _cut_off_midway(handler: _Handler, payload: Payload) -> None:
    body = json.dumps(_healthy(payload, handler.fake)).encode()
    handler.send_bytes(200, body[:-20], length=len(body))
    handler.hang_up()


def _huge(handler: _Handler, payload: Payload) -> None:
    handler.send_bytes(200, b'{"choices": [{"message": {"content": "' + b"x" * _HUGE + b'"}}]}')


def _huge_unannounced(handler: _Handler, payload: Payload) -> None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"message": {"content": "')
    for _ in range(_HUGE // 8192):
        handler.wfile.write(b"We agree" * 1024)
    handler.close_connection = True


_WIRE_FAULTS: Final[dict[str, Callable[[_Handler, Payload], None]]] = {
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

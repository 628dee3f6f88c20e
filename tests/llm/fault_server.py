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
from typing import Any

import numpy as np

from tests.llm.faults import REPLY_FAULTS, WIRE_FAULTS, Fault, Payload, healthy, statement

Answers = Callable[[Payload], str]


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
        elif fault in WIRE_FAULTS:
            WIRE_FAULTS[fault](self, payload)
        else:
            self._send_json(
                200,
                REPLY_FAULTS.get(fault, lambda _, reply: reply)(
                    payload, healthy(payload, self.fake)
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

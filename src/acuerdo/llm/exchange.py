"""One HTTP request and its answer; every way in which the network can fail becomes a Failure."""

from __future__ import annotations

import asyncio
import json

import httpx

from acuerdo.domain.completions import Fault
from acuerdo.llm.address import is_this_machine
from acuerdo.llm.dialect import Payload
from acuerdo.llm.replies import Answer, Failure


class Exchange:
    """Talks to one server. `reached` turns true with its first answer, whatever that is.

    An answer is given up after its deadline, however slowly it drips, and as soon as it is larger
    than `max_bytes`, without reading the rest.
    """

    def __init__(
        self,
        address: str,
        key: str,
        *,
        connections: int,
        max_bytes: int,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._address = address
        self._key = key
        self._connections = connections
        self._max_bytes = max_bytes
        self._transport = transport
        # Certificates take longer to read than many a request; http has no use for them.
        self._trust = httpx.create_ssl_context() if address.startswith("https:") else False
        self.reached = False

    def client(self) -> httpx.AsyncClient:
        """Return a pool of connections; close it after use."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return httpx.AsyncClient(
            headers=headers,
            # The deadline of `send` rules: httpx's own would start anew with every byte.
            timeout=None,
            limits=httpx.Limits(max_connections=self._connections),
            transport=self._transport,
            verify=self._trust,
            trust_env=not is_this_machine(self._address),
        )

    async def post(
        self, client: httpx.AsyncClient, path: str, body: Payload, seconds: float
    ) -> Answer | Failure:
        """Send a JSON body."""
        # Escaped to ASCII, since a text with a lone surrogate cannot be written as UTF-8.
        return await self._send(client, "POST", path, json.dumps(body).encode(), seconds)

    async def get(self, client: httpx.AsyncClient, path: str, seconds: float) -> Answer | Failure:
        """Ask without a body."""
        return await self._send(client, "GET", path, None, seconds)

    async def _send(
        self,
        client: httpx.AsyncClient,
        method: str,
        path: str,
        content: bytes | None,
        seconds: float,
    ) -> Answer | Failure:
        body = bytearray()
        try:
            async with (
                asyncio.timeout(seconds) as deadline,
                client.stream(method, self._address + path, content=content) as response,
            ):
                self.reached = True
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > self._max_bytes:
                        # Ends the read from its innermost wait, which unwinds all that httpx has
                        # open; leaving the loop would leave that to the garbage collector.
                        deadline.reschedule(0.0)
        except TimeoutError:
            if len(body) <= self._max_bytes:
                fault = Fault("timeout", f"No whole reply within {seconds:.3g} s.")
                return Failure(fault, retry=True)
        except httpx.ConnectError:
            fault = Fault("connection", "The server cannot be reached.")
            return Failure(fault, retry=True, unreachable=not self.reached)
        except httpx.DecodingError:
            return Failure(Fault("bad_reply", "The reply is compressed in a broken way."))
        except httpx.TransportError:
            return Failure(Fault("connection", "The connection broke off."), retry=True)
        if len(body) > self._max_bytes:
            most = f"{self._max_bytes:,} bytes"
            return Failure(Fault("too_large", f"The reply is larger than {most}."))
        return Answer(response.status_code, bytes(body), response.headers.get("retry-after", ""))

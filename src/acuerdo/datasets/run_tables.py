"""What all run files share: strict tables, and what is wrong with one in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from acuerdo.datasets.toml_files import read_toml
from acuerdo.domain.errors import InputError


class RunTable(BaseModel):
    """A table of a run file: it knows its keys, and takes no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


AnyTable = TypeVar("AnyTable", bound=RunTable)


def read_run_tables(
    kind: type[AnyTable],
    path: Path,
    environment: Mapping[str, str] | None = None,
    *,
    fix: str,
) -> AnyTable:
    """Read a run file; `${NAME}` in its texts is replaced from the environment.

    Raises InputError naming file, table and key, with `fix` as what to do.
    """
    content = read_toml(path, environment)
    try:
        return kind.model_validate(_as_tuples(content))
    except ValidationError as error:
        raise _explained(error, path, fix) from error


def _as_tuples(value: object) -> object:
    """TOML has lists where our records have tuples."""
    if isinstance(value, dict):
        return {key: _as_tuples(item) for key, item in value.items()}
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list) else value


def _explained(error: ValidationError, path: Path, fix: str) -> InputError:
    first: Mapping[str, Any] = error.errors()[0]
    # Where a key may be one of several kinds, pydantic names the kind too.
    kinds = {kind.__name__ for kind in RunTable.__subclasses__()}
    *tables, key = [str(part) for part in first["loc"] if part not in kinds] or ["?"]
    table = f", [{_table(tables)}]" if tables else ""
    if first["type"] == "extra_forbidden":
        what = f"there is no key {key!r}"
    elif first["type"] == "missing":
        what = f"the key {key!r} is missing"
    else:
        what = f"{key}: {first['msg']} (got {first.get('input')!r})"
    return InputError(what, where=f"{path}{table}", fix=fix)


def _table(parts: Sequence[str]) -> str:
    """Return ["data", "0"] as "data 1": people count entries from one."""
    return ".".join(parts[:1]) + "".join(
        f" {int(part) + 1}" if part.isdigit() else f".{part}" for part in parts[1:]
    )

"""Run files: TOML with environment variables, and what is wrong with one in words."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.errors import InputError

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")


def read_toml(path: Path, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read a TOML file; `${NAME}` in its texts is replaced from the environment.

    Raises InputError for a file that cannot be read, is no TOML, or names a variable nobody set.
    """
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"not a TOML file: {error}", where=str(path)) from error
    given = os.environ if environment is None else environment
    return {key: _expanded(value, given, str(path)) for key, value in content.items()}


def _expanded(value: Any, given: Mapping[str, str], where: str) -> Any:
    if isinstance(value, dict):
        return {key: _expanded(item, given, where) for key, item in value.items()}
    if isinstance(value, list):
        return [_expanded(item, given, where) for item in value]
    if not isinstance(value, str):
        return value
    for name in _VARIABLE.findall(value):
        if name not in given:
            raise InputError(
                f"the environment variable {name} is not set",
                where=where,
                fix=f"Set it, or write the path in place of ${{{name}}}.",
            )
    return _VARIABLE.sub(lambda match: given[match[1]], value)

"""Run files of `acuerdo train data`: which sources become examples, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from acuerdo.datasets.material.examples import ORDERS, TEMPLATE
from acuerdo.datasets.material.sources import MaterialSource
from acuerdo.datasets.toml_files import read_toml
from acuerdo.domain.errors import InputError


class DataRun(BaseModel):
    """A whole run file.

    Opinions stand in `orders` random orders, in prompts for revisions in `revision_orders` (0: as
    many), drawn with `seed`; prompts are those of `template`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, Field(min_length=1)]
    data: Annotated[tuple[MaterialSource, ...], Field(min_length=1)]
    template: str = TEMPLATE
    orders: Annotated[int, Field(ge=1)] = ORDERS
    revision_orders: Annotated[int, Field(ge=0)] = 0
    seed: Annotated[int, Field(ge=0)] = 0


def read_data_run(path: Path, environment: Mapping[str, str] | None = None) -> DataRun:
    """Read a run file; `${NAME}` in it is replaced from the environment.

    Raises InputError naming file and key.
    """
    try:
        return DataRun.model_validate(_as_tuples(read_toml(path, environment)))
    except ValidationError as error:
        first = error.errors()[0]
        places = (str(part + 1) if isinstance(part, int) else part for part in first["loc"])
        raise InputError(
            f"{' '.join(places)}: {first['msg']}",
            where=str(path),
            fix="docs/drafting_data.md lists the keys.",
        ) from error


def _as_tuples(value: Any) -> Any:
    """TOML has lists where our records have tuples."""
    if isinstance(value, dict):
        return {key: _as_tuples(item) for key, item in value.items()}
    return tuple(_as_tuples(item) for item in value) if isinstance(value, list) else value

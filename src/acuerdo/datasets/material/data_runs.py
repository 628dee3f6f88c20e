"""Run files of `acuerdo train data`: which sources become examples, and how."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from acuerdo.datasets.material.examples import ORDERS, TEMPLATE
from acuerdo.datasets.material.sources import MaterialSource
from acuerdo.datasets.run_tables import RunTable, read_run_tables


class DataRun(RunTable):
    """A whole run file.

    Opinions stand in `orders` random orders, in prompts for revisions in `revision_orders` (0: as
    many), drawn with `seed`; prompts are those of `template`.
    """

    name: Annotated[str, Field(min_length=1)]
    data: Annotated[tuple[MaterialSource, ...], Field(min_length=1)]
    template: str = TEMPLATE
    orders: Annotated[int, Field(ge=1)] = ORDERS
    revision_orders: Annotated[int, Field(ge=0)] = 0
    seed: Annotated[int, Field(ge=0)] = 0


def read_data_run(path: Path, environment: Mapping[str, str] | None = None) -> DataRun:
    """Read a run file; `${NAME}` in it is replaced from the environment.

    Raises InputError naming file, table and key.
    """
    return read_run_tables(DataRun, path, environment, fix="docs/drafting_data.md lists the keys.")

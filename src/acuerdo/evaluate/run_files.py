"""Run files of experiments: one TOML file names data, arms and sizes, so that a command repeats it.

name = "predictors"
paraphrases = "paraphrases.csv"     # optional: columns statement, paraphrase

[sizes]                             # optional: any field of `Sizes`
groups = 100

[[data]]
table = "polis"                     # parts of one table are measured together
part = "fold0"                      # with `splits`, the split that is read
reader = "polis_open_data"
path = "${ACUERDO_DATA}/polis_open_data"
splits = "${ACUERDO_DATA}/splits.json"

[[arms]]
name = "cosine"

[[arms]]
name = "trained"
scorer = "out/trained"              # a run folder, or the name of a scorer; default: `name`
with_ratings = true                 # let judgements that are known move the others
parts = { fold0 = "out/without-fold0" }   # another scorer for a part, such as a fold
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from acuerdo.datasets import RunTable, read_run_tables
from acuerdo.domain.errors import InputError
from acuerdo.evaluate.experiment import Sizes
from acuerdo.evaluate.groups import Context

_HELP: Final = "docs/evaluation.md lists the keys."
Count = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(min_length=1)]


class DataEntry(RunTable):
    """Judgements of a table; with `splits`, only those whose split is called `part`.

    With `people` above 0, only those of so many people, drawn once: for arms that take long.
    """

    table: str = ""
    part: str = ""
    reader: Name
    path: Name
    splits: str = ""
    people: Count = 0

    @property
    def title(self) -> str:
        """The table's name: the reader's, unless it was given one."""
        return self.table or self.reader


class ArmEntry(RunTable):
    """A scorer by name or run folder, and others for parts of the data."""

    name: Name
    scorer: str = ""
    with_ratings: bool = False
    parts: dict[str, str] = Field(default_factory=dict)


class SizesEntry(RunTable):
    """The fields of `Sizes`, each with its default."""

    seed: Count = 0
    resamples: Count = Sizes().resamples
    exchanges: Count = Sizes().exchanges
    response_pairs: Count = Sizes().response_pairs
    groups: Count = Sizes().groups
    group_size: Count = Sizes().group_size
    fewest: Count = Sizes().fewest
    most: Count = Sizes().most
    known_share: float = Sizes().known_share
    context: Context = "group"
    rules: tuple[str, ...] = Sizes().rules

    def sizes(self) -> Sizes:
        """Return the sizes; raises SettingsError for one that is out of range."""
        return Sizes(**self.model_dump())


class RunFile(RunTable):
    """A whole run file."""

    name: Name
    data: tuple[DataEntry, ...]
    arms: tuple[ArmEntry, ...]
    sizes: SizesEntry = SizesEntry()
    paraphrases: str = ""


def read_run_file(path: Path, environment: Mapping[str, str] | None = None) -> RunFile:
    """Read a run file; `${NAME}` in texts is replaced from the environment.

    Relative paths count from where the command runs. Raises InputError naming file, table and key.
    """
    return read_run_tables(RunFile, path, environment, fix=_HELP)


def read_paraphrases(path: Path) -> dict[str, str]:
    """Read a CSV file with the columns `statement` and `paraphrase`.

    Raises InputError naming file and row.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            missing = {"statement", "paraphrase"} - set(rows.fieldnames or ())
            if missing:
                raise InputError(f"there is no column {min(missing)!r}", where=str(path))
            found = {}
            for number, row in enumerate(rows, start=2):
                statement, paraphrase = row["statement"], row["paraphrase"]
                if not statement or not paraphrase:
                    raise InputError("a text is empty", where=f"{path}, row {number}")
                found[statement] = paraphrase
            return found
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"not a CSV file in UTF-8: {error}", where=str(path)) from error

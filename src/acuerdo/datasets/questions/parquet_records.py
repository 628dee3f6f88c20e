"""Questions in Parquet files: read batch by batch, written in groups of rows."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final

from acuerdo.datasets.questions.bytes_in import seekable
from acuerdo.datasets.questions.records import Record
from acuerdo.domain.errors import InputError, SettingsError

BATCH_ROWS: Final = 4096


class ParquetRecords:
    """A Parquet file's rows. `header` holds the names of its columns."""

    def __init__(self, file: str, content: Any, errors: tuple[type[Exception], ...]) -> None:
        self._file = file
        self._content = content
        self._errors = errors
        self.header: Sequence[str] = tuple(content.schema_arrow.names)

    def records(self) -> Iterator[Record]:
        """Yield every row; rows count from 1. Raises InputError where the file is damaged."""
        number = 0
        try:
            for batch in self._content.iter_batches(batch_size=BATCH_ROWS):
                for cells in batch.to_pylist():
                    number += 1
                    yield Record(f"row {number}", cells)
        except self._errors as error:
            raise _damaged(error, f"{self._file}, row {number + 1} or after") from None


@contextmanager
def parquet_table(stream: io.BufferedReader, file: str) -> Iterator[ParquetRecords]:
    """Give the table while the block runs.

    Raises InputError for a damaged file, SettingsError without pyarrow.
    """
    arrow, parquet = import_arrow()
    errors = (OSError, ValueError, arrow.ArrowException)
    with seekable(stream, file) as content:
        try:
            table = parquet.ParquetFile(content)
        except errors as error:
            raise _damaged(error, file) from None
        yield ParquetRecords(file, table, errors)


def import_arrow() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet module; raises SettingsError if it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise SettingsError(
            "Parquet files need pyarrow, which is not installed",
            fix="Run: pip install 'acuerdo[questions]'",
        ) from None


def _damaged(error: Exception, where: str) -> InputError:
    first_line = (str(error).splitlines() or [""])[0]
    return InputError(
        f"this is not an intact Parquet file: {first_line[:200]}",
        where=where,
        fix="Copy or download it again.",
    )

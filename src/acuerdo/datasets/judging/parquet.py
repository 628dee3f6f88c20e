"""Judgements on disk: one Parquet file, texts stored once, written whole or not at all."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.judgements import TEXT_COLUMNS, Column, Judgements
from acuerdo.files import whole_file

SCHEMA: Final = "acuerdo-judgements/1"
_KEY: Final = b"schema"


def write_judgements(table: Judgements, path: Path) -> None:
    """Write the table; text columns are dictionary-encoded, the value is a float64.

    An existing file is replaced at once or stays as it was. Raises StorageError if the disk is full
    or read-only, SettingsError without pyarrow.
    """
    arrow, parquet = import_arrow()
    arrays = [_encoded(arrow, getattr(table, name)) for name in TEXT_COLUMNS]
    arrays.append(arrow.array(table.value, type=arrow.float64()))
    content = arrow.table(arrays, names=[*TEXT_COLUMNS, "value"])
    content = content.replace_schema_metadata({_KEY: SCHEMA.encode()})
    with whole_file(path, "the judgements") as stream:
        parquet.write_table(content, stream, compression="zstd")


def read_judgements_parquet(path: Path) -> Judgements:
    """Read what `write_judgements` wrote.

    Raises InputError for a file that is damaged, of another schema or holds impossible values,
    SettingsError without pyarrow.
    """
    content = read_arrow(path)
    schema = (content.schema.metadata or {}).get(_KEY, b"").decode(errors="replace")
    if schema != SCHEMA:
        raise InputError(
            f"the file's schema is {schema!r}, not {SCHEMA!r}" if schema else "no schema is named",
            where=str(path),
            fix="Read it with the version that wrote it, or write it again.",
        )
    missing = {*TEXT_COLUMNS, "value"} - set(content.column_names)
    if missing:
        raise InputError(f"the columns {sorted(missing)} are missing", where=str(path))
    try:
        columns = {name: _decoded(content.column(name)) for name in TEXT_COLUMNS}
        value = content.column("value").to_numpy().astype(np.float64)
        return Judgements(**columns, value=value)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(
            f"this is not a table of judgements: {error}",
            where=str(path),
            fix="Write it again with `write_judgements`.",
        ) from None


def import_arrow() -> tuple[Any, Any]:
    """Return pyarrow and its Parquet module; raises SettingsError if it is not installed."""
    try:
        return import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError:
        raise SettingsError(
            "Parquet files need pyarrow, which is not installed",
            fix="pip install 'acuerdo[evaluate]'",
        ) from None


def read_arrow(path: Path, columns: list[str] | None = None) -> Any:
    """Return a Parquet file as an Arrow table, raising InputError if it cannot be read."""
    arrow, parquet = import_arrow()
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), fix="Check the path.")
    try:
        # Opened here, because the library would take "host:..." in a path for an address.
        with path.open("rb") as stream:
            return parquet.ParquetFile(stream).read(columns=columns)
    except (OSError, ValueError, arrow.ArrowException) as error:
        first_line = (str(error).splitlines() or [""])[0]
        raise InputError(
            f"this is not an intact Parquet file: {first_line[:200]}",
            where=str(path),
            fix="Copy or download it again.",
        ) from None


def _encoded(arrow: Any, column: Column) -> Any:
    codes = arrow.array(column.codes.astype(np.int32))
    return arrow.DictionaryArray.from_arrays(codes, arrow.array(column.texts, type=arrow.string()))


def _decoded(column: Any) -> Column:
    whole = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if not hasattr(whole, "dictionary"):
        whole = whole.dictionary_encode()
    if whole.null_count:
        raise ValueError("a text is missing")
    texts = tuple(whole.dictionary.to_pylist())
    if any(not isinstance(text, str) for text in texts) or len(set(texts)) < len(texts):
        raise ValueError("the texts of a column are not distinct texts")
    return Column(texts, whole.indices.to_numpy().astype(np.int64))

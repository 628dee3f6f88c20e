"""What is written is read again, and a damaged file says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest

from acuerdo.datasets import READERS, read_judgements_parquet, write_judgements
from acuerdo.datasets.judging import parquet
from acuerdo.domain.errors import InputError, SettingsError, StorageError
from acuerdo.domain.judgements import Judgements
from tests.datasets.judging.tables import judgement

TABLE = Judgements.of(
    [
        judgement(),
        judgement(person="Ben", opinion="", value=1.25),
        judgement(source="vote", scale="vote", value=-1.0, statement="¿Árboles?\n市"),
    ]
)


def test_a_table_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "judgements.parquet"
    write_judgements(TABLE, path)
    assert list(READERS["parquet"](path).rows()) == list(TABLE.rows())
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("rows", [slice(0, 0), slice(1, 2)])
def test_parts_and_empty_tables_come_back(rows: slice, tmp_path: Path) -> None:
    part = TABLE.take(np.arange(3)[rows])
    write_judgements(part, tmp_path / "j.parquet")
    assert list(read_judgements_parquet(tmp_path / "j.parquet").rows()) == list(part.rows())


def test_texts_are_stored_once(tmp_path: Path) -> None:
    write_judgements(TABLE, tmp_path / "j.parquet")
    schema = pyarrow.parquet.read_schema(tmp_path / "j.parquet")
    assert pyarrow.types.is_dictionary(schema.field("statement").type)
    assert schema.metadata[b"schema"] == b"acuerdo-judgements/1"


def test_row_groups_with_dictionaries_of_their_own_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "j.parquet"
    write_judgements(TABLE, path)
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(path), path, row_group_size=1)
    assert list(read_judgements_parquet(path).rows()) == list(TABLE.rows())


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 0.99])
def test_a_truncated_file_is_refused(keep: float, tmp_path: Path) -> None:
    path = tmp_path / "j.parquet"
    write_judgements(TABLE, path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(InputError, match="not an intact Parquet file") as caught:
        read_judgements_parquet(path)
    assert caught.value.where == str(path)


def changed(path: Path, **columns: Any) -> Path:
    """Write the table with some columns exchanged (None: left out)."""
    write_judgements(TABLE, path)
    content = pyarrow.parquet.read_table(path)
    for name, values in columns.items():
        place = content.column_names.index(name)
        content = content.remove_column(place)
        if values is not None:
            content = content.append_column(name, pyarrow.array(values))
    pyarrow.parquet.write_table(content, path)
    return path


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({"value": [9.0, 1.0, 1.0]}, "not on the scale 'agreement'"),
        ({"value": ["a", "b", "c"]}, "not a table of judgements"),
        ({"value": None}, "columns \\['value'\\] are missing"),
        ({"scale": ["stars"] * 3}, "no scale called 'stars'"),
        ({"person": ["a", None, "b"]}, "a text is missing"),
        ({"person": [1, 2, 3]}, "not distinct texts"),
    ],
)
def test_impossible_tables_are_refused(columns: dict[str, Any], what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=what):
        read_judgements_parquet(changed(tmp_path / "j.parquet", **columns))


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "j.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"a": [1]}), path)
    with pytest.raises(InputError, match="no schema is named"):
        read_judgements_parquet(path)
    with pytest.raises(InputError, match="no such file"):
        read_judgements_parquet(tmp_path / "missing.parquet")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "j.parquet"
    path.write_bytes(b"before")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pyarrow.parquet, "write_table", full)
    with pytest.raises(StorageError, match="No space left"):
        write_judgements(TABLE, path)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(parquet, "import_module", missing)
    with pytest.raises(SettingsError, match=r"acuerdo\[evaluate\]"):
        write_judgements(TABLE, tmp_path / "j.parquet")

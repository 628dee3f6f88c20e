"""Data of a run: read, split by wholes, and comparisons as judgements two by two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from acuerdo.datasets import write_judgements
from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import InputError
from acuerdo.train import Run, read_data
from acuerdo.train.data import compared, strangers
from tests.train import invented


def run_of(path: Path, **entry: object) -> Run:
    data = {"reader": "parquet", "path": str(path), **entry}
    return Run.model_validate({"name": "x", "kind": "sentences", "data": (data,)})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write_judgements(invented.judgements(6), tmp_path / "table.parquet")
    return tmp_path / "table.parquet"


def test_parts_share_no_conversation_and_no_person(table: Path) -> None:
    data = read_data(run_of(table))
    (training,), (validation,) = data.training, data.validation
    assert len(training.judgements) + len(validation.judgements) == 72
    for name in ("conversation", "person"):
        seen = {getattr(part.judgements, name).texts for part in (training, validation)}
        first, second = (set(texts) for texts in seen)
        assert not first & second


def test_a_file_of_splits_decides(table: Path, tmp_path: Path) -> None:
    splits = tmp_path / "splits.json"
    wholes = ", ".join(f'"conversation {k}": {k % 3}' for k in range(6))
    splits.write_text(f'{{"invented": {{{wholes}}}}}')
    run = run_of(table, splits=str(splits), train=("fold0", "fold1"), validation=("fold2",))
    data = read_data(run)
    assert set(data.validation[0].judgements.conversation.texts) == {
        "conversation 2",
        "conversation 5",
    }


def test_an_unknown_reader_names_those_there_are(table: Path) -> None:
    with pytest.raises(InputError, match="no reader 'magic'") as error:
        read_data(run_of(table, reader="magic"))
    assert "polis" in error.value.fix


def test_comparisons_become_pairs_of_judgements() -> None:
    rows = [
        Comparison("s", "CC0", "c", "en", "q", "", "p", "own", "a", "b", 1.0),
        Comparison("s", "CC0", "c", "en", "q", "", "p", "own", "b", "c", -0.5),
    ]
    table, choice = compared(rows)
    assert choice.tolist() == [0, 0, 1, 1]
    assert [table.statement[row] for row in range(4)] == ["a", "b", "b", "c"]
    np.testing.assert_allclose(table.value, [7, 1, 2.5, 5.5])


def test_nobody_who_judged_elsewhere_is_learned_from() -> None:
    table = invented.judgements(6)
    parts = np.full(len(table), "train")
    parts[0] = "test"
    kept = strangers(table, parts, ("train",))
    own = table.person.codes == table.person.codes[0]
    assert np.array_equal(kept, ~own)
    assert not kept.all()
    assert kept.any()
    assert strangers(table, parts, ("train", "test")).all()

"""Whatever stands in the files, readers answer with judgements or say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acuerdo.datasets import READERS
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgements
from tests.datasets.judging import test_deliberationbank, test_polarized
from tests.datasets.judging.exports import EXPORT

FILES = {
    "polis": EXPORT,
    "polarized_issues": test_polarized.FILES,
    "deliberationbank": test_deliberationbank.FILES,
}
TOKENS = st.sampled_from([",", "\n", '"', "-1", "9" * 5000, "nan", "\0", "\r", "", "é", "1e999"])


@pytest.mark.parametrize("reader", FILES)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damage_is_an_input_error(reader: str, tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / "dialogue" if reader == "polarized_issues" else tmp_path
    folder.mkdir(exist_ok=True)
    damaged = data.draw(st.sampled_from(sorted(FILES[reader])))
    for name, text in FILES[reader].items():
        content = text
        if name == damaged:
            start = data.draw(st.integers(0, len(text)))
            end = data.draw(st.integers(start, min(start + 20, len(text))))
            content = text[:start] + data.draw(TOKENS) + text[end:]
        (folder / name).write_text(content, encoding="utf-8", newline="")
    read: Callable[[Path], Judgements] = READERS[reader]
    with suppress(InputError):
        assert isinstance(read(tmp_path), Judgements)

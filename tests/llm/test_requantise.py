"""4-bit weights become 8-bit ones that mean the same."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import WeightsError
from acuerdo.llm.gguf import F32, Q4_1, Q8_0, read_header
from acuerdo.llm.requantise import as_q8_0, requantised, values_of_q4_1
from tests.llm.ggufs import CHATML, gguf

CODES = bytes(15 - place | place << 4 for place in range(16))
BLOCK = struct.pack("<ee", 0.5, -2.0) + CODES
"""Step 0.5 from -2: the first 16 values fall from 5.5, the last 16 rise from -2."""


def test_a_block_of_q4_1_means_lowest_plus_step_times_code() -> None:
    falling = [-2 + 0.5 * code for code in range(15, -1, -1)]
    assert values_of_q4_1(BLOCK).tolist() == [[*falling, *reversed(falling)]]


def test_a_block_of_q8_0_is_a_step_and_32_signed_bytes() -> None:
    values = np.array([[127.0, -127.0, *([0.0] * 29), 1.0]], np.float32)
    assert as_q8_0(values) == struct.pack("<e32b", 1.0, 127, -127, *([0] * 29), 1)


def test_a_block_of_zeros_stays_zero() -> None:
    assert as_q8_0(np.zeros((1, 32), np.float32)) == bytes(34)


def test_values_stay_within_half_a_step_of_what_they_were() -> None:
    rng = np.random.default_rng(1)
    halves = rng.normal(0, 0.1, (500, 2)).astype("<f2").view(np.uint8).reshape(500, 4)
    data = np.concatenate([halves, rng.integers(0, 256, (500, 16), dtype=np.uint8)], 1).tobytes()
    values = values_of_q4_1(data)
    blocks = np.frombuffer(as_q8_0(values), np.uint8).reshape(-1, 34)
    steps = blocks[:, :2].copy().view("<f2").astype(np.float32)
    after = blocks[:, 2:].copy().view(np.int8) * steps
    # Half a step, and what rounding the step itself to 16 bits adds at the largest code.
    assert (np.abs(after - values) <= steps * (0.5 + 127 / 2048)).all()


def test_only_q4_1_tensors_change(tmp_path: Path) -> None:
    path, after = tmp_path / "before.gguf", tmp_path / "after.gguf"
    kept = bytes(range(128))
    path.write_bytes(
        gguf(
            CHATML,
            {"a": ((32,), F32, kept), "b": ((32, 3), Q4_1, BLOCK * 3), "c": ((32,), F32, kept)},
        )
    )
    after.write_bytes(b"".join(requantised(path)))
    old, new = read_header(path), read_header(after)
    assert new.metadata == old.metadata
    assert [tensor.kind for tensor in new.tensors] == [F32, Q8_0, F32]
    assert [tensor.shape for tensor in new.tensors] == [tensor.shape for tensor in old.tensors]
    content = after.read_bytes()
    for tensor in (new.tensors[0], new.tensors[2]):
        start = new.data_at + tensor.offset
        assert content[start : start + 128] == kept
    start = new.data_at + new.tensors[1].offset
    assert content[start : start + 3 * 34] == as_q8_0(values_of_q4_1(BLOCK * 3))


def test_a_type_of_unknown_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "odd.gguf"
    path.write_bytes(gguf(CHATML, {"odd": ((32,), 39, bytes(32))}))
    with pytest.raises(WeightsError, match="odd is of type 39"):
        list(requantised(path))

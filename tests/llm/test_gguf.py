"""A GGUF file is told from everything else before the engine sees it."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.domain.errors import WeightsError
from acuerdo.llm.gguf import Tensor, read_header
from tests.llm.ggufs import CHATML, WEIGHTS, gguf, string


def written(folder: Path, content: bytes) -> Path:
    path = folder / "model.gguf"
    path.write_bytes(content)
    return path


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("data.pkl", b"weights")
    return packed.getvalue()


def test_reads_what_a_model_is_made_of(tmp_path: Path) -> None:
    header = read_header(written(tmp_path, gguf()))
    assert header.architecture == "llama"
    assert header.trained_context == 4096
    assert header.tokens[1] == "<|im_start|>"
    assert header.token_kinds == (3, 3, 3, 1, 1, 1)
    assert header.tensors == (Tensor("token_embd.weight", (32, 2), 0, 0),)
    assert header.tensors[0].size == 256


def test_attention_takes_16_bits_for_every_key_and_value_of_every_layer(tmp_path: Path) -> None:
    header = read_header(written(tmp_path, gguf()))
    assert header.attention_bytes == 2 * 2 * (16 + 16) * 2


def test_layers_may_differ_in_heads(tmp_path: Path) -> None:
    metadata = {**CHATML, "llama.attention.head_count_kv": (1, 4)}
    header = read_header(written(tmp_path, gguf(metadata)))
    assert header.attention_bytes == 2 * 4 * (16 + 16) * 2


HUGE = 2**62
HOSTILE = {
    "empty": (b"", "is empty"),
    "pickle": (pickle.dumps({"weights": [1.0]}), "Python pickle"),
    "zip": (a_zip(), "zip archive"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(20), "gzip"),
    "web page": (b"<!DOCTYPE html><title>Not found</title>", "web page"),
    "pointer": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
    "noise": (b"\x00\x01\x02\x03" * 40, "something else"),
    "magic only": (b"GGUF", "past the end"),
    "big-endian": (b"FUGG" + bytes(60), "big-endian"),
    "version 1": (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1"),
    "version 3 of the wrong byte order": (
        b"GGUF" + struct.pack(">IQQ", 3, 0, 0),
        "version 50331648",
    ),
    "more tensors than bytes": (b"GGUF" + struct.pack("<IQQ", 3, HUGE, 0), "past the end"),
    "more entries than bytes": (b"GGUF" + struct.pack("<IQQ", 3, 1, HUGE), "past the end"),
    "endless key": (b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, HUGE), "past the end"),
    "endless array": (
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + string("a") + struct.pack("<IIQ", 9, 4, HUGE),
        "past the end",
    ),
    "array of arrays": (
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + string("a") + struct.pack("<IIQ", 9, 9, 1),
        "unknown type 9",
    ),
    "unknown type of entry": (
        b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + string("a") + struct.pack("<I", 99),
        "unknown type 99",
    ),
    "no tensors": (gguf(tensors={}), "no weights"),
    "no architecture": (gguf({"a": 1}), "architecture"),
    "cut off": (gguf()[:-1], "cut off"),
    "tensor beyond the end": (gguf(tensors={"a": ((HUGE,), 0, b"")}), "cut off"),
    "five dimensions": (gguf(tensors={"a": ((1,) * 5, 0, bytes(4))}), "5 dimensions"),
    "alignment of nothing": (gguf({**CHATML, "general.alignment": 0}), "alignment"),
}


@pytest.mark.parametrize(("content", "told"), HOSTILE.values(), ids=HOSTILE.keys())
def test_says_in_plain_words_what_a_file_is_instead(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(WeightsError, match=told) as raised:
        read_header(path)
    assert raised.value.where == str(path)
    assert raised.value.fix


def test_a_header_larger_than_any_model_needs_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("acuerdo.llm.gguf.MAX_HEADER_BYTES", 64)
    with pytest.raises(WeightsError, match="larger than any model needs"):
        read_header(written(tmp_path, gguf()))


@pytest.mark.parametrize("path", [Path("nowhere.gguf"), Path()])
def test_a_missing_file_and_a_folder_are_no_models(path: Path) -> None:
    with pytest.raises(WeightsError):
        read_header(path)


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, len(gguf(tensors=WEIGHTS)) - 1), byte=st.integers(0, 255))
def test_a_damaged_byte_is_read_or_refused_but_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int
) -> None:
    content = bytearray(gguf())
    content[place] = byte
    path = written(tmp_path_factory.mktemp("damaged"), bytes(content))
    try:
        assert read_header(path).tensors
    except WeightsError as refusal:
        assert refusal.where == str(path)

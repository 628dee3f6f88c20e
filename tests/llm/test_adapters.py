"""Adapters: what they say, and that each is refused on any base but its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.completions import Request
from acuerdo.domain.errors import WeightsError
from acuerdo.llm import EmbeddedModel, embedded, fitting_adapter, read_adapter, shipped_adapter
from acuerdo.llm.gguf import F16, F32
from acuerdo.llm.llama_dialect import WITHOUT_ADAPTER
from tests.llm.adapter_files import (
    BASE,
    LAYERS,
    SIDES,
    WIDTH,
    adapter_file,
    base_file,
    filled,
    sealed_adapter,
)
from tests.llm.asking import ask, make_request
from tests.llm.engines import Starter
from tests.llm.ggufs import CHATML_TOKENS, Value


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return base_file(tmp_path / "base.gguf")


def test_it_says_what_it_is(tmp_path: Path, base: Path) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    found = fitting_adapter(path, base)
    assert found == read_adapter(path)
    assert (found.name, found.template, found.licence) == ("fair", "plain", "CC0-1.0")
    assert (found.base, found.path, found.size) == ("Tiny", path, path.stat().st_size)


def test_one_by_somebody_else_needs_no_words_of_ours(tmp_path: Path, base: Path) -> None:
    path = adapter_file(tmp_path / "a.gguf", {"acuerdo.template": ""})
    assert fitting_adapter(path, base).template == ""


def test_the_base_may_be_of_another_precision(tmp_path: Path, base: Path) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    finer = {n: filled(s, F32, 9) if k == F16 else (s, k, d) for n, (s, k, d) in LAYERS.items()}
    assert fitting_adapter(path, base_file(tmp_path / "finer.gguf", layers=finer))


OTHERS: Mapping[str, tuple[dict[str, Value], dict[str, Any], str]] = {
    "architecture": ({"general.architecture": "qwen2"}, {}, "architecture llama, not qwen2"),
    "no such layer": ({}, {"blk.0.attn_q.weight": None}, "which this model lacks"),
    "shape": (
        {},
        {"blk.0.attn_q.weight": filled((WIDTH, 2 * WIDTH), F16, 3)},
        "attn_q.weight has other shapes",
    ),
    "blocks": ({"llama.block_count": 3}, {}, "2 blocks, this has 3"),
    "width": ({"llama.embedding_length": 128}, {}, "64 values per token, this has 128"),
    "vocabulary": (
        {"tokenizer.ggml.tokens": (*CHATML_TOKENS, "more")},
        {},
        "6 tokens in its vocabulary, this has 7",
    ),
    "weights": ({}, {"output_norm.weight": filled((WIDTH,), F32, 99)}, "other weights than its"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_on_another_base_it_is_refused_before_the_engine_starts(
    kind: str, tmp_path: Path, base: Path
) -> None:
    said, changed, why = OTHERS[kind]
    layers = {name: found for name, found in {**LAYERS, **changed}.items() if found}
    other = base_file(tmp_path / "other.gguf", {**BASE, **said}, layers)
    path, starter = sealed_adapter(tmp_path / "a.gguf", base), Starter()
    with pytest.raises(WeightsError, match=why) as error:
        EmbeddedModel(other, lora=path, template="chatml", starter=starter)
    assert "made for another base model (Tiny)" in error.value.what
    assert error.value.where == str(path)
    assert not starter.engines


def test_a_flipped_bit_is_noticed(tmp_path: Path, base: Path) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    spoiled = bytearray(path.read_bytes())
    spoiled[-50] ^= 1
    path.write_bytes(spoiled)
    with pytest.raises(WeightsError, match="damaged"):
        fitting_adapter(path, base)


@pytest.mark.parametrize("kept", [0, 3, 20, 200, -40])
def test_a_cut_off_file_is_noticed_wherever_it_ends(kept: int, tmp_path: Path, base: Path) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(WeightsError) as error:
        EmbeddedModel(base, lora=path)
    assert error.value.where == str(path)


def test_half_a_layer_is_damage(tmp_path: Path, base: Path) -> None:
    half = {name: side for name, side in SIDES.items() if not name.endswith("ffn_up.weight.lora_b")}
    with pytest.raises(WeightsError, match="lora_a has no counterpart"):
        fitting_adapter(adapter_file(tmp_path / "a.gguf", sides=half), base)


def test_a_model_is_no_adapter(base: Path) -> None:
    with pytest.raises(WeightsError, match="a model, not an adapter"):
        EmbeddedModel(base, lora=base)


def test_a_control_vector_is_no_adapter(tmp_path: Path, base: Path) -> None:
    path = adapter_file(tmp_path / "a.gguf", {"adapter.type": "control"})
    with pytest.raises(WeightsError, match="type is control"):
        fitting_adapter(path, base)


def test_a_missing_file_is_named(tmp_path: Path, base: Path) -> None:
    with pytest.raises(WeightsError, match="no such file") as error:
        EmbeddedModel(base, lora=tmp_path / "nowhere.gguf")
    assert error.value.where == str(tmp_path / "nowhere.gguf")


JUDGING, DRAFTING = make_request("rate", choices=("1", "2")), make_request("write")


def asked(request: Request, base: Path, lora: Path | None) -> bool:
    """Say whether the bare model was asked for."""
    starter = Starter()
    ask(EmbeddedModel(base, lora=lora, starter=starter), request)
    (body,) = starter.bodies
    assert body.get("lora") in (None, WITHOUT_ADAPTER["lora"])
    return "lora" in body


def test_what_was_tuned_to_draft_does_not_judge(tmp_path: Path, base: Path) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    assert asked(JUDGING, base, path)
    assert not asked(DRAFTING, base, path)


def test_what_was_tuned_to_draft_may_quote(tmp_path: Path, base: Path) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    allowed = []
    for request, lora in ((DRAFTING, path), (JUDGING, path), (DRAFTING, None)):
        starter = Starter()
        ask(EmbeddedModel(base, lora=lora, starter=starter), request)
        allowed.append(starter.bodies[0]["dry_allowed_length"])
    assert allowed == [12, 6, 6]


def test_another_manner_of_drawing_has_another_name(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sealed_adapter(tmp_path / "a.gguf", base)
    tuned, bare = EmbeddedModel(base, lora=path).name, EmbeddedModel(base).name
    monkeypatch.setattr(embedded, "QUOTING", {"dry_allowed_length": 9})
    assert EmbeddedModel(base, lora=path).name != tuned
    assert EmbeddedModel(base).name == bare


def test_an_adapter_for_no_prompt_of_ours_is_always_on(tmp_path: Path, base: Path) -> None:
    path = adapter_file(tmp_path / "a.gguf", {"acuerdo.template": ""})
    assert not asked(JUDGING, base, path)
    assert not asked(JUDGING, base, None)


def test_what_ships_says_what_it_is_made_of() -> None:
    path = shipped_adapter()
    assert path is not None
    found = read_adapter(path)
    assert found.size <= 25_000_000
    assert found.template == "plain"
    for licence in ("Apache-2.0", "CC BY 4.0", "CC BY-SA 3.0"):
        assert licence in found.licence
    card = (path.parent / "card.md").read_text("utf-8")
    for word in ("IBM", "Polarized Issues", "DeliberationBank", "language model", "Limits"):
        assert word in card

"""A PEFT adapter as GGUF does in llama.cpp what it does in torch."""

from __future__ import annotations

import errno
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from acuerdo.api import adapters as exporting_runs
from acuerdo.api import export_drafter
from acuerdo.domain.errors import SettingsError, StorageError, WeightsError
from acuerdo.llm import WEIGHTS, Label, export_adapter, fitting_adapter, next_token_logs
from acuerdo.llm import adapter_export as exporting
from acuerdo.llm.gguf import Q8_0, read_header
from acuerdo.llm.peft_folder import read_peft
from tests.llm.training.tiny_llama import TOKENS, tiny_llama, with_random_lora, write_gguf

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::FutureWarning")]

SHIPPED = WEIGHTS["smollm2-135m-instruct"]
LABEL = Label("fair", "plain", "CC0-1.0", "Made up.", "1")
PROMPTS = [[int(x) for x in np.random.default_rng(k).integers(3, 90, 12 + k)] for k in range(4)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gguf(tiny_llama(), tmp_path_factory.mktemp("base") / "tiny.gguf")


def saved(folder: Path, **options: Any) -> tuple[Any, Path]:
    tuned = with_random_lora(tiny_llama(), **options)
    tuned.save_pretrained(folder)
    return tuned, folder


@pytest.fixture(scope="module")
def peft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved(tmp_path_factory.mktemp("peft"))[1]


def in_torch(model: Any) -> np.ndarray:
    with torch.inference_mode():
        last = [model(torch.tensor([prompt])).logits[0, -1] for prompt in PROMPTS]
        return np.asarray(torch.log_softmax(torch.stack(last), -1))


def gap(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max())


def test_the_bare_model_is_the_same_in_both(base: Path) -> None:
    assert gap(in_torch(tiny_llama()), next_token_logs(base, PROMPTS, threads=1)) < 0.02


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"use_rslora": True},
        {"alpha_pattern": {"q_proj": 24.0, "1.mlp.up_proj": 2.0}},
        {"rank_pattern": {"k_proj": 8}},
        {"target_modules": ["q_proj"]},
        {"target_modules": ["k_proj"]},
    ],
    ids=["plain", "rank-stabilised", "alpha of layers", "rank of layers", "queries", "keys"],
)
def test_the_adapter_does_the_same_in_both(
    options: dict[str, Any], base: Path, tmp_path: Path
) -> None:
    tuned, folder = saved(tmp_path / "peft", **options)
    adapter = export_adapter(folder, base, tmp_path / "a.gguf", LABEL)
    wanted = in_torch(tuned)
    found = next_token_logs(base, PROMPTS, adapter=adapter.path, threads=1)
    without = next_token_logs(base, PROMPTS, threads=1)
    assert gap(wanted, found) < 0.05
    assert gap(wanted, without) > 10 * gap(wanted, found), "the adapter changes something"


def test_rows_left_in_their_order_would_be_wrong(
    base: Path, peft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = export_adapter(peft, base, tmp_path / "right.gguf", LABEL).path
    monkeypatch.setattr(exporting, "INTERLEAVED", frozenset())
    monkeypatch.setattr(exporting, "AS_THEY_ARE", frozenset({"llama"}))
    wrong = export_adapter(peft, base, tmp_path / "wrong.gguf", LABEL).path
    one, other = (next_token_logs(base, PROMPTS, adapter=a, threads=1) for a in (right, wrong))
    assert gap(one, other) > 0.5


def test_the_order_makes_neighbours_of_what_turns_together() -> None:
    """Turning value i with i + half before is turning neighbours after: scores stay the same."""
    rng = np.random.default_rng(4)
    query, key = rng.normal(size=(2, 1, 16)).astype(np.float32)

    def turned(rows: np.ndarray, position: int, neighbours: bool) -> np.ndarray:
        pairs = rows.reshape(8, 2).T if neighbours else rows.reshape(2, 8)
        angles = position * 10000.0 ** (-np.arange(8) / 8)
        first = pairs[0] * np.cos(angles) - pairs[1] * np.sin(angles)
        second = pairs[0] * np.sin(angles) + pairs[1] * np.cos(angles)
        turned = np.array([first, second])
        return (turned.T if neighbours else turned).ravel()

    before = turned(query, 3, False) @ turned(key, 7, False)
    query, key = (exporting.in_llama_order(rows.reshape(16, 1), 1).ravel() for rows in (query, key))
    assert turned(query, 3, True) @ turned(key, 7, True) == pytest.approx(before, rel=1e-5)


def test_halves_of_floats_are_read_as_they_are(base: Path, tmp_path: Path) -> None:
    tuned, folder = saved(tmp_path / "peft")
    whole = read_peft(folder)
    tuned.to(torch.bfloat16).save_pretrained(folder)
    for exact, rounded in zip(whole, read_peft(folder), strict=True):
        np.testing.assert_allclose(rounded.b, exact.b, rtol=2**-8, atol=1e-30)
        assert (exact.layer, exact.scale, exact.rank) == (rounded.layer, 2.0, 4)


def test_eight_bits_take_half_the_room_where_rows_fit(base: Path, tmp_path: Path) -> None:
    _, folder = saved(tmp_path / "peft", r=32, lora_alpha=8.0)
    one = export_adapter(folder, base, tmp_path / "one.gguf", LABEL)
    half = export_adapter(folder, base, tmp_path / "half.gguf", LABEL, precision="q8_0")
    assert {tensor.kind for tensor in read_header(half.path).tensors} == {Q8_0}
    assert half.size < 0.6 * one.size
    first, second = (next_token_logs(base, PROMPTS, adapter=a.path, threads=1) for a in (one, half))
    assert 0 < gap(first, second) < 0.5


def test_what_the_label_says_stands_in_the_file(base: Path, peft: Path, tmp_path: Path) -> None:
    adapter = export_adapter(peft, base, tmp_path / "a.gguf", LABEL)
    assert (adapter.name, adapter.template, adapter.licence) == ("fair", "plain", "CC0-1.0")
    assert adapter.base == "Tiny random llama"
    said = read_header(adapter.path).metadata
    assert said["acuerdo.base.vocabulary"] == len(TOKENS)
    assert said["adapter.lora.alpha"] == 8.0


def test_a_full_disk_leaves_the_older_file(
    base: Path, peft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = export_adapter(peft, base, tmp_path / "out" / "a.gguf", LABEL).path
    before = out.read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gguf.GGUFWriter.write_tensors_to_file", full)
    with pytest.raises(StorageError, match="No space left") as error:
        export_adapter(peft, base, out, Label("other"))
    assert error.value.where == str(out)
    assert out.read_bytes() == before
    assert list(out.parent.iterdir()) == [out]


def changed(folder: Path, peft: Path, **config: object) -> Path:
    folder.mkdir()
    said = json.loads((peft / "adapter_config.json").read_text("utf-8")) | config
    (folder / "adapter_config.json").write_text(json.dumps(said), "utf-8")
    weights = (peft / "adapter_model.safetensors").read_bytes()
    (folder / "adapter_model.safetensors").write_bytes(weights)
    return folder


@pytest.mark.parametrize(
    "config",
    [
        {"peft_type": "IA3"},
        {"use_dora": True},
        {"modules_to_save": ["lm_head"]},
        {"bias": "all"},
        {"init_lora_weights": "pissa_niter_4"},
    ],
)
def test_more_than_low_rank_layers_is_refused(
    config: dict[str, object], base: Path, peft: Path, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError, match="cannot be a GGUF adapter"):
        export_adapter(changed(tmp_path / "x", peft, **config), base, tmp_path / "a.gguf", LABEL)
    assert not (tmp_path / "a.gguf").exists()


def test_damaged_weights_are_named(base: Path, peft: Path, tmp_path: Path) -> None:
    folder = changed(tmp_path / "x", peft)
    weights = folder / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-9])
    with pytest.raises(WeightsError, match="truncated or damaged") as error:
        export_adapter(folder, base, tmp_path / "a.gguf", LABEL)
    assert error.value.where == str(weights)
    weights.unlink()
    with pytest.raises(WeightsError, match="no such file"):
        export_adapter(folder, base, tmp_path / "a.gguf", LABEL)


def test_an_empty_folder_is_no_adapter(base: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no LoRA adapter"):
        export_adapter(tmp_path, base, tmp_path / "a.gguf", LABEL)


def test_training_that_went_astray_is_not_shipped(base: Path, tmp_path: Path) -> None:
    tuned = with_random_lora(tiny_llama())
    for name, parameter in tuned.named_parameters():
        if "1.mlp.up_proj.lora_B" in name:
            parameter.data[3, 2] = math.nan
    tuned.save_pretrained(tmp_path / "peft")
    with pytest.raises(WeightsError, match=r"up_proj.*not finite"):
        export_adapter(tmp_path / "peft", base, tmp_path / "a.gguf", LABEL)


def test_an_adapter_is_no_base_to_write_for(peft: Path, base: Path, tmp_path: Path) -> None:
    adapter = export_adapter(peft, base, tmp_path / "a.gguf", LABEL).path
    with pytest.raises(WeightsError, match="not a base model"):
        export_adapter(peft, adapter, tmp_path / "b.gguf", LABEL)
    assert not (tmp_path / "b.gguf").exists()


def test_an_adapter_runs_only_on_the_base_it_was_written_for(
    peft: Path, base: Path, tmp_path: Path
) -> None:
    model = tiny_llama(seed=5)
    model.model.norm.weight.data[0] = 1.5
    other = write_gguf(model, tmp_path / "other.gguf")
    adapter = export_adapter(peft, other, tmp_path / "a.gguf", LABEL).path
    assert fitting_adapter(adapter, other).path == adapter
    with pytest.raises(WeightsError, match="same shape but other weights"):
        fitting_adapter(adapter, base)


def test_without_the_package_it_says_what_to_install(
    base: Path, peft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(SettingsError, match="needs the package gguf") as error:
        export_adapter(peft, base, tmp_path / "a.gguf", LABEL)
    assert "acuerdo[train]" in error.value.fix


def test_a_run_folder_is_exported_with_what_its_card_says(
    base: Path, peft: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    changed(run / "adapter", peft)
    card = {"name": "ours", "template": "direct", "data": [{"licence": "CC BY 4.0"}]}
    (run / "card.json").write_text(json.dumps(card), "utf-8")
    adapter = export_drafter(run, tmp_path / "a.gguf", base=base)
    assert (adapter.name, adapter.template, adapter.licence) == ("ours", "direct", "CC BY 4.0")
    assert export_drafter(run, adapter.path, base=base, template="plain").template == "plain"


def run_on(base: dict[str, str], folder: Path, peft: Path) -> Path:
    folder.mkdir()
    changed(folder / "adapter", peft)
    (folder / "card.json").write_text(json.dumps({"kind": "drafter", "base": base}), "utf-8")
    return folder


@pytest.mark.parametrize(
    "of",
    [
        {"name": SHIPPED.name, "sha256": SHIPPED.packed_sha256},
        {"name": "renamed.gguf", "sha256": SHIPPED.sha256},
        {"name": SHIPPED.name},
        {},
    ],
    ids=["packed", "as it runs", "by name", "unnamed"],
)
def test_a_run_on_the_bundled_weights_needs_no_base(
    of: dict[str, str], base: Path, peft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting_runs, "fetch", lambda *_: base)
    adapter = export_drafter(run_on(of, tmp_path / "run", peft), tmp_path / "a.gguf")
    assert adapter.base == "Tiny random llama"


def test_a_run_on_another_model_is_exported_for_the_base_that_is_given(
    base: Path, peft: Path, tmp_path: Path
) -> None:
    run = run_on({"name": "another model", "sha256": "12" * 32}, tmp_path / "run", peft)
    with pytest.raises(WeightsError, match="tuned on another model"):
        export_drafter(run, tmp_path / "a.gguf")
    assert export_drafter(run, tmp_path / "a.gguf", base=base).path.is_file()

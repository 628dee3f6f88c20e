"""Many statements behind one prompt: the same latents, fewer tokens to read; and LoRA."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaModel

from acuerdo.domain.errors import SettingsError, WeightsError
from acuerdo.neural import CausalScorer, Row, collated, load_backbone, with_lora

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::FutureWarning")]


def scorer() -> CausalScorer:
    with torch.random.fork_rng():
        torch.manual_seed(3)
        config = LlamaConfig(
            vocab_size=64,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            intermediate_size=64,
            max_position_embeddings=1024,
            pad_token_id=0,
        )
        made = CausalScorer(LlamaModel(config))
        torch.nn.init.normal_(made.head.score.weight)
    return made.eval()


def rows(prompt: int, statements: int) -> tuple[Row, list[Row]]:
    random = np.random.default_rng(2)
    endings = [random.integers(1, 64, size=int(random.integers(3, 14))) for _ in range(statements)]
    first = random.integers(1, 64, size=prompt).tolist()
    return Row(first, [0] * prompt), [Row(ids.tolist(), [1] * len(ids)) for ids in endings]


def one_by_one(model: CausalScorer, prompt: Row, endings: list[Row]) -> torch.Tensor:
    with torch.inference_mode():
        whole = [Row(prompt.ids + row.ids, prompt.types + row.types) for row in endings]
        return torch.cat([model(collated([row], [1], 0)) for row in whole])


def test_shared_prompts_give_the_same_latents() -> None:
    model = scorer()
    prompt, endings = rows(37, 11)
    alone = one_by_one(model, prompt, endings)
    assert alone.std() > 0.1
    torch.testing.assert_close(model.behind(prompt, endings, 4), alone, rtol=1e-4, atol=1e-5)


def test_padding_changes_nothing() -> None:
    model = scorer()
    prompt, endings = rows(20, 5)
    whole = [Row(prompt.ids + row.ids, prompt.types + row.types) for row in endings]
    with torch.inference_mode():
        together = model(collated(whole, [1] * 5, 0))
    torch.testing.assert_close(together, one_by_one(model, prompt, endings), rtol=1e-4, atol=1e-5)


def test_shared_prompts_read_a_fraction_of_the_tokens() -> None:
    """Counted, not timed: the seconds are measured by benchmarks/prefix.py."""
    model = scorer()
    prompt, endings = rows(256, 24)
    read: list[int] = []

    def count(_module: torch.nn.Module, _inputs: object, hidden: torch.Tensor) -> None:
        read.append(hidden.shape[0] * hidden.shape[1])

    model.backbone.embed_tokens.register_forward_hook(count)
    one_by_one(model, prompt, endings)
    loop = sum(read)
    assert loop >= sum(len(prompt.ids) + len(row.ids) for row in endings)
    read.clear()
    model.behind(prompt, endings, 32)
    assert sum(read) * 6 < loop, "the prompt is read once, with room for padded endings"


def test_lora_trains_little_and_starts_as_the_model_it_is_put_on() -> None:
    plain = scorer()
    prompt, endings = rows(10, 3)
    before = one_by_one(plain, prompt, endings)
    plain.backbone = with_lora(
        plain.backbone, rank=2, alpha=4, dropout=0.0, targets="all-linear"
    ).eval()
    torch.testing.assert_close(one_by_one(plain, prompt, endings), before)
    torch.testing.assert_close(plain.behind(prompt, endings, 8), before, rtol=1e-4, atol=1e-5)
    trained = {name for name, value in plain.named_parameters() if value.requires_grad}
    assert trained
    assert all("lora_" in name or name.startswith("head.") for name in trained)


def test_gguf_needs_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match="gguf") as error:
        load_backbone(tmp_path / "model.gguf")
    assert "pip install gguf" in error.value.fix


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"config\.json is missing"):
        load_backbone(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(WeightsError, match="cannot be loaded"):
        load_backbone(tmp_path)

"""Reward models as other programs read them."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification

from acuerdo.domain.errors import WeightsError
from acuerdo.neural import (
    CausalScorer,
    PromptReader,
    collated,
    load_backbone,
    load_reward_model,
    save_reward_model,
    with_lora,
)
from tests.train import tiny

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore::FutureWarning")]

STATEMENTS = ("ban cars", "keep cars always", "build more bike lanes because streets are loud")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CausalScorer, PromptReader]:
    """A causal scorer with LoRA layers that change something, and its reward model."""
    folder = tmp_path_factory.mktemp("reward")
    backbone, tokenizer = load_backbone(tiny.causal(folder / "base"))
    with torch.random.fork_rng():
        torch.manual_seed(5)
        lora = with_lora(backbone, rank=2, alpha=4, dropout=0.0, targets="all-linear")
        scorer = CausalScorer(lora)
        for name, value in scorer.named_parameters():
            if "lora_" in name or name.startswith("head.score"):
                torch.nn.init.normal_(value, std=0.3)
        torch.nn.init.ones_(scorer.head.nuisance)
    scorer.eval()
    save_reward_model(scorer, tokenizer, folder / "saved")
    return folder / "saved", scorer, PromptReader(tokenizer, 64)


def latents(scorer: CausalScorer, reader: PromptReader) -> tuple[torch.Tensor, torch.Tensor]:
    question, opinion, *statements = reader.tokens(["should we", "cars are loud", *STATEMENTS])
    rows = [reader.row(question, opinion, statement) for statement in statements]
    batch = collated(rows, [1, 2, 3], 0)
    with torch.inference_mode():
        return batch.ids, scorer(batch)


def test_transformers_reads_the_same_scores(
    saved: tuple[Path, CausalScorer, PromptReader],
) -> None:
    folder, scorer, reader = saved
    ids, found = latents(scorer, reader)
    model, info = AutoModelForSequenceClassification.from_pretrained(
        folder, local_files_only=True, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert model.config.num_labels == 1
    assert any(name == "score.weight" for name in model.state_dict())
    with torch.inference_mode():
        logits = model(input_ids=ids, attention_mask=(ids != 0).long()).logits
    assert logits.shape == (3, 1)
    assert found.std() > 0.05
    torch.testing.assert_close(logits[:, 0], found, rtol=1e-4, atol=1e-5)


def test_ours_read_back_is_ours(saved: tuple[Path, CausalScorer, PromptReader]) -> None:
    folder, scorer, reader = saved
    back, _ = load_reward_model(folder)
    torch.testing.assert_close(
        latents(back, reader)[1], latents(scorer, reader)[1], rtol=1e-4, atol=1e-5
    )


def test_a_missing_head_is_an_error(
    saved: tuple[Path, CausalScorer, PromptReader], tmp_path: Path
) -> None:
    """As left behind where another program trained a reward model and lost its head."""
    folder = saved[0]
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    kept = load_file(tmp_path / "model.safetensors")
    del kept["score.weight"]
    save_file(kept, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WeightsError, match=r"score\.weight") as error:
        load_reward_model(tmp_path)
    assert str(tmp_path) in error.value.where


def test_a_head_of_another_shape_is_an_error(
    saved: tuple[Path, CausalScorer, PromptReader], tmp_path: Path
) -> None:
    folder = saved[0]
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    kept = load_file(tmp_path / "model.safetensors")
    kept["score.weight"] = torch.zeros(3, 32)
    save_file(kept, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WeightsError):
        load_reward_model(tmp_path)

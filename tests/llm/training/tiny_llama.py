"""A random model of the llama family, the same as torch module and as GGUF file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

from acuerdo.llm.adapter_export import in_llama_order

HEADS, KEY_HEADS, WIDTH, BLOCKS = 4, 2, 64, 2
BYTES = [chr(code) for code in range(33, 127)]
TOKENS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *BYTES, "Ġ", "Ċ", "ĠĠ"]

_LAYERS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}


def tiny_llama(seed: int = 0) -> Any:
    """Return the torch module; its weights are large enough that positions matter."""
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(TOKENS),
        hidden_size=WIDTH,
        intermediate_size=96,
        num_hidden_layers=BLOCKS,
        num_attention_heads=HEADS,
        num_key_value_heads=KEY_HEADS,
        max_position_embeddings=512,
        initializer_range=0.2,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
    )
    return LlamaForCausalLM(config).eval()


def with_random_lora(model: Any, *, seed: int = 1, **options: Any) -> Any:
    """Put an adapter on it that changes much."""
    generator = torch.Generator().manual_seed(seed)
    chosen = {"r": 4, "lora_alpha": 8.0, "target_modules": "all-linear", **options}
    tuned = get_peft_model(model, LoraConfig(**chosen))
    for name, parameter in tuned.named_parameters():
        if "lora_" in name:
            parameter.data = torch.randn(parameter.shape, generator=generator) * 0.2
    return tuned.eval()


def write_gguf(model: Any, path: Path) -> Path:
    """Write the module as llama.cpp's own converter would."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("model")
    writer.add_name("Tiny random llama")
    writer.add_context_length(512)
    writer.add_block_count(BLOCKS)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(96)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(TOKENS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3, 3, 3] + [1] * (len(TOKENS) - 3))
    writer.add_token_merges(["Ġ Ġ"])
    writer.add_eos_token_id(2)
    for name, tensor in model.state_dict().items():
        if name != "lm_head.weight":
            values = tensor.float().numpy()
            heads = {"q_proj": HEADS, "k_proj": KEY_HEADS}.get(name.split(".")[-2], 0)
            writer.add_tensor(_name(name), in_llama_order(values, heads) if heads else values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _name(name: str) -> str:
    outside = {"model.embed_tokens.weight": "token_embd", "model.norm.weight": "output_norm"}
    if name in outside:
        return f"{outside[name]}.weight"
    _, _, block, layer = name.removesuffix(".weight").split(".", 3)
    return f"blk.{block}.{_LAYERS[layer]}.weight"

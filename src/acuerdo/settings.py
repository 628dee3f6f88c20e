"""Settings of the machine and the person running Acuerdo, read once from the environment.

What belongs to one run (how many candidates, which rule) is an option of that run, not a setting.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from acuerdo.domain.errors import SettingsError


class Settings(BaseSettings):
    """Every setting is an environment variable `ACUERDO_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="ACUERDO_",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        populate_by_name=True,
    )

    model: str = Field(
        default="",
        description="Language model: the name of bundled weights, a path to a GGUF file, or the "
        "name of a model on the server. Empty: the server's only model if a server is set, "
        "otherwise the bundled default.",
    )
    openai_base_url: str = Field(
        default="",
        validation_alias=AliasChoices(
            "ACUERDO_OPENAI_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_ENDPOINT_URL"
        ),
        description="Address of an OpenAI-compatible server, with or without /v1.",
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias=AliasChoices(
            "ACUERDO_OPENAI_API_KEY", "OPENAI_API_KEY", "OPENAI_API_ENDPOINT_KEY"
        ),
        description="Key for that server.",
    )
    cache_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("acuerdo")),
        description="Folder for weights and for the cache of model replies.",
    )
    cache: bool = Field(
        default=True,
        description="Keep model replies on disk, so that a run can be resumed and replayed.",
    )
    adapter: Path | None = Field(
        default=None,
        description="A LoRA adapter (GGUF) to load on top of the embedded model. Empty: the one "
        'that comes with the default weights. "none": the bare model.',
    )
    chat_template: str = Field(
        default="",
        description="Chat template of the embedded model by name, if it is not recognised.",
    )
    threads: int | None = Field(
        default=None, ge=1, description="Threads of the embedded model. Default: all cores."
    )
    parallel: int = Field(
        default=16, ge=1, le=256, description="Requests the embedded model works on at once."
    )
    concurrency: int = Field(
        default=32, ge=1, le=1024, description="Requests in flight at once to a server."
    )
    timeout: float = Field(
        default=120.0, gt=0, description="Seconds after which a request to a server is given up."
    )
    retries: int = Field(
        default=4, ge=0, le=20, description="How often a failed request to a server is repeated."
    )
    max_tokens: int | None = Field(
        default=None, ge=1, description="Ceiling on prompt and completion tokens of one run."
    )
    max_cost: float | None = Field(
        default=None, gt=0, description="Ceiling on the cost of one run, in the prices' currency."
    )
    max_seconds: float | None = Field(
        default=None, gt=0, description="Ceiling on the time a run spends on the model."
    )
    price_prompt: float = Field(
        default=0.0, ge=0, description="Price of a million prompt tokens, for the cost ceiling."
    )
    price_completion: float = Field(
        default=0.0, ge=0, description="Price of a million completion tokens."
    )

    @property
    def weights_dir(self) -> Path:
        return self.cache_dir / "weights"

    @property
    def completions_dir(self) -> Path:
        return self.cache_dir / "completions"


def read_settings() -> Settings:
    """Read the settings; raises SettingsError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        variable = name if name.isupper() else f"ACUERDO_{name.upper()}"
        raise SettingsError(
            f"{first['msg']} (got {first.get('input')!r})" if "KEY" not in variable else "unusable",
            where=variable,
            fix="Correct or unset this environment variable.",
        ) from error

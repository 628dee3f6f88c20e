"""Small questions that every front door asks: which version, which rules, which settings."""

from __future__ import annotations

from importlib.metadata import version as installed_version

from acuerdo.choose import RULES, explain
from acuerdo.settings import Settings, read_settings


def version() -> str:
    """Return the installed version."""
    return installed_version("acuerdo")


def rule_explanations() -> dict[str, str]:
    """Return one plain sentence per rule, by name."""
    return {name: explain(name) for name in RULES}


def settings_for(*, model: str = "", base_url: str = "", cache: bool = True) -> Settings:
    """Return the environment's settings with what an option overrides.

    Raises SettingsError naming the variable that is wrong.
    """
    settings = read_settings()
    changes: dict[str, object] = {"cache": settings.cache and cache}
    if model:
        changes["model"] = model
    if base_url:
        changes["openai_base_url"] = base_url
    return settings.model_copy(update=changes)

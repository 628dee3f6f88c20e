"""Settings come from the environment, under their own and under the common names."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from acuerdo.api import settings_for
from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Unwatched
from acuerdo.recipes import Recipe
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import build_parts


@pytest.mark.parametrize(
    "variable", ["ACUERDO_OPENAI_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_ENDPOINT_URL"]
)
def test_the_server_is_found_under_every_name(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://localhost:8000")

    assert read_settings().openai_base_url == "http://localhost:8000"


def test_a_key_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-key")
    settings = read_settings()

    assert settings.openai_api_key.get_secret_value() == "secret-key"
    assert "secret-key" not in repr(settings)


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUERDO_TIMEOUT", "soon")
    with pytest.raises(SettingsError, match="ACUERDO_TIMEOUT"):
        read_settings()


def test_settings_can_be_made_by_name_and_unknown_ones_are_refused() -> None:
    assert Settings(openai_base_url="http://here").openai_base_url == "http://here"
    with pytest.raises(ValidationError):
        Settings(openai_url="http://here")  # type: ignore[call-arg]


def test_options_override_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUERDO_MODEL", "one")

    assert settings_for(model="two").model == "two"
    assert settings_for().model == "one"
    assert settings_for(cache=False).cache is False


def test_a_cost_ceiling_without_prices_is_refused(tmp_path: Path) -> None:
    settings = Settings(
        model="some", openai_base_url="http://localhost:1", max_cost=1.0, cache_dir=tmp_path
    )
    with pytest.raises(SettingsError, match="prices"):
        build_parts(settings, Recipe(), Unwatched())


@pytest.mark.parametrize(
    "recipe",
    [Recipe(drafters=("poet",)), Recipe(predictor="oracle", drafters=()), Recipe(rule="dictator")],
    ids=["drafter", "predictor", "rule"],
)
def test_an_unknown_part_is_refused_with_the_names_there_are(
    recipe: Recipe, tmp_path: Path
) -> None:
    settings = Settings(model="some", openai_base_url="http://localhost:1", cache_dir=tmp_path)
    with pytest.raises(SettingsError, match=r"Choose one of|schulze"):
        build_parts(settings, recipe, Unwatched())


def test_a_run_without_a_model_needs_no_weights(tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path)
    parts = build_parts(settings, Recipe(drafters=("extractive", "opinions")), Unwatched())

    assert len(parts.drafters) == 2
    assert not (tmp_path / "weights").exists()

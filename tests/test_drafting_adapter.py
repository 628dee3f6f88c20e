"""Which adapter drafts, and with which prompt: as shipped, switched off, one's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from acuerdo import recipes
from acuerdo.api import list_models
from acuerdo.cli.models import models_app
from acuerdo.domain.errors import SettingsError, WeightsError
from acuerdo.ports import Unwatched
from acuerdo.recipes import DEFAULT_WEIGHTS, Recipe, chosen_adapter, fitted
from acuerdo.settings import Settings
from acuerdo.wiring import build_parts
from tests.llm.adapter_files import adapter_file, base_file, sealed_adapter

RECIPE = Recipe(drafters=("model",), predictor="length")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let an adapter come with the package."""
    monkeypatch.delenv("ACUERDO_ADAPTER", raising=False)
    path = adapter_file(tmp_path / "shipped.gguf")
    monkeypatch.setattr(recipes, "shipped_adapter", lambda: path)
    return path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return base_file(tmp_path / "base.gguf")


def chosen(template: str = "", **settings: object) -> Path | None:
    adapter = chosen_adapter(Settings.model_validate(settings), template)
    return None if adapter is None else adapter.path


@pytest.mark.parametrize("model", ["", DEFAULT_WEIGHTS])
def test_the_default_weights_draft_with_what_ships(shipped: Path, model: str) -> None:
    assert chosen(model=model) == shipped
    assert chosen(model=model, template="plain") == shipped


def test_it_can_be_turned_off(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUERDO_ADAPTER", "none")
    assert chosen() is None


def test_another_prompt_asks_the_bare_weights(shipped: Path) -> None:
    assert chosen("by_example") is None


def test_other_models_do_without(shipped: Path, base: Path) -> None:
    assert chosen(model=str(base)) is None
    assert chosen(openai_base_url="http://localhost:1") is None
    assert chosen(model="large", openai_base_url="http://localhost:1") is None


def test_nothing_is_missed_where_none_ships(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "shipped_adapter", lambda: None)
    assert chosen() is None


def test_ones_own_goes_before_what_ships(shipped: Path, tmp_path: Path) -> None:
    own = adapter_file(tmp_path / "own.gguf")
    assert chosen(adapter=own) == own
    assert chosen("direct", adapter=own) == own, "both were asked for"


def test_a_server_cannot_load_an_adapter(shipped: Path, tmp_path: Path) -> None:
    own = adapter_file(tmp_path / "own.gguf")
    with pytest.raises(SettingsError, match="on a server"):
        chosen(adapter=own, openai_base_url="http://localhost:1")
    assert chosen(adapter="none", openai_base_url="http://localhost:1") is None


def test_a_missing_adapter_is_named_before_anything_is_fetched(tmp_path: Path) -> None:
    settings = Settings(adapter=tmp_path / "nowhere.gguf", cache_dir=tmp_path / "cache")
    with pytest.raises(WeightsError, match="no such file"):
        build_parts(settings, RECIPE, Unwatched())
    assert not (tmp_path / "cache").exists()


def drafter_name(settings: Settings, recipe: Recipe = RECIPE) -> str:
    (drafter,) = build_parts(settings, recipe, Unwatched()).drafters
    return drafter.name


def test_the_prompt_is_the_one_it_was_tuned_on(tmp_path: Path, base: Path) -> None:
    tuned = Settings(model=str(base), adapter=sealed_adapter(tmp_path / "own.gguf", base))
    name = drafter_name(tuned)
    assert name.startswith("base+own@")
    assert name.endswith("(plain)")
    assert drafter_name(tuned, Recipe(template="direct", drafters=("model",))).endswith("(direct)")
    assert drafter_name(Settings(model=str(base), adapter=Path("none"))).endswith("(direct)")


def test_one_that_names_no_prompt_changes_none(tmp_path: Path, base: Path) -> None:
    foreign = adapter_file(tmp_path / "own.gguf", {"acuerdo.template": ""})
    assert drafter_name(Settings(model=str(base), adapter=foreign)).endswith("(direct)")


def test_the_list_of_models_says_what_is_in_use(shipped: Path) -> None:
    (file,) = list_models(Settings())
    assert file.adapter is not None
    assert file.adapter.path == shipped
    assert list_models(Settings(adapter=Path("none")))[0].adapter is None
    said = CliRunner().invoke(models_app, []).output
    assert "the adapter fair (0 MB, CC0-1.0)" in said
    assert "ACUERDO_ADAPTER=none turns it off" in said


@pytest.mark.parametrize(
    ("asked", "model", "expected"),
    [
        (Recipe(), "", ("plain", 0.3)),
        (Recipe(temperature=0.9), "", ("plain", 0.9)),
        (Recipe(template="direct"), "", ("direct", 0.8)),
        (Recipe(), "large", ("direct", 0.8)),
    ],
)
def test_prompt_and_temperature_suit_who_drafts(
    asked: Recipe, model: str, expected: tuple[str, float], shipped: Path
) -> None:
    address = "http://localhost:1" if model else ""
    full = fitted(Settings(model=model, openai_base_url=address), asked)
    assert (full.template, full.temperature) == expected

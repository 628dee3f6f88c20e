"""`acuerdo train export`: what it says where nothing can be exported (no torch needed)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from acuerdo.api.adapters import label_of
from acuerdo.cli.train import train_app
from tests.llm.adapter_files import base_file

RUNNER = CliRunner()


def run(*words: object) -> str:
    done = RUNNER.invoke(train_app, ["export", *map(str, words)])
    assert done.exit_code in (1, 2), done.output
    return " ".join(done.output.split())


def run_folder(folder: Path, **card: Any) -> Path:
    (folder / "adapter").mkdir(parents=True)
    (folder / "adapter" / "adapter_model.safetensors").write_bytes(b"weights")
    (folder / "card.json").write_text(json.dumps({"kind": "drafter"} | card), "utf-8")
    return folder


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return base_file(tmp_path / "base.gguf")


def test_a_folder_without_adapter_is_named(base: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    said = run(tmp_path / "run", "--out", tmp_path / "a.gguf", "--base", base)
    assert "holds no LoRA adapter" in said
    assert not (tmp_path / "a.gguf").exists()


def test_a_missing_base_is_named(tmp_path: Path) -> None:
    said = run(tmp_path, "--out", tmp_path / "a.gguf", "--base", tmp_path / "no.gguf")
    assert "no such file" in said


def test_names_nobody_knows_list_those_there_are(base: Path, tmp_path: Path) -> None:
    words = (tmp_path, "--out", tmp_path / "a.gguf", "--base", base)
    assert "f16, q8_0" in run(*words, "--precision", "f4")
    assert "by_example" in run(*words, "--template", "rhymes")


def test_a_damaged_card_is_named(base: Path, tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("{", "utf-8")
    said = run(tmp_path, "--out", tmp_path / "a.gguf", "--base", base)
    assert "the card cannot be read" in said


@pytest.mark.parametrize("kind", ["cross_encoder", "causal", "sentences"])
def test_the_folder_of_a_predictor_is_no_drafting_model(
    kind: str, base: Path, tmp_path: Path
) -> None:
    folder = run_folder(tmp_path / "run", kind=kind, base="/models/encoder")
    said = run(folder, "--out", tmp_path / "a.gguf", "--base", base)
    assert "no run folder of a drafting model" in said
    assert kind in said


@pytest.mark.parametrize(
    "of",
    [
        {"name": "tuned-llama.gguf", "sha256": "12" * 32},
        {"name": "tuned-llama"},
        {"name": "smollm2-135m-instruct", "sha256": "12" * 32},
    ],
    ids=["a file", "a folder", "a namesake"],
)
def test_a_run_on_another_model_needs_its_base(of: dict[str, str], tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", base=of)
    said = run(folder, "--out", tmp_path / "a.gguf")
    assert f"tuned on {of['name']}, not on the bundled weights" in said
    assert "--base" in said


def test_a_changed_adapter_is_refused(base: Path, tmp_path: Path) -> None:
    name = "adapter/adapter_model.safetensors"
    whole = {name: hashlib.sha256(b"weights").hexdigest()}
    folder = run_folder(tmp_path / "run", sha256=whole)
    words = (folder, "--out", tmp_path / "a.gguf", "--base", base)
    assert "changed or damaged" not in run(*words)
    (folder / name).write_bytes(b"Weights")
    said = run(*words)
    assert "not the adapter that the run's card describes" in said
    assert name in said.replace(" ", "")


def test_the_file_says_what_the_card_says() -> None:
    part = {"licence": "CC BY 4.0", "statements_written_by": "a large language model"}
    card = {
        "name": "ours",
        "template": "direct",
        "base": {"name": "small", "licence": "Apache-2.0"},
        "data": [part, part, {"licence": "Apache-2.0"}],
    }
    label = label_of(card, "file")
    assert (label.name, label.template) == ("ours", "direct")
    assert label.licence == "Apache-2.0; CC BY 4.0"
    assert "tuned on small" in label.description
    assert label.description.count("a large language model") == 1
    assert label_of({}, "file").name == "file"
    assert label_of({}, "file").template == "plain"

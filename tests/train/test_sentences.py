"""A whole sentence model on invented data: what comes out, and what it is not made from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acuerdo.datasets import write_judgements
from acuerdo.domain.errors import Cancelled, InputError, WeightsError
from acuerdo.domain.judgements import Judgements
from acuerdo.ports import Unwatched
from acuerdo.predict import FEATURES, load_model
from acuerdo.settings import read_settings
from acuerdo.train import Run, encoder, train_predictor
from acuerdo.train.sentences import LIMITS
from acuerdo.wiring import scorer_named
from tests.train import invented
from tests.train.sentence_parts import write_arguments
from tests.train.watcher import Watcher

pytestmark = pytest.mark.training


def run_of(shelf: Path, **changes: Any) -> Run:
    arguments = {
        "reader": "ibm_argq_rank_30k",
        "path": str(shelf / "arguments"),
        "shares": {"train": 0.5, "validation": 0.5},
    }
    settings: dict[str, Any] = {
        "name": "tiny",
        "kind": "sentences",
        "data": ({"reader": "parquet", "path": str(shelf / "judgements.parquet")},),
        "stance": {"data": (arguments,)},
        "sentences": {"theses": (1,), "texts": 4, "folds": 3, "penalty": 1.0},
        "training": {"steps": 2, "validate_every": 2, "max_tokens": 32, "precision": "fp32"},
    }
    return Run.model_validate(settings | changes)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with arguments, judgements and a sentence model trained on them for two steps."""
    folder = tmp_path_factory.mktemp("shelf")
    write_arguments(folder / "arguments", theses=4)
    write_judgements(invented.judgements(8), folder / "judgements.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder, "VALIDATION_BATCHES", 1)
        train_predictor(run_of(folder), folder / "model", Unwatched(), text="name = 'tiny'\n")
    return folder


def taken(shelf: Path, **changes: Any) -> Run:
    """Return a run that takes the encoder of the model on the shelf, so that it is quick."""
    sentences = {"encoder": str(shelf / "model"), "folds": 3, "penalty": 1.0}
    return run_of(shelf, **{"stance": None, "sentences": sentences, **changes})


def data_of(table: Judgements, folder: Path, **changes: Any) -> tuple[dict[str, Any], ...]:
    path = folder / "other.parquet"
    write_judgements(table, path)
    return ({"reader": "parquet", "path": str(path), **changes},)


def test_a_run_leaves_a_folder_that_wiring_loads(shelf: Path) -> None:
    kept = {path.name for path in (shelf / "model").iterdir()}
    assert {"card.json", "weights.npz", "config.toml", "curves.csv", "curves.png"} <= kept
    table = invented.judgements(8)
    sheet = table.sheet(next(table.questions()))
    scorer = scorer_named(str(shelf / "model"), read_settings(), Unwatched())
    forecast = scorer.score(sheet, Unwatched())
    assert not np.isnan(forecast.expected).any()
    assert len(np.unique(forecast.expected)) > 1


def test_its_card_says_what_it_is(shelf: Path) -> None:
    card = json.loads((shelf / "model" / "card.json").read_text())
    assert card["name"] == "tiny"
    assert card["kind"] == "sentences"
    assert card["limits"] == list(LIMITS)
    assert set(card["features"]) == set(FEATURES)
    assert card["stance"]["steps"] == 2
    phases = [(entry["phase"], entry["part"], entry["rows"]) for entry in card["data"]]
    assert phases == [
        ("stance", "train", 20),
        ("stance", "validation", 20),
        ("ratings", "train", 72),
        ("ratings", "validation", 24),
    ]
    assert {entry["licence"] for entry in card["data"]} == {"CC BY-SA 3.0", "CC0"}
    assert card["calibrated_on"] == {"rows": 96, "questions": 8}


def test_a_finished_run_is_left_as_it_is(shelf: Path) -> None:
    folder = shelf / "model"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert not (folder / "checkpoints").exists()
    train_predictor(taken(shelf), folder, Unwatched())
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_an_encoder_can_be_taken_from_another_model(shelf: Path, tmp_path: Path) -> None:
    train_predictor(taken(shelf), tmp_path, Unwatched())
    first, second = load_model(shelf / "model"), load_model(tmp_path)
    for name, array in first.encoder.items():
        np.testing.assert_array_equal(second.encoder[name], array)
    assert not (tmp_path / "checkpoints").exists()
    assert second.card["stance"]["taken_from"] == "tiny"
    assert second.card["data"][:2] == first.card["data"][:2]
    # Half precision on the way, so nearly the same.
    np.testing.assert_allclose(second.feature_weights, first.feature_weights, rtol=0.05, atol=0.05)


def test_people_without_an_opinion_are_not_learned_from(shelf: Path, tmp_path: Path) -> None:
    rows = list(invented.judgements(8).rows())
    silent = [replace(row, opinion="") if row.person.endswith("-0") else row for row in rows]
    data = data_of(Judgements.of(silent), tmp_path)
    train_predictor(taken(shelf, data=data), tmp_path / "model", Unwatched())
    assert load_model(tmp_path / "model").card["calibrated_on"]["rows"] == 64
    nobody = [replace(row, opinion=" \n") for row in rows]
    with pytest.raises(InputError, match="nobody who rated anything gave an opinion"):
        run = taken(shelf, data=data_of(Judgements.of(nobody), tmp_path))
        train_predictor(run, tmp_path / "none", Unwatched())


def test_one_rating_a_person(shelf: Path, tmp_path: Path) -> None:
    table = invented.judgements(8, people=6, statements=1)
    train_predictor(taken(shelf, data=data_of(table, tmp_path)), tmp_path / "model", Unwatched())
    assert np.isfinite(load_model(tmp_path / "model").feature_weights).all()


def test_one_conversation_tells_nothing_of_others(shelf: Path, tmp_path: Path) -> None:
    data = data_of(invented.judgements(1), tmp_path, shares={"train": 1.0}, validation=())
    with pytest.raises(InputError, match="one conversation only"):
        train_predictor(taken(shelf, data=data), tmp_path / "model", Unwatched())
    assert not (tmp_path / "model" / "card.json").exists()


def test_comparisons_are_refused(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from acuerdo.train import sentences  # noqa: PLC0415 - the module, not the door

    data = sentences.read_data(run_of(shelf))
    source = replace(data.training[0], choice=np.arange(72) // 2)
    monkeypatch.setattr(sentences, "read_data", lambda run: replace(data, training=(source,)))
    with pytest.raises(InputError, match="not from comparisons"):
        train_predictor(taken(shelf), tmp_path, Unwatched())


def test_an_encoder_from_where_there_is_none(shelf: Path, tmp_path: Path) -> None:
    sentences = {"encoder": str(tmp_path / "nowhere")}
    with pytest.raises(WeightsError, match="no card") as error:
        train_predictor(taken(shelf, sentences=sentences), tmp_path / "model", Unwatched())
    assert "nowhere" in error.value.where


def test_a_stop_while_comparing_is_obeyed(shelf: Path, tmp_path: Path) -> None:
    class Stopping(Watcher):
        def stopped(self) -> bool:
            return any(progress.stage == "compare" for progress in self.seen)

    watch = Stopping()
    with pytest.raises(Cancelled):
        train_predictor(taken(shelf), tmp_path, watch)
    assert [p.done for p in watch.seen if p.stage == "compare"] == [1]
    reading = [progress for progress in watch.seen if progress.stage == "read"]
    assert reading[-1].done == reading[-1].total
    assert not (tmp_path / "card.json").exists()

"""Training of the sentence model: stances first, then popularity, then how much each counts.

Nothing that a weight is judged by was seen by what it is judged on: popularity is fitted in folds
of whole conversations, and features are combined and calibrated on what the other folds predict.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import InputError, WeightsError
from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Positions, Values
from acuerdo.llm import SentenceEncoder
from acuerdo.neural import CARD
from acuerdo.ports import Progress, Vectors, Watch, stop_if_asked
from acuerdo.predict import (
    FEATURES,
    SURFACE,
    PreferenceModel,
    load_model,
    popularity_inputs,
    save_model,
    sheet_features,
    shipped_model,
    surface,
)
from acuerdo.train.combining import Rows, calibrated, fitted_weights, rows_of
from acuerdo.train.data import RunData, Source, read_data
from acuerdo.train.describing import counts_of
from acuerdo.train.encoder import CHECKPOINTS, TunedEncoder, train_encoder
from acuerdo.train.popularity import Received, fitted_popularity, folds_of, received
from acuerdo.train.runs import Run

NEUTRAL: Final = Calibration(1.0, (-3.0, -2.0, -1.0, 0.0, 1.0, 2.0))
REMEMBERED: Final = 50_000
"""Texts whose vectors are kept, since questions are read twice: 2 KB each and encoder."""
BLOCK: Final = 50_000
TEXTS_AT_ONCE: Final = 500
SHIPPED: Final = "shipped"
"""What a run file calls the model that comes with the package."""
OFF_TOPIC_SHARE: Final = 0.005
"""Share of the people learned from who would be called off topic."""
MOST_LIKENESS: Final = 0.1
"""Nobody nearer to the rest than this is off topic, however alike the people learned from write."""


@dataclass(frozen=True, slots=True, eq=False)
class _Encoders:
    plain: SentenceEncoder
    tuned: SentenceEncoder


def train_sentences(run: Run, folder: Path, watch: Watch, *, fresh: bool = False) -> None:
    """Train a sentence model into a folder; errors as in `train_predictor`."""
    if (folder / CARD).is_file() and not fresh:
        return
    data = read_data(run)
    if any(source.choice is not None for source in [*data.training, *data.validation]):
        raise InputError(
            "a sentence model learns from ratings and votes, not from comparisons",
            where="[[data]]",
            fix="Leave the readers of comparisons and preferences out.",
        )
    taken = run.sentences.encoder
    encoder = encoder_of(taken) if taken else train_encoder(run, folder, watch, fresh=fresh)
    encoders = _Encoders(
        SentenceEncoder(REMEMBERED), SentenceEncoder(REMEMBERED, tuned=encoder.arrays)
    )
    model = _fitted(run, data, encoder, encoders, watch)
    card = {
        "name": run.name,
        "kind": run.kind,
        "date": datetime.now(UTC).date().isoformat(),
        "encoder": encoders.tuned.name,
        "stance": encoder.measures,
        "features": dict(zip(FEATURES, model.feature_weights.tolist(), strict=True)),
        "data": [*encoder.data, *counts_of({"ratings": data})],
        "seed": run.training.seed,
        "limits": LIMITS,
        **model.card,
    }
    save_model(replace(model, card=card), folder)
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)


def encoder_of(name: str) -> TunedEncoder:
    """Take encoder and stance map from a trained sentence model, or from the one that ships."""
    model = shipped_model() if name == SHIPPED else load_model(Path(name))
    try:
        measures = {**model.card["stance"], "taken_from": str(model.card["name"])}
        learned_from = [entry for entry in model.card["data"] if entry["phase"] == "stance"]
    except (KeyError, TypeError) as error:
        raise WeightsError(
            "the card does not say how the encoder was trained", where=name
        ) from error
    return TunedEncoder(
        model.encoder, model.stance_weights, model.stance_bias, measures, learned_from
    )


LIMITS: Final = (
    "Knows what kind of statement is well received and which side a text stands on; hardly what an "
    "individual would say beyond that.",
    "The stance part was learned from English arguments; other languages profit as far as the "
    "encoder puts them near.",
    "Calibrated on voters of public Polis conversations and of United States online panels.",
    "Predicts what people would say about a text, not whether the text is true.",
)


def _fitted(
    run: Run,
    data: RunData,
    encoder: TunedEncoder,
    encoders: _Encoders,
    watch: Watch,
) -> PreferenceModel:
    """Fit popularity, the weights of the features and the calibration."""
    sources = [*data.training, *data.validation]
    found = received([(source.judgements, source.weight) for source in sources])
    if len(np.unique(found.whole)) < 2:
        raise InputError(
            "there is one conversation only, so nothing can be tried on what was not seen",
            fix="Add data of other conversations or questions.",
        )
    raw = surface(found.texts)
    mean, scale = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1e-6)
    model = PreferenceModel(
        encoder=encoder.arrays,
        stance_weights=encoder.stance_weights,
        stance_bias=encoder.stance_bias,
        popularity_weights=np.zeros(encoder.stance_weights.shape[0] // 2 + len(SURFACE)),
        surface_mean=mean,
        surface_scale=scale,
        feature_weights=np.ones(len(FEATURES)),
        least_likeness=-1.0,
        calibration=NEUTRAL,
        card={},
    )
    inputs = popularity_inputs(_embedded(encoders, found, watch), model.standardised(raw))
    fold = folds_of(found.whole, run.sentences.folds, run.training.seed)
    weights, unseen = fitted_popularity(inputs, found, fold=fold, penalty=run.sentences.penalty)
    places = zip(found.sheet.tolist(), found.texts, strict=True)
    by_place = dict(zip(places, unseen.tolist(), strict=True))
    rows, topics = _rows(model, sources, by_place, encoders, watch)
    fitted = fitted_weights(rows)
    model = replace(
        model,
        popularity_weights=weights,
        feature_weights=fitted,
        least_likeness=min(float(np.quantile(topics, OFF_TOPIC_SHARE)), MOST_LIKENESS),
    )
    calibration = calibrated(model.latent(rows.features), rows)
    return replace(model, calibration=calibration, card={"calibrated_on": _calibrated_on(rows)})


def _calibrated_on(rows: Rows) -> dict[str, Any]:
    return {"rows": len(rows.agreement), "questions": len(np.unique(rows.question))}


def _embedded(encoders: _Encoders, found: Received, watch: Watch) -> Vectors:
    parts = []
    for start in range(0, len(found.texts), TEXTS_AT_ONCE):
        stop_if_asked(watch)
        parts.append(encoders.plain.embed(found.texts[start : start + TEXTS_AT_ONCE]))
        done = min(start + TEXTS_AT_ONCE, len(found.texts))
        watch.report(Progress("read", done, len(found.texts)))
    return np.concatenate(parts)


def _rows(
    model: PreferenceModel,
    sources: Sequence[Source],
    unseen: Mapping[tuple[int, str], float],
    encoders: _Encoders,
    watch: Watch,
) -> tuple[Rows, Values]:
    """Return the rows of people with an opinion, popularity as it would have been predicted
    unseen, and how much on topic each person was."""
    tables: list[tuple[Judgements, float, Values]] = []
    topics: list[Values] = []
    wanted = len({sheet for sheet, _ in unseen})
    sheet = 0
    for source in sources:
        table = source.judgements
        features = np.full((len(table), len(FEATURES)), np.nan)
        for rows in table.questions():
            stop_if_asked(watch)
            features[rows], topic = _of_question(model, table, rows, encoders)
            features[rows, 0] = [unseen[sheet, table.statement[int(row)]] for row in rows]
            topics.append(topic)
            sheet += 1
            watch.report(Progress("compare", sheet, wanted))
        answered = ~np.isnan(features).any(axis=1)
        tables.append((table.take(answered), source.weight, features[answered]))
    return rows_of(tables), np.concatenate(topics)


def _of_question(
    model: PreferenceModel, table: Judgements, rows: Positions, encoders: _Encoders
) -> tuple[Values, Values]:
    sheet = table.sheet(rows)
    read = sheet_features(sheet, model, encoders.plain, encoders.tuned)
    features = np.full((sheet.size, len(FEATURES)), np.nan)
    heard = np.flatnonzero(read.said[sheet.person])
    for start in range(0, len(heard), BLOCK):
        block = heard[start : start + BLOCK]
        features[block] = read.of(sheet.person[block], sheet.statement[block])
    return features, read.on_topic[read.said]

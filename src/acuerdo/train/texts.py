"""Training a network that reads texts: phases, the best weights, calibration, the run folder."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import SettingsError
from acuerdo.neural import (
    CARD,
    Network,
    SourceThresholds,
    kept_weights,
    load_weights,
    save_network,
    write_card,
)
from acuerdo.ports import Watch
from acuerdo.train.calibration import fitted_calibration
from acuerdo.train.curves import write_curves
from acuerdo.train.data import RunData, read_data
from acuerdo.train.describing import counts_of, limits_of
from acuerdo.train.examples import Examples, examples_of
from acuerdo.train.learner import Learner
from acuerdo.train.loop import Loop, Phase, Standing
from acuerdo.train.measuring import measured
from acuerdo.train.networks import network_for
from acuerdo.train.optimiser import optimiser_for
from acuerdo.train.placing import Place, place_for
from acuerdo.train.planning import sampled
from acuerdo.train.resuming import Keeper, fingerprint, standing_of
from acuerdo.train.runs import Run
from acuerdo.train.stance import read_stance

CHECKPOINTS: Final = "checkpoints"
VALIDATION: Final = "ratings"


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All phases of a run in order, and the data they were made of."""

    phases: tuple[Phase, ...]
    data: dict[str, RunData]


def train_network(run: Run, folder: Path, watch: Watch, *, fresh: bool = False) -> None:
    """Train a cross-encoder or causal scorer; errors as in `train_predictor`."""
    checkpoints = folder / CHECKPOINTS
    if (folder / CARD).is_file() and not fresh:
        return
    network = network_for(run)
    material = _material(run, network)
    last = material.phases[-1].validation
    devices = range(torch.cuda.device_count())
    with torch.random.fork_rng(devices=devices):
        place = place_for(run.training, network.reader, network.padding)
        learner = Learner(
            network.scorer, SourceThresholds(last.sources, last.steps), run.objectives
        )
        rows = {phase.name: len(phase.training) for phase in material.phases}
        keeper = Keeper(checkpoints, fingerprint(run, rows), place.first)
        if fresh and place.first:
            keeper.forget()
            (folder / CARD).unlink(missing_ok=True)
        place.accelerator.wait_for_everyone()
        standings = _phases(run, material.phases, learner, place, keeper=keeper, watch=watch)
        if place.sharded:
            network, learner = _gathered(run, learner)
        if place.first:
            _finish(
                run,
                folder,
                network,
                learner=learner,
                place=place,
                material=material,
                standings=standings,
            )
            keeper.forget()
        place.accelerator.wait_for_everyone()


def _gathered(run: Run, learner: Learner) -> tuple[Network, Learner]:
    """Return network and learner in one piece, to be measured and saved by one process."""
    weights = kept_weights(learner)
    network = network_for(run)
    device = next(iter(weights.values())).device
    old = learner.thresholds
    made = Learner(network.scorer, SourceThresholds(old.names, old.steps.tolist()), run.objectives)
    load_weights(made, weights, run.name)
    made.to(device)
    return network, made


def _material(run: Run, network: Network) -> Material:
    """Read all data; sources keep their numbers from phase to phase."""
    data = {VALIDATION: read_data(run)}
    if run.stance is not None:
        data = {"stance": read_stance(run.stance, run.training.seed), **data}
    names: tuple[str, ...] = ()
    made: dict[str, tuple[Examples, Examples]] = {}
    for name, found in data.items():
        training = examples_of(found.training, network.reader, f"{name}, train", names)
        validation = examples_of(
            found.validation, network.reader, f"{name}, validation", training.sources
        )
        names = validation.sources
        made[name] = training, validation
    phases = []
    for name, (training, validation) in made.items():
        stance = run.stance if name == "stance" else None
        own = stance or run.training
        phases.append(Phase(name, training, validation, own.epochs, own.steps))
    return Material(tuple(phases), data)


def _phases(
    run: Run,
    phases: Sequence[Phase],
    learner: Learner,
    place: Place,
    *,
    keeper: Keeper,
    watch: Watch,
) -> list[Standing]:
    if place.sharded and len(phases) > 1:
        raise SettingsError(
            "weights that are spread over processes are trained in one phase",
            fix="Train [stance] in a run of its own, and name its folder model/ as base.",
        )
    checkpoint = keeper.last()
    standing = standing_of(checkpoint.state["standing"]) if checkpoint else None
    before = int(checkpoint.state["before"]) if checkpoint else 0
    finished = [standing_of(kept) for kept in checkpoint.state["finished"]] if checkpoint else []
    _at_mean_length(learner, phases[0].training)
    for phase in phases[len(finished) :]:
        if standing is None:
            _at_mean_length(learner, phase.training)
        optimiser: Any = optimiser_for(learner, run.training)
        prepared, optimiser = place.accelerator.prepare(learner, optimiser)
        if checkpoint is not None:
            keeper.restore(checkpoint, learner, optimiser)
        loop = Loop(
            learner=prepared,
            optimiser=optimiser,
            place=place,
            training=run.training,
            watch=watch,
            keep=functools.partial(keeper.keep, learner, optimiser, before, finished),
            keep_best=functools.partial(keeper.keep_best, learner),
        )
        done = loop.run(phase, standing or Standing(phase.name))
        place.accelerator.wait_for_everyone()
        keeper.restore_best(learner, phase.name)
        finished = [*finished, done]
        before += done.step
        standing, checkpoint = None, None
    return finished


def _at_mean_length(learner: Learner, examples: Examples) -> None:
    """Set the length at which the nuisance is neutral: the mean over statements' log-tokens."""
    lengths = np.array([max(len(tokens), 1) for tokens in examples.texts[2]])
    learner.scorer.head.mean_length.fill_(float(np.log(lengths)[examples.statement].mean()))


def _finish(
    run: Run,
    folder: Path,
    network: Network,
    *,
    learner: Learner,
    place: Place,
    material: Material,
    standings: Sequence[Standing],
) -> None:
    """Calibrate on the validation part, and write the run folder; the card last."""
    last = material.phases[-1]
    rows = sampled(last.validation, run.training.validation_rows, run.training.seed)
    loss, pairwise, latent = measured(learner, last.validation, rows, place, run.training.batch)
    calibration = _calibrated(last.validation, rows, latent)
    points = [point for standing in standings for point in standing.points]
    write_curves(points, folder)
    weights = save_network(network, folder)
    card = {
        "name": run.name,
        "kind": run.kind,
        "base": run.base,
        "inputs": {"max_tokens": network.reader.max_tokens, "pooling": run.training.pooling},
        "calibration": calibration.as_json(),
        "data": counts_of(material.data),
        "measures": {
            "validation_loss_per_person": loss,
            "validation_pairwise_accuracy": None if np.isnan(pairwise) else pairwise,
            "validation_rows": len(rows),
            "steps": {standing.phase: standing.step for standing in standings},
            "best_step": {standing.phase: standing.best_step for standing in standings},
        },
        "thresholds": _thresholds(learner.thresholds),
        "limits": limits_of(material.data, network, last.training),
        "precision": place.precision,
        "seed": run.training.seed,
    }
    write_card(folder, card, weights)


def _calibrated(examples: Examples, rows: Any, latent: Any) -> Calibration:
    unit = examples.unit[rows]
    share = (examples.unit_weight[unit] / np.bincount(unit)[unit]).astype(np.float64)
    return fitted_calibration(
        latent,
        agreement=examples.agreement[rows],
        vote=~np.isnan(examples.vote[rows]),
        weight=share,
        question=examples.question[rows],
    )


def _thresholds(thresholds: SourceThresholds) -> dict[str, list[float]]:
    with torch.no_grad():
        cuts, steps, _ = thresholds(torch.arange(len(thresholds.names)))
    return {
        name: [float(value) for value in cuts[place, : int(steps[place]) - 1]]
        for place, name in enumerate(thresholds.names)
    }

"""The sentence encoder's own training: a loop over theses, with checkpoints and exact resume."""

from __future__ import annotations

import hashlib
import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from acuerdo.domain.errors import Cancelled, InputError, ModelError, WeightsError
from acuerdo.llm import encoder_parts
from acuerdo.neural import (
    Checkpoint,
    TorchSentenceNetwork,
    kept_weights,
    load_checkpoint,
    load_weights,
    save_checkpoint,
)
from acuerdo.ports import Progress, Watch
from acuerdo.train.curves import write_curves
from acuerdo.train.data import RunData
from acuerdo.train.describing import counts_of
from acuerdo.train.optimiser import (
    optimiser_tensors,
    scheduled,
    set_optimiser_tensors,
    set_rate,
)
from acuerdo.train.placing import precision_on
from acuerdo.train.progress import Point, Speed
from acuerdo.train.runs import Run
from acuerdo.train.sides import Draw, StanceNetwork, Thesis, batch_loss, draw_batch, theses_of
from acuerdo.train.stance import SideSource, read_sides

VALIDATIONS: Final = 10
VALIDATION_BATCHES: Final = 12
VALIDATION_SEED: Final = 0x5EED
CHECKPOINTS: Final = "checkpoints"


@dataclass(frozen=True, slots=True, eq=False)
class TunedEncoder:
    """What the first lesson leaves: the encoder's arrays, the stance map, where it was learned."""

    arrays: Mapping[str, npt.NDArray[np.floating]]
    stance_weights: npt.NDArray[np.float32]
    stance_bias: npt.NDArray[np.float32]
    measures: dict[str, Any]
    data: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class _Lesson:
    tokens: Sequence[Sequence[int]]
    training: list[list[Thesis]]
    validation: list[list[Thesis]]
    draw: Draw


def train_encoder(run: Run, folder: Path, watch: Watch, *, fresh: bool) -> TunedEncoder:
    """Train encoder and stance map on arguments, or go on from the last checkpoint.

    Raises InputError without theses to learn from, ModelError if a loss is not a number, Cancelled
    with a checkpoint kept if the watcher stops, WeightsError for a damaged or foreign checkpoint.
    """
    if run.stance is None:
        raise InputError("a sentence model learns sides from arguments", where="[stance]")
    parts = encoder_parts()
    sources = read_sides(run.stance)
    lesson = _lesson(run, sources, parts.ids)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(run.training.seed)
        network = StanceNetwork(
            TorchSentenceNetwork(
                parts.arrays,
                parts.windows,
                parts.rows,
                epsilon=parts.epsilon,
                max_tokens=run.training.max_tokens,
                dropout=run.training.dropout,
            ),
            len(parts.arrays["output_bias"]),
        )
        points = _loop(run, folder / CHECKPOINTS, network, lesson, watch, fresh=fresh)
    write_curves(points, folder)
    network.eval()
    weights, bias = network.stance_map()
    right = points[-1].pairwise
    measures = {
        "steps": points[-1].step,
        "validation_loss": points[-1].validation_loss,
        "validation_pairs_right": None if math.isnan(right) else right,
    }
    training, validation = (
        tuple(source.described for source in sources if source.part == part)
        for part in ("train", "validation")
    )
    data = counts_of({"stance": RunData(training, validation)})
    return TunedEncoder(network.encoder.arrays(), weights, bias, measures, data)


def _lesson(
    run: Run, sources: Sequence[SideSource], ids: Callable[[str], Sequence[int]]
) -> _Lesson:
    texts: dict[str, int] = {}
    for source in sources:
        for side in source.sides:
            texts.setdefault(side.thesis, len(texts))
            texts.setdefault(side.text, len(texts))
    training = [theses_of(s.sides, texts) for s in sources if s.part == "train"]
    validation = [theses_of(s.sides, texts) for s in sources if s.part == "validation"]
    if not training or not all(training) or not all(validation):
        raise InputError("too few texts on any thesis to learn sides from", where="[stance]")
    if len(run.sentences.theses) != len(training):
        raise InputError(
            f"{len(run.sentences.theses)} numbers for {len(training)} sources of arguments",
            where="[sentences], theses",
            fix="Say for each [[stance.data]] how many of its theses a step draws.",
        )
    draw = Draw(run.sentences.theses, run.sentences.texts)
    return _Lesson([ids(text) for text in texts], training, validation, draw)


def _loop(
    run: Run,
    folder: Path,
    network: StanceNetwork,
    lesson: _Lesson,
    watch: Watch,
    *,
    fresh: bool,
) -> list[Point]:
    training = run.training
    total = training.steps
    if not total:
        raise InputError("say how many steps to train", where="[training], steps")
    every = training.validate_every or max(total // VALIDATIONS, 1)
    optimiser = _optimiser(network, run)
    mark = hashlib.sha256(f"{run.model_dump_json()} {len(lesson.tokens)}".encode()).hexdigest()[:16]
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    kept = load_checkpoint(folder)
    points: list[Point] = []
    step = 0
    losses: list[float] = []
    if kept is not None:
        if kept.state.get("run") != mark:
            raise WeightsError(
                "this checkpoint stems from another run file or other data",
                where=str(folder),
                fix="Name another folder with --out, or start again with --fresh.",
            )
        load_weights(network, kept.weights, str(folder))
        set_optimiser_tensors(network, optimiser, kept.optimizer, str(folder))
        torch.set_rng_state(torch.tensor(kept.state["random"], dtype=torch.uint8))
        points = [Point(**point) for point in kept.state["points"]]
        losses, step = list(kept.state["losses"]), kept.step

    def keep() -> None:
        state = {
            "run": mark,
            "random": torch.get_rng_state().tolist(),
            "points": [asdict(point) for point in points],
            "losses": losses,
        }
        tensors = optimiser_tensors(network, optimiser)
        save_checkpoint(folder, Checkpoint(step, kept_weights(network), tensors, state))

    speed = Speed()
    while step < total:
        if watch.stopped():
            keep()
            raise Cancelled
        network.train()
        set_rate(optimiser, scheduled(step, total, training.warmup))
        batch = draw_batch(lesson.training, lesson.draw, training.seed, step)
        with _precision(run):
            loss = batch_loss(network, lesson.tokens, batch)
        if not math.isfinite(float(loss.detach())):
            raise ModelError(
                f"the loss is not a number at step {step + 1}",
                where=str(folder),
                fix="Lower learning_rate; the last checkpoint holds the weights before.",
            )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), training.clip)
        optimiser.step()
        step += 1
        losses.append(float(loss.detach()))
        note = speed.note(sum(map(len, batch[1])), total - step, losses[-1])
        watch.report(Progress("train stance", step, total, note))
        if step % every == 0 or step == total:
            points.append(_validated(run, network, lesson, step, sum(losses) / len(losses)))
            losses = []
        if step % training.checkpoint_every == 0 or step == total:
            keep()
    return points


def _optimiser(network: StanceNetwork, run: Run) -> torch.optim.AdamW:
    training = run.training
    encoder = list(network.encoder.parameters())
    own = {id(parameter) for parameter in encoder}
    heads = [parameter for parameter in network.parameters() if id(parameter) not in own]
    return torch.optim.AdamW(
        [
            {"params": parameters, "lr": rate, "base": rate, "weight_decay": training.weight_decay}
            for parameters, rate in (
                (encoder, training.learning_rate),
                (heads, training.head_learning_rate),
            )
        ]
    )


def _precision(run: Run) -> Any:
    if precision_on(torch.device("cpu"), run.training) == "bf16":
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()


def _validated(
    run: Run, network: StanceNetwork, lesson: _Lesson, step: int, training_loss: float
) -> Point:
    """Measure the same theses and texts every time."""
    network.eval()
    losses, right = [], []
    with torch.inference_mode(), _precision(run):
        for number in range(VALIDATION_BATCHES):
            batch = draw_batch(lesson.validation, lesson.draw, VALIDATION_SEED, number)
            losses.append(float(batch_loss(network, lesson.tokens, batch)))
            right.append(share_right(network, lesson.tokens, batch))
    mean, share = float(np.mean(losses)), float(np.mean(right))
    return Point("stance", step, training_loss, mean, share)


def share_right(
    network: StanceNetwork,
    tokens: Sequence[Sequence[int]],
    batch: tuple[list[Thesis], list[npt.NDArray[np.int64]]],
) -> float:
    """Return how often two texts of one side come out nearer than two of different sides."""
    found = []
    for thesis, places in zip(*batch, strict=True):
        ids = [thesis.thesis, *thesis.texts[places].tolist()]
        count = len(places)
        texts = torch.arange(count) + 1
        logits = network([tokens[one] for one in ids], torch.zeros_like(texts), texts)
        sides = thesis.sides[places]
        upper = np.triu_indices(count, 1)
        together = (sides[:, None] == sides[None, :])[upper]
        values = logits.float().numpy()[upper]
        if together.any() and not together.all():
            found.append((values[together][:, None] > values[~together][None, :]).mean())
    return float(np.mean(found)) if found else float("nan")

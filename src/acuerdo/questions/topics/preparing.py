"""What may be done with vectors before they are grouped, as named steps.

centre            subtract the mean
unit              scale every vector to length 1
pca:60            the 60 directions in which vectors differ most
whiten:60:0.25    the same, each direction divided by its spread to that power: 0 is pca, 1 makes
                  all directions count alike (1 where nothing is written)
common:2          without the 2 directions in which vectors differ most (Arora et al., 2017)
openings:0.5      subtract that share of the mean of all questions that begin alike
lexical:0.3       append 100 directions of TF-IDF, with that weight against what is there
smooth:20         the mean of a vector and those of its 20 nearest that have it among theirs
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Vectors, Watch, stop_if_asked
from acuerdo.questions.topics.frames import opening
from acuerdo.questions.topics.key_words import content_runs
from acuerdo.questions.topics.learning import learning
from acuerdo.questions.topics.rows import BLOCK, Rows, all_rows, on_unit_sphere, sampled

Exact = npt.NDArray[np.float64]

LEAST_OF_OPENING: Final = 10
"""Questions that must begin alike before `openings` looks at them."""
LEXICAL_DIRECTIONS: Final = 100
SMOOTH_UP_TO: Final = 30_000
_FITTED_ON: Final = 50_000


@dataclass(frozen=True, slots=True)
class Read:
    """The questions behind the rows, in the same order: texts and ISO 639-1 language codes."""

    texts: Sequence[str]
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step by name, with its number and, for "whiten", its power."""

    name: str
    number: float = 1.0
    power: float = 1.0


@dataclass(frozen=True, slots=True)
class _Work:
    """What a step is done to."""

    rows: Rows
    read: Read
    step: Step
    seed: int

    def all(self) -> Vectors:
        return self.rows.take(slice(None))


def prepared(rows: Rows, read: Read, steps: Sequence[str], seed: int, watch: Watch) -> Vectors:
    """Return the rows in their order after all steps, shape (rows, dimensions left).

    A first step "pca" or "whiten" reads the rows block by block; all others hold them in memory.
    Deterministic in rows and seed. Raises SettingsError for a step that is none.
    """
    known = [step_named(text) for text in steps]
    for step in known:
        stop_if_asked(watch)
        rows = all_rows(_STEPS[step.name](_Work(rows, read, step, seed)))
    return rows.take(slice(None))


def step_named(text: str) -> Step:
    """Return the step that is written so; SettingsError, with all names, if there is none.

    >>> step_named("whiten:60:0.25")
    Step(name='whiten', number=60.0, power=0.25)
    """
    name, *numbers = (part.strip().lower() for part in text.split(":"))
    try:
        step = Step(name, *(float(number) for number in numbers))
    except (TypeError, ValueError):
        step = Step("")
    whole = step.name not in _WHOLE_NUMBER or (step.number >= 1 and step.number.is_integer())
    wanted = _NUMBERS.get(step.name, ())
    fits = 0 <= step.number < np.inf and 0 <= step.power <= 1
    if len(numbers) not in wanted or not whole or not fits:
        raise SettingsError(
            f"there is no such step: {text!r}",
            where="preparation of vectors",
            fix="Steps: centre, unit, pca:60, whiten:60:0.25, common:2, openings:0.5, lexical:0.3, "
            "smooth:20.",
        )
    return step


def _centre(work: _Work) -> Vectors:
    vectors = work.all()
    centred: Vectors = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    return centred


def _unit(work: _Work) -> Vectors:
    return on_unit_sphere(work.all())


def _whiten(work: _Work) -> Vectors:
    mean, directions, spread = _directions(work.rows, work.seed)
    kept = min(int(work.step.number), len(spread))
    if not kept:
        return np.zeros((len(work.rows), 1), np.float32)
    scale = spread[:kept] ** -(work.step.power if work.step.name == "whiten" else 0.0)
    # The sum of variances stays as it was, so that a weight of features to come means the same.
    scale *= np.sqrt((spread[:kept] ** 2).sum() / ((spread[:kept] * scale) ** 2).sum())
    onto = (directions[:, :kept] * scale).astype(np.float32)
    turned = np.empty((len(work.rows), kept), np.float32)
    for start, block in work.rows.blocks():
        turned[start : start + len(block)] = (block - mean) @ onto
    return turned


def _common(work: _Work) -> Vectors:
    mean, directions, _ = _directions(work.rows, work.seed)
    first = directions[:, : int(work.step.number)].astype(np.float32)
    centred = work.all() - mean
    left: Vectors = (centred - centred @ first @ first.T).astype(np.float32)
    return left


def _openings(work: _Work) -> Vectors:
    vectors = work.all()
    mean = vectors.mean(axis=0)
    alike: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(work.read.texts):
        alike[opening(text)].append(place)
    for places in alike.values():
        if len(places) >= LEAST_OF_OPENING:
            vectors[places] -= np.float32(work.step.number) * (vectors[places].mean(axis=0) - mean)
    return vectors


def _lexical(work: _Work) -> Vectors:
    vectors = work.all()
    documents = [
        [word for run in content_runs(text, language) for word in run]
        for text, language in zip(work.read.texts, work.read.languages, strict=True)
    ]
    if not any(documents):
        return vectors
    table = learning("sklearn.feature_extraction.text").TfidfVectorizer(
        analyzer=list, sublinear_tf=True
    )
    weights = table.fit_transform(documents)
    kept = min(LEXICAL_DIRECTIONS, weights.shape[1] - 1, len(work.rows) - 1)
    if kept < 1:
        return vectors
    reduced = learning("sklearn.decomposition").TruncatedSVD(kept, random_state=work.seed)
    words = on_unit_sphere(reduced.fit_transform(weights).astype(np.float32))
    length = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1).mean())
    return np.hstack([vectors, words * np.float32(work.step.number * length)])


def _smooth(work: _Work) -> Vectors:
    if len(work.rows) > SMOOTH_UP_TO:
        raise SettingsError(
            f"smoothing takes {SMOOTH_UP_TO} questions at most, not {len(work.rows)}",
            where="preparation of vectors",
            fix='Leave out the step "smooth".',
        )
    vectors = on_unit_sphere(work.all())
    count = min(int(work.step.number), len(vectors) - 1)
    near = np.empty((len(vectors), count), np.int64)
    for start in range(0, len(vectors), BLOCK):
        similarities = vectors[start : start + BLOCK] @ vectors.T
        places = np.arange(len(similarities))
        similarities[places, start + places] = -np.inf
        near[start : start + BLOCK] = np.argsort(-similarities, axis=1, kind="stable")[:, :count]
    rows_of = np.repeat(np.arange(len(vectors)), count)
    graph = learning("scipy.sparse").csr_matrix(
        (np.ones(near.size, np.float32), (rows_of, near.ravel())), shape=(len(vectors),) * 2
    )
    mutual = graph.multiply(graph.T)
    return on_unit_sphere(np.asarray(mutual @ vectors + vectors, np.float32))


def _directions(rows: Rows, seed: int) -> tuple[Vectors, Exact, Exact]:
    """Return mean, principal directions (columns, widest first) and the spread along them.

    Directions along which nothing differs are left out. Of more than _FITTED_ON rows a sample.
    """
    sample = rows.take(sampled(len(rows), _FITTED_ON, np.random.default_rng(seed)))
    mean = sample.mean(axis=0, dtype=np.float64)
    centred = sample - mean
    variances, directions = np.linalg.eigh(centred.T @ centred / max(1, len(sample)))
    variances, directions = variances[::-1], directions[:, ::-1]
    kept = variances > max(1e-12, 1e-7 * float(variances[0]))
    return mean.astype(np.float32), directions[:, kept], np.sqrt(variances[kept])


_STEPS: Final[Mapping[str, Callable[[_Work], Vectors]]] = MappingProxyType(
    {
        "centre": _centre,
        "unit": _unit,
        "pca": _whiten,
        "whiten": _whiten,
        "common": _common,
        "openings": _openings,
        "lexical": _lexical,
        "smooth": _smooth,
    }
)
_NUMBERS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "centre": (0,),
        "unit": (0,),
        "pca": (1,),
        "whiten": (1, 2),
        "common": (1,),
        "openings": (1,),
        "lexical": (1,),
        "smooth": (1,),
    }
)
"""How many numbers may follow a step's name."""
_WHOLE_NUMBER: Final = frozenset({"pca", "whiten", "common", "smooth"})
"""Steps whose first number counts something."""

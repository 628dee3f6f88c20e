"""Drafting for all groups and arms, kept group by group, with the time that is left."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Lock

from acuerdo.evaluate.drafts.arms import Arm, BaselineArm, BestArm, ModelArm, Source
from acuerdo.evaluate.drafts.checks import Checks
from acuerdo.evaluate.drafts.records import Drafts, Task
from acuerdo.evaluate.drafts.store import DraftStore
from acuerdo.ports import Progress, Watch, stop_if_asked


@dataclass(frozen=True, slots=True)
class Drafting:
    """Writes what is not in the store yet; `checks` say which drafts can be picked."""

    store: DraftStore
    checks: Checks
    watch: Watch

    def prepare(self, wanted: Iterable[tuple[ModelArm, Task]]) -> None:
        """Write the drafts of all these tasks, one arm after another, each kept when it is done.

        Raises ModelError, StorageError, or Cancelled if the watcher stops; what is done is kept.
        """
        missing = {
            task.key(arm.writer.identity): (arm, task)
            for arm, task in wanted
            if self.store.get(task.key(arm.writer.identity)) is None
        }
        meter = _Meter(self.watch, sum(task.candidates for _, task in missing.values()))
        for key, (arm, task) in missing.items():
            stop_if_asked(self.watch)
            meter.note(arm.name)
            drafts = arm.writer.write(task, _Silent(self.watch), meter.tick)
            self.store.add(
                key, drafts, arm=arm.name, group=task.material.group, without=task.without
            )

    def drafts(self, arm: Arm, task: Task) -> Drafts:
        """Return what an arm brings; drafts of models were prepared before."""
        if not isinstance(arm, BestArm):
            return self._of_source(arm, task)
        drafts = self._of_source(arm.source, task)
        return (arm.pick(task.material, drafts, self.checks, _Silent(self.watch)),)

    def _of_source(self, source: Source, task: Task) -> Drafts:
        if isinstance(source, BaselineArm):
            return source.of(task.shown)
        key = task.key(source.writer.identity)
        if self.store.get(key) is None:
            self.prepare([(source, task)])
        return self.store.get(key) or ()


def models_of(arms: Sequence[Arm]) -> Iterator[ModelArm]:
    """Return the models that have to write for some arms, each once."""
    seen: set[tuple[object, ...]] = set()
    for arm in arms:
        source = arm.source if isinstance(arm, BestArm) else arm
        if isinstance(source, ModelArm) and source.writer.identity not in seen:
            seen.add(source.writer.identity)
            yield source


@dataclass(slots=True)
class _Meter:
    """Counts drafts as they come and says how long the rest will take."""

    watch: Watch
    total: int
    done: int = 0
    name: str = ""
    began: float = field(default_factory=time.monotonic)
    lock: Lock = field(default_factory=Lock)

    def note(self, name: str) -> None:
        self.name = name
        self._report()

    def tick(self) -> None:
        with self.lock:
            self.done += 1
            self._report()

    def _report(self) -> None:
        said = [self.name, time_left(self.done, self.total, time.monotonic() - self.began)]
        self.watch.report(Progress("draft", self.done, self.total, ", ".join(filter(None, said))))


def time_left(done: int, total: int, seconds: float) -> str:
    """Say how long the rest will take at the pace so far, "" before anything is done.

    >>> time_left(1, 3, 600.0), time_left(2, 3, 30.0), time_left(1, 21, 300.0)
    ('about 20 min left', 'less than a minute left', 'about 1 h 40 min left')
    """
    if not done:
        return ""
    minutes = round(seconds / done * (total - done) / 60)
    if minutes < 1:
        return "less than a minute left"
    hours, rest = divmod(minutes, 60)
    return f"about {hours} h {rest} min left" if hours else f"about {rest} min left"


@dataclass(frozen=True, slots=True)
class _Silent:
    """Passes on requests to stop and the loading of models, but no progress of single groups."""

    watch: Watch

    def report(self, progress: Progress) -> None:
        if progress.stage not in ("draft", "predict"):
            self.watch.report(progress)

    def stopped(self) -> bool:
        return self.watch.stopped()

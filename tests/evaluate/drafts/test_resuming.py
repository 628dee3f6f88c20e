"""Drafting for all groups: kept group by group, the same after a kill, the same for all arms."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.completions import Fault, Request
from acuerdo.domain.errors import Cancelled, ModelError, StorageError
from acuerdo.evaluate import DraftResults, drafts_as_markdown, drafts_as_plain, run_draft_experiment
from acuerdo.evaluate.drafts.records import Draft, Task, group_rng, left_out
from acuerdo.evaluate.drafts.store import FILE, DraftStore
from acuerdo.llm import ScriptedModel
from acuerdo.ports import Progress, Unwatched
from tests.evaluate.drafts.drafting import (
    GOOD,
    by_seed,
    make_arm,
    make_experiment,
    make_material,
    make_model,
)

REQUESTS = 4 * 3 + 4 * 2
"""Of the tuned arm: 4 groups with 3 drafts, and again with 2 without one person."""


@pytest.fixture(scope="module")
def undisturbed() -> DraftResults:
    return run_draft_experiment(make_experiment())


class Killed(BaseException):
    """The process is gone."""


def killed_after(requests: int) -> ScriptedModel:
    count = 0

    def script(request: Request) -> str:
        nonlocal count
        count += 1
        if count > requests:
            raise Killed
        return GOOD[request.seed % len(GOOD)]

    return ScriptedModel(script, "tuned-model")


@pytest.mark.parametrize("requests", [0, 4, 13])
def test_a_killed_run_goes_on_where_it_was(
    requests: int, tmp_path: Path, undisturbed: DraftResults
) -> None:
    with pytest.raises(Killed):
        run_draft_experiment(make_experiment(make_arm(killed_after(requests))), tmp_path)
    rest = make_model()
    resumed = run_draft_experiment(make_experiment(make_arm(rest)), tmp_path)
    finished = requests // 3 * 3 if requests < 12 else 12 + (requests - 12) // 2 * 2
    assert len(rest.seen) == REQUESTS - finished
    assert drafts_as_plain(resumed) == drafts_as_plain(undisturbed)
    assert [arm.drafts for arm in resumed.drafted] == [arm.drafts for arm in undisturbed.drafted]
    none = make_model()
    run_draft_experiment(make_experiment(make_arm(none)), tmp_path)
    assert not none.seen


def test_a_damaged_line_costs_one_group_only(tmp_path: Path, undisturbed: DraftResults) -> None:
    run_draft_experiment(make_experiment(), tmp_path)
    path = tmp_path / FILE
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert sum('"tuned"' in line for line in lines) == 8
    # The last line is half written, the one before it is not what it was.
    path.write_text("".join(lines[:-2]) + '{"key": 3}\n' + lines[-1][:40], "utf-8")
    model = make_model()
    resumed = run_draft_experiment(make_experiment(make_arm(model)), tmp_path)
    assert len(model.seen) == 2 * 2
    assert resumed.damaged == 2
    assert "Kept lines that could not be read: 2." in drafts_as_markdown(resumed)
    assert "could not be read" not in drafts_as_markdown(undisturbed)
    assert drafts_as_plain(resumed) == drafts_as_plain(undisturbed)
    assert run_draft_experiment(make_experiment(), tmp_path).damaged == 2


def test_another_writer_or_seed_does_not_find_kept_drafts(tmp_path: Path) -> None:
    run_draft_experiment(make_experiment(), tmp_path)
    for arm in (make_arm(template="direct"), make_arm(ScriptedModel(by_seed(GOOD), "other"))):
        model = arm.writer.model
        run_draft_experiment(make_experiment(arm), tmp_path)
        assert isinstance(model, ScriptedModel)
        assert len(model.seen) == REQUESTS


def test_a_new_name_for_an_arm_keeps_its_drafts(tmp_path: Path) -> None:
    run_draft_experiment(make_experiment(), tmp_path)
    model = make_model()
    renamed = make_experiment(make_arm(model, "adapted"), sensitive=("adapted",))
    run_draft_experiment(renamed, tmp_path)
    assert not model.seen


def test_all_models_get_the_same_seeds_and_orders() -> None:
    experiment = make_experiment()
    results = run_draft_experiment(experiment)
    base, tuned = results.drafted[:2]
    for one, other in zip(base.drafts, tuned.drafts, strict=True):
        assert [draft.seed for draft in one] == [draft.seed for draft in other]
        assert [draft.order for draft in one] == [draft.order for draft in other]
    seeds = [draft.seed for some in tuned.drafts for draft in some]
    assert len(set(seeds)) == len(seeds)


def test_nothing_is_redrawn_and_nothing_thrown_away() -> None:
    model = ScriptedModel(["", "I have no idea.", "We want"], "base-model")
    experiment = make_experiment(base=make_arm(model, "base", "direct"))
    results = run_draft_experiment(experiment)
    assert len(model.seen) == 4 * 3
    assert [draft.text for draft in results.drafted[0].drafts[0]] == [
        "",
        "I have no idea.",
        "We want",
    ]


def test_without_a_person_their_words_are_not_in_the_prompt() -> None:
    model = make_model()
    material = make_material()
    task = Task(material, 2, 5, without=1)
    drafts = make_arm(model).writer.write(task, Unwatched(), lambda: None)
    assert len(drafts) == 2
    told = "".join(message.content for one in model.seen for message in one.messages)
    assert material.opinions[0] in told
    assert material.opinions[1] not in told
    assert left_out(material, 1).opinions == (material.opinions[0], material.opinions[2])


def test_whoever_is_left_out_nothing_else_is_drawn_from_the_same_stream() -> None:
    material = make_material()
    tasks = [Task(material, 2, 5), *(Task(material, 2, 5, person) for person in range(3))]
    streams = [task.rng() for task in tasks]
    streams += [group_rng(material, 5, use) for use in (1, 2, 3)]
    assert len({float(stream.random()) for stream in streams}) == len(streams)


def test_a_passing_fault_stops_the_run_and_a_lasting_one_is_an_empty_draft(tmp_path: Path) -> None:
    passing = ScriptedModel([Fault("timeout", "It took too long.")], "tuned-model")
    with pytest.raises(ModelError, match="took too long"):
        run_draft_experiment(make_experiment(make_arm(passing)), tmp_path)
    lasting = ScriptedModel([Fault("too_long", "The prompt is too long.")], "tuned-model")
    results = run_draft_experiment(make_experiment(make_arm(lasting)), tmp_path)
    tuned, best = results.drafted[1], results.drafted[2]
    assert tuned.by_group("valid").tolist() == [0, 0, 0, 0]
    assert tuned.objections == {"request_failed": 12}
    assert best.drafts[0][0].blank
    assert best.objections == {"empty": 4}


def test_a_stop_keeps_what_is_finished(tmp_path: Path) -> None:
    class StopsAfter(Unwatched):
        done = 0

        def report(self, progress: Progress) -> None:
            self.done = progress.done if progress.stage == "draft" else self.done

        def stopped(self) -> bool:
            return self.done >= 15

    with pytest.raises(Cancelled):
        run_draft_experiment(make_experiment(), tmp_path, StopsAfter())
    assert len((tmp_path / FILE).read_text("utf-8").splitlines()) == 5


def test_progress_counts_drafts_and_names_the_arm() -> None:
    seen: list[Progress] = []

    class Noting(Unwatched):
        def report(self, progress: Progress) -> None:
            seen.append(progress)

    run_draft_experiment(make_experiment(), watch=Noting())
    drafted = [one for one in seen if one.stage == "draft"]
    assert (drafted[-1].done, drafted[-1].total) == (12 + REQUESTS, 12 + REQUESTS)
    assert {one.note.split(",")[0] for one in drafted} == {"base", "tuned"}
    assert any("left" in one.note for one in drafted)
    assert [one.done for one in drafted] == sorted(one.done for one in drafted)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=str(tmp_path)):
        DraftStore(tmp_path)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StorageError, match="could not be kept"):
        DraftStore(file / FILE).add("key", (Draft("text", "model"),))

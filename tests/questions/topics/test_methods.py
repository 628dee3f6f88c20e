from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage

from acuerdo.domain.errors import Cancelled, InputError, SettingsError
from acuerdo.ports import Progress, Unwatched
from acuerdo.questions.topics import GROUPINGS, NOISE, grouping_named, hierarchy
from acuerdo.questions.topics import consensus as agreeing
from acuerdo.questions.topics import k_means as means
from tests.questions.topics.blobs import blobs, same_groups

SIZES = (30, 20, 12, 8)


@pytest.mark.parametrize("name", GROUPINGS)
def test_every_method_finds_clear_crowds(name: str) -> None:
    vectors, truth = blobs(SIZES)
    labels = GROUPINGS[name].cluster(vectors, 4, 0)
    placed = labels != NOISE
    assert placed.mean() > 0.8
    assert same_groups(labels[placed], truth[placed])
    np.testing.assert_array_equal(labels, GROUPINGS[name].cluster(vectors, 4, 0))


@pytest.mark.parametrize("name", GROUPINGS)
def test_numbers_of_groups_have_no_gap(name: str) -> None:
    vectors, _ = blobs(SIZES, spread=0.3)
    labels = GROUPINGS[name].cluster(vectors, 9, 1)
    groups = sorted(set(labels.tolist()) - {NOISE})
    assert groups == list(range(len(groups)))
    assert len(groups) <= 9


@pytest.mark.parametrize("name", GROUPINGS)
@pytest.mark.parametrize("k", [1, 3, 50])
def test_few_or_equal_vectors_are_grouped_as_far_as_they_differ(name: str, k: int) -> None:
    same = np.full((6, 4), 0.5, np.float32)
    assert GROUPINGS[name].cluster(same, k, 0).tolist() == [0] * 6
    assert GROUPINGS[name].cluster(same[:1], k, 0).tolist() == [0]
    assert GROUPINGS[name].cluster(same[:0], k, 0).tolist() == []
    two = np.concatenate([same, -same])
    groups = len(set(GROUPINGS[name].cluster(two, k, 0).tolist()) - {NOISE})
    assert groups <= min(k, 2)


@pytest.mark.parametrize("name", ["consensus", "kmeans", "spherical", "hierarchical"])
def test_k_above_the_number_of_vectors_gives_each_its_own(name: str) -> None:
    vectors, _ = blobs((3, 2))
    assert sorted(GROUPINGS[name].cluster(vectors, 99, 0).tolist()) == [0, 1, 2, 3, 4]


def test_density_calls_what_lies_between_crowds_noise() -> None:
    vectors, truth = blobs((30, 30, 15))
    between = np.full((1, 8), -0.3, np.float32)
    labels = GROUPINGS["density"].cluster(np.concatenate([vectors, between]), 9, 0)
    assert labels[-1] == NOISE
    assert set(labels.tolist()) == {0, 1, 2, NOISE}
    fewer = GROUPINGS["density"].cluster(np.concatenate([vectors, between]), 2, 0)
    assert set(fewer.tolist()) == {0, 1, NOISE}
    assert set(fewer[:-1][truth == 2].tolist()) == {NOISE}


def test_batches_of_mapped_half_precision_group_like_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors, truth = blobs((60, 50, 40))
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float16))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    for name, value in (("WHOLE_UP_TO", 100), ("BATCH", 40), ("_START_SAMPLE", 60)):
        monkeypatch.setattr(means, name, value)
    for method in ("kmeans", "spherical"):
        assert same_groups(GROUPINGS[method].cluster(mapped, 3, 0), truth)


@pytest.mark.parametrize("whole_up_to", [50, 1000])
def test_beyond_its_limit_a_sample_leads_the_rest(
    whole_up_to: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors, truth = blobs((60, 50, 40))
    monkeypatch.setattr(agreeing, "PAIRWISE_UP_TO", 45)
    monkeypatch.setattr(hierarchy, "MERGED_UP_TO", 45)
    for module in (agreeing, hierarchy):
        monkeypatch.setattr(module, "WHOLE_UP_TO", whole_up_to)
    for method in ("consensus", "hierarchical"):
        assert same_groups(GROUPINGS[method].cluster(vectors, 3, 0), truth)


def test_a_tree_is_cut_into_exactly_as_many_groups_as_asked() -> None:
    # 0 and 1 join first (node 4), then 2 and 3 (node 5), then both.
    merges = np.array([[0, 1, 1, 2], [2, 3, 1, 2], [4, 5, 1, 4]], float)
    for k, groups in ((4, [0, 1, 2, 3]), (3, [0, 0, 1, 2]), (2, [0, 0, 1, 1]), (1, [0, 0, 0, 0])):
        assert same_groups(agreeing.cut(merges, k), np.array(groups))


def test_a_tree_is_cut_where_enough_groups_are_large_enough() -> None:
    # A crowd 0 to 3, a pair 4 and 5, a stray 6 that joins the others last of all.
    merges = np.array(
        [[0, 1, 1, 2], [2, 3, 1, 2], [4, 5, 1, 2], [7, 8, 2, 4], [10, 9, 3, 6], [11, 6, 4, 7]],
        float,
    )
    assert agreeing.groups_of_least(merges, 2, 1) == 2
    # Cut in two, the stray would be a group; in three, crowd and pair are.
    assert agreeing.groups_of_least(merges, 2, 2) == 3
    assert agreeing.groups_of_least(merges, 3, 2) == 4
    assert agreeing.groups_of_least(merges, 2, 4) == 2


def test_what_is_in_tiny_groups_goes_to_the_nearest_large_one() -> None:
    # Two crowds of thirty on a line, and a stray that joins last of all.
    line = np.array([*range(30), *range(100, 130), 1000], np.float32)[:, None]
    merges = linkage(line, "average")
    assert same_groups(agreeing.cut(merges, 2), np.repeat([0, 1], [60, 1]))
    labels = agreeing.large_enough(line, merges, 2)
    assert same_groups(labels, np.repeat([0, 1], [30, 31]))


def test_the_nearest_centroid_is_told_by_distance_not_by_length() -> None:
    vectors = np.array([[1.0, 0.0], [9.0, 0.5]], np.float32)
    centroids = np.array([[10.0, 0.0], [1.5, 0.0], [9.0, 9.0]], np.float32)
    assert means.nearest(vectors, centroids).tolist() == [1, 0]


def test_names_are_forgiving_and_wrong_ones_are_told() -> None:
    assert grouping_named("K-Means").name == "kmeans"
    with pytest.raises(SettingsError, match="consensus, kmeans"):
        grouping_named("magic")


def test_what_cannot_be_grouped_is_refused() -> None:
    vectors, _ = blobs((5, 5))
    with pytest.raises(SettingsError, match="0 topics"):
        GROUPINGS["kmeans"].cluster(vectors, 0, 0)
    broken = vectors.copy()
    broken[3, 1] = np.nan
    with pytest.raises(InputError, match="row 3"):
        GROUPINGS["kmeans"].cluster(broken, 2, 0)
    with pytest.raises(InputError, match="shape"):
        GROUPINGS["kmeans"].cluster(vectors[0], 2, 0)


def test_methods_that_compare_all_pairs_refuse_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = blobs((5, 5))
    monkeypatch.setattr("acuerdo.questions.topics.spectral.GRAPH_UP_TO", 9)
    monkeypatch.setattr("acuerdo.questions.topics.density.COMPARED_UP_TO", 9)
    for name in ("spectral", "density"):
        with pytest.raises(SettingsError, match="9 vectors at most, not 10"):
            GROUPINGS[name].cluster(vectors, 2, 0)


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("acuerdo.questions.topics.learning.import_module", missing)
    with pytest.raises(SettingsError, match=r"pip install 'acuerdo\[questions\]'"):
        GROUPINGS["kmeans"].cluster(blobs((3, 3))[0], 2, 0)


class StopsAfter(Unwatched):
    def __init__(self, reports: int) -> None:
        self._left = reports
        self.seen: list[Progress] = []

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)
        self._left -= 1

    def stopped(self) -> bool:
        return self._left <= 0


def test_a_watcher_sees_progress_and_can_stop() -> None:
    vectors, _ = blobs((20, 20))
    watch = StopsAfter(4)
    with pytest.raises(Cancelled):
        GROUPINGS["consensus"].cluster(vectors, 2, 0, watch)
    assert [one.done for one in watch.seen] == [1, 2, 3, 4]

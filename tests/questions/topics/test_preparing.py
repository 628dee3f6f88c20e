from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from acuerdo.domain.errors import SettingsError
from acuerdo.ports import Unwatched, Vectors
from acuerdo.questions.topics import without_frame
from acuerdo.questions.topics.preparing import Read, Step, prepared, step_named
from acuerdo.questions.topics.rows import Rows, all_rows
from tests.questions.topics.blobs import blobs

NOBODY = Unwatched()
NO_TEXTS = Read((), ())


def after(vectors: npt.NDArray[np.floating], *steps: str, read: Read = NO_TEXTS) -> Vectors:
    return prepared(all_rows(vectors), read, steps, 0, NOBODY)


@pytest.fixture
def vectors() -> Vectors:
    rng = np.random.default_rng(3)
    return (rng.normal(size=(40, 6)) * [5, 3, 2, 1, 0.5, 0.1] + 2).astype(np.float32)


def test_no_steps_leave_vectors_as_they_are_in_the_order_asked(vectors: Vectors) -> None:
    order = np.arange(40)[::-1]
    np.testing.assert_array_equal(
        prepared(Rows(vectors, order), NO_TEXTS, (), 0, NOBODY), vectors[::-1]
    )


def test_centring_and_scaling(vectors: Vectors) -> None:
    np.testing.assert_allclose(after(vectors, "centre").mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(after(vectors, "unit"), axis=1), 1, rtol=1e-5)


def test_pca_keeps_the_widest_directions_and_distances_in_them(vectors: Vectors) -> None:
    flat = after(vectors, "pca:2")
    assert flat.shape == (40, 2)
    assert flat[:, 0].var() > flat[:, 1].var()
    whole = after(vectors, "pca:99")
    assert whole.shape == (40, 6)
    np.testing.assert_allclose(
        np.linalg.norm(whole[0] - whole[1]), np.linalg.norm(vectors[0] - vectors[1]), rtol=1e-4
    )


def test_whitening_makes_spreads_alike_and_keeps_their_sum(vectors: Vectors) -> None:
    plain, half, white = (
        after(vectors, f"whiten:4:{power}").var(axis=0) for power in ("0", "0.5", "1")
    )
    np.testing.assert_allclose(white, white[0], rtol=1e-3)
    assert 1.5 < half[0] / half[1] < plain[0] / plain[1]
    np.testing.assert_allclose([half.sum(), white.sum()], plain.sum(), rtol=1e-3)


def test_equal_vectors_have_no_directions() -> None:
    np.testing.assert_array_equal(after(np.ones((5, 3), np.float32), "whiten:2"), np.zeros((5, 1)))


def test_common_directions_are_taken_out(vectors: Vectors) -> None:
    left = after(vectors, "common:1")
    assert left.var(axis=0).sum() < vectors.var(axis=0)[1:].sum() * 1.05
    assert left.shape == vectors.shape


def test_openings_move_questions_that_begin_alike_together() -> None:
    rng = np.random.default_rng(0)
    frame = np.repeat([[1.0, 0.0], [-1.0, 0.0], [0.0, 9.0]], [12, 12, 2], axis=0)
    vectors = (frame + rng.normal(0, 0.01, frame.shape)).astype(np.float32)
    texts = ["Should we sing?"] * 12 + ["Is it late?"] * 12 + ["Do ants sleep?"] * 2
    read = Read(texts, ["en"] * 26)
    moved = after(vectors, "openings:1", read=read)
    assert np.linalg.norm(moved[:12].mean(axis=0) - moved[12:24].mean(axis=0)) < 1e-5
    np.testing.assert_array_equal(moved[24:], vectors[24:])
    np.testing.assert_array_equal(after(vectors, "openings:0", read=read), vectors)


def test_lexical_features_bring_questions_with_the_same_words_together() -> None:
    texts = ["Should buses be free?", "Are free buses good?", "Is fishing cruel?", "Ban fishing?"]
    vectors = np.ones((4, 2), np.float32)
    wide = after(vectors, "lexical:0.5", read=Read(texts, ["en"] * 4))
    assert np.linalg.norm(wide[0] - wide[1]) < np.linalg.norm(wide[0] - wide[2])
    assert np.linalg.norm(wide[2] - wide[3]) < np.linalg.norm(wide[1] - wide[3])
    silent = Read(["?", "!", "", "7"], ["en"] * 4)
    np.testing.assert_array_equal(after(vectors, "lexical:0.5", read=silent), vectors)


def test_smoothing_takes_the_mean_of_mutual_neighbours_only() -> None:
    # The last is nearest to the first two's neighbour, which has a nearer one.
    vectors = np.array([[1, 0], [0.99, 0.1], [0.6, 0.8]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    smooth = after(vectors, "smooth:1")
    mean = (vectors[0] + vectors[1]) / 2
    np.testing.assert_allclose(smooth[0], mean / np.linalg.norm(mean), rtol=1e-5)
    np.testing.assert_allclose(smooth[0], smooth[1])
    np.testing.assert_allclose(smooth[2], vectors[2], rtol=1e-6)


def test_smoothing_refuses_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acuerdo.questions.topics.preparing.SMOOTH_UP_TO", 3)
    with pytest.raises(SettingsError, match="3 questions at most, not 4"):
        after(np.eye(4, dtype=np.float32), "smooth:1")


def test_steps_are_read_with_their_numbers() -> None:
    assert step_named(" PCA:12 ") == Step("pca", 12.0, 1.0)
    assert step_named("whiten:60") == Step("whiten", 60.0, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "magic",
        "pca",
        "pca:",
        "pca:x",
        "pca:0",
        "pca:2.5",
        "pca:nan",
        "pca:inf",
        "centre:1",
        "whiten:9:2",
        "whiten:1:2:3",
        "lexical",
        "lexical:-1",
        "lexical:inf",
        "openings:1:2",
    ],
)
def test_steps_that_are_none_are_told(text: str) -> None:
    with pytest.raises(SettingsError, match="no such step"):
        step_named(text)


@pytest.mark.parametrize(
    ("text", "language", "content"),
    [
        ("Should we ban fireworks?", "en", "ban fireworks"),
        ("Is it okay to lie to a friend?", "en", "lie to a friend"),
        ("Should people be allowed to own guns?", "en", "own guns"),
        ("Should there be a wealth tax?", "en", "a wealth tax"),
        ("Shouldn't the UK government tax meat?", "en", "tax meat"),
        ("Do dogs make better pets?", "en", "dogs make better pets"),
        ("¿Deberíamos prohibir las plazas de toros?", "es", "prohibir las plazas de toros"),
        ("¿Es justo que los ricos paguen más?", "es", "los ricos paguen más"),
        ("Sollte man Böller verbieten?", "de", "Sollte man Böller verbieten"),
        ("Should we?", "en", "Should we"),
        ("", "en", ""),
    ],
)
def test_the_frame_is_taken_off(text: str, language: str, content: str) -> None:
    assert without_frame(text, language) == content


def test_blobs_stay_apart_through_the_default_steps() -> None:
    vectors, truth = blobs((20, 20))
    turned = after(vectors, "whiten:60:0.25")
    means = [turned[truth == crowd].mean(axis=0) for crowd in (0, 1)]
    assert np.linalg.norm(means[0] - means[1]) > 3 * turned[truth == 0].std(axis=0).max()

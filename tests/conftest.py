"""What several rooms' tests share: the default model, loaded once, and the draws of properties."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from acuerdo.llm import WEIGHTS, EmbeddedModel
from acuerdo.recipes import DEFAULT_WEIGHTS
from acuerdo.settings import read_settings

# The same examples in every run, and no clock: a busy machine fails nothing. Single tests may ask
# for more examples; new ones are tried with `--hypothesis-profile default`.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def embedded_model() -> Iterator[EmbeddedModel]:
    """Return the default language model; tests that use it are marked `model`."""
    path = WEIGHTS[DEFAULT_WEIGHTS].path_in(read_settings().weights_dir)
    if not path.is_file():
        pytest.fail("the default weights are not here: run `acuerdo models fetch`", pytrace=False)
    with EmbeddedModel(path) as model:
        yield model

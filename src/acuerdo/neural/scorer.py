"""A trained network as a `Scorer`: sheets in, forecasts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch

from acuerdo.domain.calibration import Calibration
from acuerdo.domain.errors import WeightsError
from acuerdo.domain.sheets import Forecast, Positions, Sheet, Values
from acuerdo.neural.cards import CARD, read_card
from acuerdo.neural.causal_scorer import CausalScorer
from acuerdo.neural.collation import by_length, collated
from acuerdo.neural.readers import PromptReader, Row, asked
from acuerdo.neural.storing import Network, load_network
from acuerdo.ports import Progress, Watch, stop_if_asked

SIZE: Final = 64


class NeuralScorer:
    """Reads a run folder (weights and card) and predicts with it, on a GPU if there is one.

    Silent about people without an opinion and statements without text. Ratings known already are
    not used: it reads texts only. `size` rows are read at a time. Raises WeightsError if the folder
    is incomplete or its weights are not those of its card.
    """

    def __init__(self, folder: Path, *, size: int = SIZE) -> None:
        card = read_card(folder)
        self._network = load_network(folder, card)
        try:
            self.calibration = Calibration.of_json(card["calibration"])
            self._name = str(card["name"])
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError(
                f"the card has no usable calibration: {error!r}", where=str(folder / CARD)
            ) from error
        self._size = size
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network.scorer.to(self._device)

    @property
    def name(self) -> str:
        return self._name

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return what every pair's person would say; raises Cancelled if the watcher stops."""
        said = np.array([bool(text.strip()) for text in sheet.opinions], dtype=bool)
        stated = np.array([bool(text.strip()) for text in sheet.statements], dtype=bool)
        pairs = np.flatnonzero(said[sheet.person] & stated[sheet.statement])
        latent = np.full(sheet.size, np.nan)
        latent[pairs] = network_latents(self._network, sheet, pairs, self._size, watch)
        return Forecast(*self.calibration.expected_and_spread(latent))


def network_latents(
    network: Network, sheet: Sheet, pairs: Positions, size: int, watch: Watch
) -> Values:
    """Return the latents of some pairs of a sheet, in their order, shape (pairs,).

    A causal network reads what is known of a person once for all their statements.
    """
    reader = network.reader
    (question,) = reader.tokens([asked(sheet.question, sheet.context)])
    opinions, statements = reader.tokens(sheet.opinions), reader.tokens(sheet.statements)
    person, statement = sheet.person[pairs], sheet.statement[pairs]
    network.scorer.eval()
    if isinstance(network.scorer, CausalScorer) and isinstance(reader, PromptReader):
        prompts = {
            one: reader.prompt(question, opinions[one]) for one in np.unique(person).tolist()
        }
        endings = [reader.ending(tokens) for tokens in statements]
        return _by_person(
            network.scorer,
            prompts,
            [endings[k] for k in statement.tolist()],
            person,
            size=size,
            watch=watch,
        )
    rows = [
        reader.row(question, opinions[p], statements[s])
        for p, s in zip(person, statement, strict=True)
    ]
    device = next(network.scorer.parameters()).device
    found = np.empty(len(pairs))
    done = 0
    for places in by_length([len(row.ids) for row in rows], size):
        stop_if_asked(watch)
        batch = collated([rows[k] for k in places], [1] * len(places), network.padding)
        with torch.inference_mode():
            found[places] = network.scorer(batch.to(device)).float().cpu().numpy()
        done += len(places)
        watch.report(Progress("predict", done, len(pairs)))
    return found


def _by_person(
    scorer: CausalScorer,
    prompts: Mapping[int, Row],
    endings: Sequence[Row],
    person: Positions,
    *,
    size: int,
    watch: Watch,
) -> Values:
    """Read each person's prompt once, and behind it the endings of all their pairs."""
    found = np.empty(len(person))
    done = 0
    for one, prompt in prompts.items():
        stop_if_asked(watch)
        places = np.flatnonzero(person == one)
        behind = scorer.behind(prompt, [endings[place] for place in places.tolist()], size)
        found[places] = behind.float().cpu().numpy()
        done += len(places)
        watch.report(Progress("predict", done, len(person)))
    return found

"""Read ballots: CSV tables, PrefLib files (.soc .soi .toc .toi .cat) and ABIF."""

from acuerdo.datasets.ballots.assembly import BallotFile, Format, Scale
from acuerdo.datasets.ballots.reading import FORMATS, read_ballots

__all__ = ["FORMATS", "BallotFile", "Format", "Scale", "read_ballots"]

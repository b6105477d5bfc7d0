"""A witness of logs (c2sp.org/tlog-witness): it cosigns a log's head after a proof that nothing before it changed.

The witness itself needs no installation, and so no Django; the log's side, `submission`, does and is imported by name.
"""

from zhida.services.witnessing.book import WitnessBook
from zhida.services.witnessing.server import WitnessServer
from zhida.services.witnessing.witness import Reply, Witness

__all__ = ["Reply", "Witness", "WitnessBook", "WitnessServer"]

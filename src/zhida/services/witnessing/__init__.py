"""A witness of logs (c2sp.org/tlog-witness): it cosigns a log's head after a proof that nothing before it changed."""

from zhida.services.witnessing.book import WitnessBook
from zhida.services.witnessing.server import WitnessServer
from zhida.services.witnessing.submission import Submission, submit
from zhida.services.witnessing.witness import Reply, Witness

__all__ = ["Reply", "Submission", "Witness", "WitnessBook", "WitnessServer", "submit"]

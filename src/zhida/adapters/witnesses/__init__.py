"""Witnesses of the log, over HTTP."""

from zhida.adapters.witnesses.client import HttpWitness, read_witnesses

__all__ = ["HttpWitness", "read_witnesses"]

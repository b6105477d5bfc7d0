"""Screening with engine `table` on this machine or a cluster, and its results as files: read `screener` first."""

from zhida.adapters.screening.screener import FileScreener

__all__ = ["FileScreener"]

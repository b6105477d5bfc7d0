"""How often one person or one address may ask for the same kind of thing, as an installation sets it."""

from __future__ import annotations

USUAL_RATES = (
    "claims=60/600,drafts=600/600,uploads=60/600,codes=60/600,calculators=120/60,logins=300/600,tokens=1200/60"
)
"""What somebody who reads and types reaches, several at one address too, and a program that tries things does not."""


def rates(given: str) -> dict[str, tuple[int, int]]:
    """Requests and seconds by flow; {} for "0": no limit. Raises ValueError for what cannot be read."""
    if given in ("", "0"):
        return {}
    return {flow.strip(): _rate(rate) for flow, _, rate in (one.partition("=") for one in given.split(","))}


def _rate(text: str) -> tuple[int, int]:
    most, _, within_s = text.partition("/")
    if int(most) < 1 or int(within_s) < 1:
        raise ValueError(f"ZHIDA_RATES: {text!r} lets nobody in; write requests/seconds, or 0 for no limit")
    return int(most), int(within_s)

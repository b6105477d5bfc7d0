"""Stacking groups across packs: of several items, only the highest is granted, or all up to a cap."""

from __future__ import annotations

from dataclasses import dataclass

from zhida.domain.packs.dictionary import Words


@dataclass(frozen=True)
class Group:
    """A group, owned by an office. `per` is the time that it counts over (life or year); `cap_fen` caps a
    capped_sum, in fen."""

    name: str
    owner: str
    rule: str
    per: str
    cap_fen: int | None
    source: str
    words: Words

"""The organisations of a made-up province, as a snapshot holds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyarrow as pa

from zhida.domain.values import SubjectKind
from zhida.services.demonstration.generation.portraits import read_portraits
from zhida.services.demonstration.generation.province.world import dictionary, shared_files
from zhida.services.demonstration.generation.snapshots import Crowd

AS_OF = date(2026, 6, 1)
_PORTRAIT = "_population/organisation.yaml"


def crowd(organisations: int, seed: int, *, as_of: date = AS_OF) -> Crowd:
    """The organisations of the province of a seed, to be drawn part by part."""
    portrait = read_portraits({_PORTRAIT: shared_files(seed)[_PORTRAIT]})[SubjectKind.ORGANISATION]
    return Crowd(SubjectKind.ORGANISATION, organisations, seed, as_of, dictionary(seed), portrait)


def tables(organisations: int, seed: int, *, as_of: date = AS_OF) -> Iterator[pa.Table]:
    """The same as tables of 65,536 rows (the last has what is left), sorted by region tree, then by key."""
    return crowd(organisations, seed, as_of=as_of).tables()

"""From what a source calls a subject (id, credit code, id number) to the registry's integer key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa

from zhida.domain.registers.joining import Positions
from zhida.kernel.registry.models import Subject
from zhida.kernel.registry.personal_numbers import number_index

_AT_ONCE = 5_000
_FIELDS = {"subject": "id", "credit_code": "credit_code", "number": "number_index"}


def keys_of(names: pa.Array, called: str, kind: str) -> Positions:
    """The key of each row's subject of this kind, 0 where the registry knows none. `called` is the identity column."""
    if pa.types.is_integer(names.type):
        given = names.fill_null(0).to_numpy()
        held = np.fromiter(Subject.objects.filter(kind=kind).values_list("key", flat=True), dtype=np.int64)
        return np.where(np.isin(given, held), given, 0)
    texts = names.to_pylist()
    if called == "number":
        texts = [text and number_index(text) for text in texts]
    found = {text: key for text, key, _ in find(set(texts) - {None}, _FIELDS[called], kind)}
    return np.array([found.get(text, 0) for text in texts], dtype=np.int64)


def find(texts: Iterable[str], field: str, kind: str) -> Iterator[tuple[str, int, str]]:
    """(text, key, id) of every subject of a kind whose `field` is one of the texts."""
    waiting = sorted(texts)
    for start in range(0, len(waiting), _AT_ONCE):
        part = waiting[start : start + _AT_ONCE]
        rows = Subject.objects.filter(kind=kind, **{f"{field}__in": part})
        yield from rows.values_list(field, "key", "id")

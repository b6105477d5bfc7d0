"""Numbers that commit in their own order: each taker holds the counter until its transaction ends."""

from __future__ import annotations

from zhida.kernel.registry.models import Counter

SUBJECTS = "subjects"
OVERLAYS = "overlays"


def take(name: str, count: int) -> range:
    """The next `count` numbers of a counter, the first being 1; must run inside a transaction."""
    counter = _held(name)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def reached(name: str) -> int:
    """The last number given out; every one up to it is committed, and none is under way until we commit."""
    return _held(name).last


def _held(name: str) -> Counter:
    Counter.objects.get_or_create(name=name)
    return Counter.objects.select_for_update().get(name=name)

"""For how many an item is at most, as a form says it: places, a sum, or both; who comes first, and what becomes of
equals at the line.

Written are the item's `quota` and, where somebody has to choose, the step that selects; what a form did not change
stays as its author spelt it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhida.domain.packs.items import Claim, Quota
from zhida.services.authoring.claims import same_feel
from zhida.services.authoring.entries import NO_RULE
from zhida.services.authoring.sheets import ITEMS, Sheet, swept

OPEN, FIRST_COME, RANKED, PRO_RATA = "", "first_come", "ranked", "pro_rata"
ORDERS = (OPEN, FIRST_COME, RANKED, PRO_RATA)
TIES = ("all_in", "none_in")
_PROCESS, _REVIEW = "process.yaml", ("review",)
_SELECTION = {"select": {"by": "owner"}}


@dataclass(frozen=True)
class Rank:
    """One key of an order: an expression (FEEL), the higher first or the lower."""

    feel: str
    is_high: bool = True


@dataclass(frozen=True)
class Rationing:
    """For how many: `n` places and `total_yuan` at most (0 for no such limit), in which order; OPEN is everybody."""

    order: str = OPEN
    n: int = 0
    total_yuan: int = 0
    by: tuple[Rank, ...] = ()
    ties: str = TIES[0]

    @property
    def is_plain(self) -> bool:
        """Whether nothing but a number of places for who comes first is said, or nothing at all."""
        return self.order == OPEN or (self.order == FIRST_COME and not self.total_yuan)


def rationing_of(sheet: Sheet, item: str) -> Rationing:
    """For how many an item is now."""
    quota = sheet.get(ITEMS, item, "quota")
    if not quota:
        return Rationing()
    by = tuple(Rank(str(one.get("value", "")), one.get("first") == "high") for one in quota.get("by") or ())
    n, total = int(quota.get("n", 0)), int(quota.get("total_yuan", 0))
    return Rationing(quota.get("order", RANKED), n, total, by, quota.get("ties", TIES[0]))


def ration(sheet: Sheet, item: str, rationing: Rationing) -> None:
    """Writes for how many an item is, where that differs, with the step that selects where one is needed."""
    before = rationing_of(sheet, item)
    if _is_same(before, rationing):
        return
    told, now = _told(before, rationing), sheet.get(ITEMS, item, "quota") or {}
    if not told:
        sheet.drop(ITEMS, (item, "quota"))
    else:
        for key, value in told.items():
            if now.get(key) != (str(value) if isinstance(value, int) else value):
                sheet.set(ITEMS, (item, "quota", key), value)
        for key in [key for key in now if key not in told]:
            sheet.drop(ITEMS, (item, "quota", key))
    _put_selection(sheet, item, rationing)
    swept(sheet, NO_RULE)


def _is_same(before: Rationing, now: Rationing) -> bool:
    if (before.order, before.n, before.total_yuan) != (now.order, now.n, now.total_yuan):
        return False
    if now.order != RANKED:
        return True
    kept = zip(before.by, now.by, strict=False)
    is_by_same = len(before.by) == len(now.by) and all(_is_rank(one, other) for one, other in kept)
    return is_by_same and before.ties == now.ties


def _is_rank(one: Rank, other: Rank) -> bool:
    return one.is_high == other.is_high and same_feel(one.feel, other.feel)


def _told(before: Rationing, now: Rationing) -> dict[str, Any]:
    """A quota as items.yaml holds it; keys of the order that are the same keep their spelling."""
    if now.order == OPEN:
        return {}
    told: dict[str, Any] = {"n": now.n} if now.n else {}
    told |= {"total_yuan": now.total_yuan} if now.total_yuan else {}
    if now.order != RANKED:
        return told | {"order": now.order}
    kept = [next((one for one in before.by if _is_rank(one, rank)), rank) for rank in now.by]
    by = [{"value": one.feel, "first": "high" if one.is_high else "low"} for one in kept]
    return told | {"by": by, "ties": now.ties}


def _put_selection(sheet: Sheet, item: str, rationing: Rationing) -> None:
    """The step that selects, where the draft needs one and has none: before the names are made public. One that this
    wrote goes with the last quota."""
    steps: Sequence[Any] = sheet.get(_PROCESS, *_REVIEW) or []
    if rationing.order == OPEN:
        is_last = not any(one.get("quota") for one in (sheet.get(ITEMS) or {}).values())
        if is_last and _SELECTION in steps:
            sheet.set(_PROCESS, _REVIEW, [one for one in steps if one != _SELECTION])
        return
    quota = Quota(rationing.n, (), rationing.ties, rationing.order, rationing.total_yuan * 100 or None)
    if quota.selects(Claim(sheet.get(ITEMS, item, "claim"))) and not any("select" in step for step in steps):
        at = next((place for place, step in enumerate(steps) if "publicise" in step), len(steps))
        sheet.set(_PROCESS, _REVIEW, [*steps[:at], _SELECTION, *steps[at:]])

"""Items of one group that a subject may not simply add up: the highest only, the first only, or all up to a cap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.domain.packs import Group
from zhida.kernel.entitlements.models import Entitlement


@dataclass(frozen=True)
class Stacking:
    """Where a subject stands in a group: what living grants of it have given so far, in fen."""

    group: Group
    grant_ids: tuple[str, ...]
    already_fen: int

    def payable_fen(self, full_fen: int | None) -> int | None:
        """What may still be granted of an item worth `full_fen` by itself; None where the group shuts it out.

        highest_only (就高不重复): the part above what was given; capped_sum: the part below the cap; first_only: all of
        it where nothing was given. One without an amount (None) is shut out by any earlier grant but in capped_sum.
        """
        if not self.grant_ids or (self.group.rule == "capped_sum" and full_fen is None):
            return self._below_cap(full_fen or 0)
        if self.group.rule == "first_only" or full_fen is None:
            return None
        if self.group.rule == "highest_only":
            return full_fen - self.already_fen if full_fen > self.already_fen else None
        return self._below_cap(full_fen)

    def _below_cap(self, full_fen: int) -> int | None:
        if self.group.cap_fen is None:
            return full_fen
        room = self.group.cap_fen - self.already_fen
        return min(full_fen, room) if room > 0 else None


def stacking_of(group: Group, subject_id: str, day: date) -> Stacking:
    """A subject's standing in a group over the year of `day`, or over its life where the group counts so."""
    rows = Entitlement.objects.filter(subject_id=subject_id, group=group.name, revocation=None)
    if group.per == "year":
        rows = rows.filter(granted_on__year=day.year)
    held = list(rows.order_by("id").values_list("id", "amount_fen"))
    return Stacking(group, tuple(grant for grant, _ in held), sum(amount or 0 for _, amount in held))


def turn_key(stacking: Stacking, subject_id: str, day: date) -> str:
    """The key of the next grant in a group: two decisions at once want the same turn, and one of them looks again."""
    over = f"{day.year}" if stacking.group.per == "year" else "life"
    return f"group:{stacking.group.name}|subject={subject_id}|{over}|turn={len(stacking.grant_ids) + 1}"

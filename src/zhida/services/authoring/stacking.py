"""Of which group an item is a member, and the groups that a draft adds: items of which only the highest or the first
is paid, or all up to a cap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhida.services.authoring.sheets import ITEMS, Sheet

HIGHEST, FIRST, CAPPED = "highest_only", "first_only", "capped_sum"
RULES_OF_GROUPS = (HIGHEST, FIRST, CAPPED)
PERS = ("life", "year")
_FOLDER = "_groups/"


@dataclass(frozen=True)
class Grouping:
    """A group as a form says it: what it is called (`english` "" for no word), which of its items are paid over which
    time, where that stands."""

    words: str
    rule: str = HIGHEST
    per: str = PERS[0]
    source: str = ""
    cap_fen: int = 0
    english: str = ""


def group_of(sheet: Sheet, item: str) -> str:
    """The group that an item is a member of, "" for none."""
    return str(sheet.get(ITEMS, item, "stacking") or "")


def path_of(name: str) -> str:
    """Where a group stands below the packs' root."""
    return f"{_FOLDER}{name}.yaml"


def stack(sheet: Sheet, item: str, name: str) -> None:
    """Makes an item a member of a group, or of none; a group of the draft's own without a member goes."""
    before = group_of(sheet, item)
    if name == before:
        return
    if name:
        sheet.set(ITEMS, (item, "stacking"), name)
    else:
        sheet.drop(ITEMS, (item, "stacking"))
    members = {record.get("stacking") for record in (sheet.get(ITEMS) or {}).values()}
    if before not in members and path_of(before) in sheet.files:
        sheet.put(path_of(before), b"")


def put_group(sheet: Sheet, name: str, grouping: Grouping, owner: str) -> None:
    """Writes a group of the draft's own, where it differs; `owner` is the office that answers for one not yet there."""
    path = path_of(name)
    now: Mapping[str, Any] = sheet.shared(path)
    told: dict[str, Any] = {"rule": grouping.rule, "per": grouping.per, "owner": now.get("owner", owner)}
    told |= {"cap_fen": str(grouping.cap_fen)} if grouping.rule == CAPPED else {}
    told |= {"source": grouping.source, "words": {"zh": grouping.words}}
    told["words"] |= {"en": grouping.english} if grouping.english else {}
    if path not in sheet.files:
        sheet.put(path, b"")
    for key in [key for key in now if key not in told]:
        sheet.drop_entry(path, (key,))
    for key, value in told.items():
        if now.get(key) != value:
            sheet.put_entry(path, (key,), int(value) if key == "cap_fen" else value)


def free_name(pack_id: str, taken: Mapping[str, object]) -> str:
    """A name for a further group of a pack's draft."""
    begin = pack_id.partition("/")[2]
    number, found = 2, begin
    while found in taken:
        number, found = number + 1, f"{begin}-{number}"
    return found

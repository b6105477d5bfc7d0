"""What one claim of an item is for, as a form says it: the whole subject, each record of a relation, or all records
that it uses up; and what may be granted once only.

Written are `for_each`, `counts`, `once_per` and the amount that counts the used records; what a form did not change
stays as its author spelt it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhida.domain.errors import AuthorError
from zhida.domain.packs import Pack
from zhida.domain.rules import Node, parse, write
from zhida.domain.rules.nodes import Call, Filter, Name, Path, rebuild
from zhida.services.authoring.entries import NO_RULE
from zhida.services.authoring.sheets import ITEMS, RULES, Sheet, swept

WHOLE, EACH, COUNTED = "whole", "each", "counted"
WAYS = (WHOLE, EACH, COUNTED)
PERS = ("life", "year", "month", "instalment")
SUBJECT, RECORD, ANYWHERE = "subject", "record.", "anywhere"


@dataclass(frozen=True)
class Key:
    """What may be granted once only: `whose` are `subject` and `record.<field>`, `per` one of PERS; `is_anywhere`:
    grants of other items that say so count too."""

    whose: tuple[str, ...]
    per: str = PERS[0]
    is_anywhere: bool = False


@dataclass(frozen=True)
class Claiming:
    """One claim: its way, the relation of its records, the condition (FEEL) on those that it uses up, its keys."""

    way: str = WHOLE
    relation: str = ""
    where: str = ""
    keys: tuple[Key, ...] = ()


def claiming_of(sheet: Sheet, item: str) -> Claiming:
    """What one claim of an item is for now."""
    each, counts = sheet.get(ITEMS, item, "for_each") or "", sheet.get(ITEMS, item, "counts") or {}
    keys = tuple(key_of(parts) for parts in sheet.get(ITEMS, item, "once_per") or ())
    if counts:
        return Claiming(COUNTED, str(counts.get("relation", "")), str(counts.get("where") or ""), keys)
    return Claiming(EACH if each else WHOLE, str(each), "", keys)


def key_of(parts: Sequence[str]) -> Key:
    """A key as it is written in `once_per`."""
    per = next((part for part in parts if part in PERS), "")
    return Key(tuple(part for part in parts if part not in (per, ANYWHERE)), per or PERS[0], ANYWHERE in parts)


def claim(sheet: Sheet, pack: Pack, item: str, claiming: Claiming, singular: str) -> None:
    """Writes what one claim is for, where that differs; `singular` is what the relation calls one record.

    What counted the used records before counts those that are used from now on.
    """
    before = claiming_of(sheet, item)
    counted_by = count_name(pack, item) if before.way == COUNTED else ""
    is_same = (before.way, before.relation) == (claiming.way, claiming.relation)
    if not is_same or not same_feel(before.where, claiming.where):
        _put_way(sheet, item, claiming)
        if counted_by and claiming.way == COUNTED and sheet.get(RULES, "amounts", counted_by):
            sheet.set(RULES, ("amounts", counted_by, "is"), write(count_node(claiming, singular)))
    if before.keys != claiming.keys:
        known = {key_of(parts): [*parts] for parts in sheet.get(ITEMS, item, "once_per") or ()}
        rows = [known.get(key) or _written(key) for key in claiming.keys]
        if rows:
            sheet.set(ITEMS, (item, "once_per"), rows)
        else:
            sheet.drop(ITEMS, (item, "once_per"))
    if sheet.changed:
        swept(sheet, NO_RULE)


def _put_way(sheet: Sheet, item: str, claiming: Claiming) -> None:
    if claiming.way != EACH:
        sheet.drop(ITEMS, (item, "for_each"))
    if claiming.way != COUNTED:
        sheet.drop(ITEMS, (item, "counts"))
    if claiming.way == EACH:
        sheet.set(ITEMS, (item, "for_each"), claiming.relation)
    if claiming.way == COUNTED:
        where = {"where": claiming.where} if claiming.where else {}
        sheet.set(ITEMS, (item, "counts"), {"relation": claiming.relation, **where})


def _written(key: Key) -> list[str]:
    return [*key.whose, key.per, *([ANYWHERE] if key.is_anywhere else [])]


def count_node(claiming: Claiming, singular: str) -> Node:
    """How many records a claim uses up, as an expression."""
    source: Node = Name(claiming.relation)
    if claiming.where:
        source = Filter(source, _inside(parse(claiming.where), singular))
    return Call("count", (source,))


def _inside(node: Node, singular: str) -> Node:
    """A condition on a record as it stands inside the brackets of its list, where fields are names of their own."""
    if isinstance(node, Path) and node.source == Name(singular):
        return Name(node.field)
    return rebuild(node, lambda below: _inside(below, singular))


def count_name(pack: Pack, item: str) -> str:
    """The amount that counts the records an item uses up: the one there is, else what it is going to be called; ""
    where the item uses up none."""
    counts = pack.items[item].counts if item in pack.items else None
    if counts is None:
        return ""
    node = _count_of(pack, item)
    return next((name for name, one in pack.schema.amounts.items() if one.value == node), f"{item}_count")


def put_count(sheet: Sheet, pack: Pack, name: str) -> None:
    """Writes the amount of a name that `count_name` gave, where there is none yet."""
    item = next((one for one in pack.items if count_name(pack, one) == name), "")
    if item and name not in pack.schema.amounts and sheet.get(RULES, "amounts", name) is None:
        record: Mapping[str, Any] = {"is": write(_count_of(pack, item)), "cites": [*pack.items[item].cites]}
        sheet.set(RULES, ("amounts", name), record)


def _count_of(pack: Pack, item: str) -> Node:
    counts = pack.items[item].counts
    relation = pack.schema.relations.get(counts.relation) if counts else None
    where = write(counts.where) if counts and counts.where is not None else ""
    told = Claiming(COUNTED, counts.relation if counts else "", where)
    return count_node(told, relation.singular if relation else "")


def same_feel(text: str, now: str) -> bool:
    """Whether two expressions are the same nodes: then the file keeps its author's spelling."""
    if text == now:
        return True
    try:
        return bool(text and now) and parse(text) == parse(now)
    except AuthorError:
        return False

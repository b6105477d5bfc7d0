"""What an item gives, as a form says it: a sum, a sum for each, a share of something, bands; with a cap and a floor.

Written are the amount, its table and what money needs (a budget line, how often, a step that pays); read back is what
was written so. Anything else stays an expression of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zhida.services.authoring.claims import same_feel
from zhida.services.authoring.entries import NO_RULE, add_requirement, put_table
from zhida.services.authoring.quotas import FIRST_COME, Rationing, ration, rationing_of
from zhida.services.authoring.sheets import FORM, ITEMS, RULES, Sheet, swept

OTHER = "other"
TABLE, STANDARD = "table", "standard"
SHAPES = ("service", "fixed", "per_unit", "share", "bands", TABLE, STANDARD, OTHER)
KINDS = ("money", "voucher")
_BOUND = re.compile(r"^(?P<which>min|max)\((?P<inner>.+), (?P<fen>\d+)\)$")
_FLOOR = re.compile(r"^floor\((?P<left>.+) \* (?P<right>[^*]+)\)$")
_LARGEST_SHARE = 10
_NUMBER = re.compile(r"^\d+(?:\.\d+)?$")
_AT_MOST = re.compile(r"^min\((?P<inner>.+), (?P<table>[a-z_]\w*)\)$")
_PARAMETER = re.compile(r"^parameters\.\w+$")


@dataclass(frozen=True)
class Giving:
    """How much: `fen` of a sum, `of` the expression that a share or a count is taken of, `rate` of one; `by` is what
    bands look at, `rows` (from, gives) upwards, each as rules write constants: fen, or a share of `of`. `table` is
    looked up, by itself or times `of`, and `most` is a table that bounds that; `standard` is a parameter, by itself or
    times `of`."""

    shape: str
    fen: int = 0
    of: str = ""
    rate: Decimal = Decimal(0)
    cap_fen: int = 0
    floor_fen: int = 0
    by: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    feel: str = ""
    table: str = ""
    most: str = ""
    standard: str = ""


@dataclass(frozen=True)
class Paying:
    """From which budget line, how often, in how many parts (`every` "" is at once, `times` 0 without an end), for how
    many at most (`most` 0 is everybody, None stays as it is), and as what: money or a voucher (`kind` "" stays)."""

    line: str = ""
    once: tuple[tuple[str, ...], ...] = ()
    every: str = ""
    times: int = 0
    most: int | None = None
    kind: str = ""


def paying_of(sheet: Sheet, item: str) -> Paying:
    """How an item pays now, beside its budget line and its key; a quota of another kind is not said here."""
    schedule, quota = sheet.get(ITEMS, item, "schedule") or {}, rationing_of(sheet, item)
    most = quota.n if quota.is_plain else None
    kind = sheet.get(ITEMS, item, "benefit", "kind") or ""
    kind = kind if kind in KINDS else KINDS[0]
    return Paying(every=schedule.get("every", ""), times=int(schedule.get("for", 0)), most=most, kind=kind)


def giving_of(sheet: Sheet, item: str) -> Giving:
    """What an item gives now."""
    name = sheet.get(ITEMS, item, "benefit", "amount")
    if not name:
        return Giving("service")
    tables = sheet.get(RULES, "tables") or {}
    text = str(sheet.get(RULES, "amounts", name, "is") or (name if name in tables else ""))
    inner, cap, floor = _unbound(text)
    if _NUMBER.match(inner):
        return Giving("fixed", int(Decimal(inner)), cap_fen=cap, floor_fen=floor, feel=text)
    table, of = inner, ""
    found = _FLOOR.match(inner)
    if found:
        of, table = found["left"], found["right"]
        if _NUMBER.match(found["left"]):
            return Giving("per_unit", int(Decimal(found["left"])), found["right"], Decimal(0), cap, floor, feel=text)
        if _NUMBER.match(found["right"]) and Decimal(found["right"]) > _LARGEST_SHARE:
            return Giving("per_unit", int(Decimal(found["right"])), found["left"], Decimal(0), cap, floor, feel=text)
        if _NUMBER.match(found["right"]):
            return Giving("share", 0, found["left"], Decimal(found["right"]), cap, floor, feel=text)
    rows = _rows_of(sheet, table) if table == f"{item}_bands" else ()
    if rows:
        return Giving("bands", 0, of, Decimal(0), cap, floor, _by_of(sheet, table), rows, text)
    return _looked_up(inner, tables, cap, floor, text) or Giving(OTHER, feel=text)


def _looked_up(inner: str, tables: Collection[str], cap: int, floor: int, text: str) -> Giving | None:
    """What is looked up in a table, or is a parameter, by itself or times something; None for anything else."""
    if _PARAMETER.match(inner):
        return Giving(STANDARD, cap_fen=cap, floor_fen=floor, feel=text, standard=inner)
    bound = _AT_MOST.match(inner)
    most = bound["table"] if bound and bound["table"] in tables else ""
    inner = bound["inner"] if bound and most else inner
    found = _FLOOR.match(inner)
    of, name = (found["left"], found["right"]) if found else ("", inner)
    if name in tables:
        return Giving(TABLE, of=of, cap_fen=cap, floor_fen=floor, feel=text, table=name, most=most)
    if found and not most and _PARAMETER.match(name):
        return Giving(STANDARD, of=of, cap_fen=cap, floor_fen=floor, feel=text, standard=name)
    return None


def _unbound(text: str) -> tuple[str, int, int]:
    cap = floor = 0
    while found := _BOUND.match(text):
        text = found["inner"]
        cap, floor = (int(found["fen"]), floor) if found["which"] == "min" else (cap, int(found["fen"]))
    return text, cap, floor


def _by_of(sheet: Sheet, table: str) -> str:
    by = sheet.get(RULES, "tables", table, "by")
    return by[0] if isinstance(by, list) else next(iter(by.values())) if by else ""


def _rows_of(sheet: Sheet, table: str) -> tuple[tuple[str, str], ...]:
    """The rows of a table that this form wrote, upwards; none of another."""
    found = []
    for row in sheet.get(RULES, "tables", table, "rows") or ():
        cell, gives = [value for key, value in row.items() if key != "gives"], row.get("gives")
        if len(cell) != 1 or not isinstance(cell[0], str) or not isinstance(gives, str):
            return ()
        low = re.match(r"^>= (.+)$", cell[0]) or re.match(r"^\[(.+)\.\.(.+)\)$", cell[0])
        if low is None:
            return ()
        found.append((low[1], gives))
    return tuple(reversed(found))


def give(sheet: Sheet, item: str, giving: Giving, paying: Paying, *, title: str = "") -> None:
    """Writes what an item gives and how it pays; whoever stays below the lowest band does not meet the item, and that
    requirement is called `title`."""
    cites = sheet.get(ITEMS, item, "cites") or []
    reach = f"reach_{item}"
    asked = sheet.get(ITEMS, item, "requires") or []
    if giving.shape != "bands" and reach in asked:
        sheet.set(ITEMS, (item, "requires"), [one for one in asked if one != reach])
    if giving.shape == "service":
        sheet.set(ITEMS, (item, "benefit"), {"kind": "service"})
        for key in ("once_per", "budget_line", "schedule"):
            sheet.drop(ITEMS, (item, key))
        if rationing_of(sheet, item).total_yuan:
            ration(sheet, item, Rationing())
        swept(sheet, NO_RULE)
        return
    if giving.shape == "bands":
        put_table(sheet, f"{item}_bands", giving.by, _cells(giving.rows), cites)
    now = giving_of(sheet, item)
    is_same = giving.shape != OTHER and replace(now, feel="") == replace(giving, feel="")
    name = _put_amount(sheet, item, now.feel if is_same else feel_of(giving, f"{item}_bands"), cites)
    told = {"benefit": {"kind": paying.kind or paying_of(sheet, item).kind, "amount": name}}
    told |= {"once_per": [[*key] for key in paying.once], "budget_line": paying.line}
    for key, value in told.items():
        if sheet.get(ITEMS, item, key) != value:
            sheet.set(ITEMS, (item, key), value)
    _put_parts(sheet, item, paying)
    _put_payment(sheet)
    if giving.shape == "bands":
        _put_reach(sheet, item, giving, title)
    swept(sheet, NO_RULE)


def _put_amount(sheet: Sheet, item: str, feel: str, cites: Sequence[str]) -> str:
    """Writes what an item gives into its own amount, where that says something else; the amount's name."""
    now, amounts = sheet.get(ITEMS, item, "benefit", "amount") or "", sheet.get(RULES, "amounts") or {}
    tables = sheet.get(RULES, "tables") or {}
    if now == feel and now in tables:
        return str(now)
    if now in amounts and (_is_alone(sheet, item, now) or same_feel(amounts[now]["is"], feel)):
        if not same_feel(amounts[now]["is"], feel):
            sheet.set(RULES, ("amounts", now, "is"), feel)
        return str(now)
    name = f"{item}_fen" if f"{item}_fen" not in tables else f"{item}_sum_fen"
    sheet.set(RULES, ("amounts", name), {"is": feel, "cites": [*cites]})
    return name


def _is_alone(sheet: Sheet, item: str, amount: str) -> bool:
    """Whether nothing but one item reads an amount."""
    rules = sheet.get(RULES) or {}
    rest = [record for name, record in (sheet.get(ITEMS) or {}).items() if name != item]
    rest += [one for part in rules.values() for name, one in part.items() if name != amount]
    return re.search(rf"\b{amount}\b", str(rest)) is None


def _put_parts(sheet: Sheet, item: str, paying: Paying) -> None:
    """In parts, and for so many at most, where that differs from what stands there."""
    now = paying_of(sheet, item)
    if (now.every, now.times) != (paying.every, paying.times):
        sheet.drop(ITEMS, (item, "schedule"))
        if paying.every:
            times = {"for": paying.times} if paying.times else {}
            sheet.set(ITEMS, (item, "schedule"), {"every": paying.every, **times, "recheck": True})
    if paying.most is not None and now.most is not None:
        ration(sheet, item, Rationing(FIRST_COME, paying.most) if paying.most else Rationing())


def _put_reach(sheet: Sheet, item: str, giving: Giving, title: str) -> None:
    name, when = f"reach_{item}", f"{giving.by} >= {giving.rows[0][0]}"
    asked = sheet.get(ITEMS, item, "requires") or []
    if name in asked:
        sheet.set(RULES, ("requirements", name, "when"), when)
        return
    anchor = (sheet.get(ITEMS, item, "cites") or [""])[0]
    add_requirement(sheet, title=title, kind="computed", when=when, anchor=anchor, items=[item], name=name)


def _cells(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Rows downwards, the highest open above."""
    highs = [low for low, _ in rows[1:]]
    closed = [(f"[{low}..{high})", gives) for (low, gives), high in zip(rows, highs, strict=False)]
    return [(f">= {rows[-1][0]}", rows[-1][1]), *reversed(closed)]


def feel_of(giving: Giving, table: str) -> str:
    """The amount in FEEL, in fen: rounded down to the fen, then bounded."""
    rate = format(giving.rate.normalize(), "f")
    looked = f"floor({giving.of} * {giving.table})" if giving.of else giving.table
    feel = {
        "fixed": str(giving.fen),
        "per_unit": f"floor({giving.fen} * {giving.of})",
        "share": f"floor({giving.of} * {rate})",
        "bands": f"floor({giving.of} * {table})" if giving.of else table,
        TABLE: f"min({looked}, {giving.most})" if giving.most else looked,
        STANDARD: f"floor({giving.of} * {giving.standard})" if giving.of else giving.standard,
        OTHER: giving.feel,
    }[giving.shape]
    feel = f"min({feel}, {giving.cap_fen})" if giving.cap_fen else feel
    return f"max({feel}, {giving.floor_fen})" if giving.floor_fen else feel


def _put_payment(sheet: Sheet) -> None:
    """A step that pays, and the account that the money goes to, where the draft has none."""
    steps = sheet.get("process.yaml", "fulfil") or []
    if not any("pay" in step for step in steps):
        sheet.set("process.yaml", ("fulfil",), [*steps, {"pay": {"by": "owner"}}])
    confirmed = sheet.get(FORM, "confirm") or []
    if "bank_account" not in confirmed:
        sheet.set(FORM, ("confirm",), [*confirmed, "bank_account"])

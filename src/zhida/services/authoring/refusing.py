"""What a refused proposal wrote into a draft's files is taken out again: an item, a paper, the rule of a sum."""

from __future__ import annotations

from collections.abc import Iterable

from zhida.domain.packs.proposals import Proposal
from zhida.services.authoring.entries import NO_RULE, take_out
from zhida.services.authoring.giving import Giving, Paying, give
from zhida.services.authoring.sheets import ITEMS, RULES, Sheet


def items_of(refused: Iterable[Proposal]) -> tuple[str, ...]:
    """The items that somebody said are none."""
    return tuple(one.edit.get("path", "") for one in refused if one.kind == "item" and one.edit)


def goes_with(one: Proposal, items: Iterable[str]) -> bool:
    """Whether a proposal only says more of an item that is refused: its sum, its budget line."""
    file, path = one.edit.get("file", ""), one.edit.get("path", "")
    return any(
        (file == ITEMS and path.startswith(f"{item}.")) or (file == RULES and path == f"amounts.{item}_fen")
        for item in items
    )


def takes_all(sheet: Sheet, refused: Iterable[Proposal]) -> bool:
    """Whether nothing would be left to decide on: a pack has one item at least."""
    return {*(sheet.get(ITEMS) or {})} <= {*items_of(refused)}


def refuse(sheet: Sheet, refused: Iterable[Proposal]) -> None:
    """Takes out what refused proposals wrote. An item whose sum is refused stays, and gives no money until somebody
    says how much."""
    rows = [*refused]
    gone = items_of(rows)
    papers = [
        one.edit["path"].removeprefix("requirements.")
        for one in rows
        if one.kind == "material" and one.edit.get("path", "").startswith("requirements.paper_")
    ]
    for one in rows:
        if one.kind == "amount_rule" and not goes_with(one, gone):
            _without_sum(sheet, one.edit["path"].removeprefix("amounts."))
    if papers:
        take_out(sheet, "requirements", papers, NO_RULE)
    if gone:
        take_out(sheet, "items", gone, NO_RULE)


def _without_sum(sheet: Sheet, amount: str) -> None:
    for name, record in (sheet.get(ITEMS) or {}).items():
        if record.get("benefit", {}).get("amount") == amount:
            give(sheet, name, Giving("service"), Paying())

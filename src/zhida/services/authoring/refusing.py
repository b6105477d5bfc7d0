"""What a refused proposal wrote into a draft's files is taken out: an item, a paper, a condition, the rule of a sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.packs.proposals import Proposal
from zhida.domain.sentences import tell
from zhida.services.authoring.entries import NO_RULE, take_out
from zhida.services.authoring.giving import Giving, Paying, give
from zhida.services.authoring.records import DraftRecord
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


def refuse_some(sheet: Sheet, refused: Iterable[Proposal]) -> None:
    """The same as `refuse`. Raises AuthorError where no item would be left."""
    rows = [*refused]
    if takes_all(sheet, rows):
        words = tell("nothing would be left to decide on")
        hint = tell("keep one item and mend it")
        raise AuthorError([Problem(sheet.draft.pack_id, 0, 0, "no_item_left", words, hint)])
    refuse(sheet, rows)


def refuse(sheet: Sheet, refused: Iterable[Proposal]) -> None:
    """Takes out what refused proposals wrote. An item whose sum is refused stays, and gives no money until somebody
    says how much; a refused condition is no rule, and a person judges it."""
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
        name = one.edit.get("path", "").removeprefix("requirements.")
        if one.kind == "condition" and sheet.get(RULES, "requirements", name, "when"):
            sheet.drop(RULES, ("requirements", name, "when"))
            sheet.set(RULES, ("requirements", name, "kind"), "judged")
    if papers:
        take_out(sheet, "requirements", papers, NO_RULE)
    if gone:
        take_out(sheet, "items", gone, NO_RULE)


def _without_sum(sheet: Sheet, amount: str) -> None:
    for name, record in (sheet.get(ITEMS) or {}).items():
        if record.get("benefit", {}).get("amount") == amount:
            give(sheet, name, Giving("service"), Paying())


def sheet_of(pack_id: str, files: Mapping[str, bytes]) -> Sheet:
    """The sheet of a pack's files that are no draft of the desk, by path from the root."""
    blank: dict[str, Any] = dict.fromkeys(DraftRecord.__dataclass_fields__)
    return Sheet(DraftRecord(**{**blank, "pack_id": pack_id, "files": files}))

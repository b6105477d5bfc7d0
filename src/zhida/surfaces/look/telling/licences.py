"""A licence in words: what it is, whose, by whom, until when; which office passed which part of a composite one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Pack
from zhida.domain.values import CHINA
from zhida.kernel.catalogue import queries as catalogue
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import in_words, number_of

MACHINERY = frozenset(
    {"iss", "vct", "iat", "nbf", "exp", "status", "item", "title_zh", "title_en", "office", "holder", "jti"}
)


def licence_rows(claims: Mapping[str, Any], as_of: datetime) -> tuple[tuple[str, str], ...]:
    """Everything that a verified licence says of itself, machinery left out; empty where nothing holds."""
    if not claims:
        return ()
    kind = str(claims.get("vct", ""))
    title = in_words(str(claims.get("title_zh", kind)), str(claims.get("title_en", "")))
    rows = (
        (say("证照"), str(title)),
        (say("持有人"), str(claims.get("holder", ""))),
        (say("发证部门"), office_name(str(claims.get("office", "")))),
        (say("有效期"), say("{start} 至 {end}", start=_day(claims.get("nbf")), end=_day(claims.get("exp")))),
        (say("证照编号"), str(claims.get("jti", ""))),
    )
    shown = ((name, value) for name, value in sorted(claims.items()) if name not in MACHINERY)
    others = tuple((name, str(value)) for name, value in shown if isinstance(value, str | int))
    return tuple(row for row in rows if row[1]) + part_rows(claims, as_of) + others


def _day(moment: object) -> str:
    return f"{datetime.fromtimestamp(moment, CHINA):%Y-%m-%d}" if isinstance(moment, int) else say("长期")


def part_rows(claims: Mapping[str, Any], as_of: datetime) -> tuple[tuple[str, str], ...]:
    """One row an office: its name, and what it passed. Empty for a licence of one office."""
    parts = claims.get("parts")
    if not isinstance(parts, list):
        return ()
    pack = _pack(str(claims.get("item", "")), as_of)
    return tuple(
        (
            office_name(str(part["office"])),
            say("{date} 通过，依据{clauses}", date=part["on"], clauses=_clauses(part["clauses"], pack)),
        )
        for part in parts
    )


def _pack(item_id: str, as_of: datetime) -> Pack | None:
    try:
        return catalogue.item(item_id, as_of=as_of).pack
    except ConflictError:
        return None


def _clauses(anchors: list[str], pack: Pack | None) -> str:
    return say("、").join(number_of(pack, anchor) if pack else anchor for anchor in anchors)

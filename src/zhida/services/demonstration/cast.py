"""Who acts in the demonstration: a few accounts with duties at every office that needs one, all open to a newcomer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from zhida.domain.packs import Pack, Root
from zhida.domain.process import OWNER, SYSTEM
from zhida.domain.values import Actor
from zhida.kernel.accounts import actions as accounts
from zhida.kernel.offices import actions as offices

PASSWORD = "zhida-demo"  # noqa: S105
"""Of every demonstration account; a real home has none of them."""

OFFICERS = {
    "reviewer": ("经办 · 林知秋", "Reviewer Lin"),
    "author": ("政策 · 沈闻笛", "Author Shen"),
    "reader": ("政策 · 顾南星", "Reader Gu"),
    "maker": ("财务制单 · 陆清和", "Maker Lu"),
    "checker": ("财务复核 · 许观澜", "Checker Xu"),
    "releaser": ("财务放行 · 宋听雨", "Releaser Song"),
    "auditor": ("审计 · 江明远", "Auditor Jiang"),
    "operator": ("运维 · 秦向晚", "Operator Qin"),
    "supervisor": ("督查 · 柳清晏", "Supervisor Liu"),
    "gridworker": ("网格 · 桑小满", "Grid worker Sang"),
}
_DUTIES = {"reader": "author"}


@cache
def encoded_password() -> str:
    """The password as accounts keep it: hashing is slow on purpose, so it is done once for all of them."""
    return make_password(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """Account ids by login name."""

    ids: dict[str, str]

    @classmethod
    def hire(cls, root: Root, *, by: Actor, as_of: datetime) -> Cast:
        """Opens the accounts and appoints each to every office where packs need its duty."""
        ids = {
            name: accounts.open_account(
                login_name=name, display_name=zh, encoded=encoded_password(), is_demo=True, as_of=as_of
            )
            for name, (zh, _) in OFFICERS.items()
        }
        for name, account_id in ids.items():
            role = _DUTIES.get(name, name)
            for office in sorted(_offices_for(role, root)):
                offices.appoint(account_id=account_id, office_id=office, role=role, by=by, as_of=as_of)
        return cls(ids)

    def officer(self, name: str, office: str) -> Actor:
        """An officer acting for an office."""
        return Actor(self.ids[name], _DUTIES.get(name, name), office=office)


def acting_offices(pack: Pack) -> Iterator[str]:
    """The offices that have a step in the pack's process, its owner first."""
    yield pack.owner
    for step in pack.process.steps if pack.process else ():
        for part in step.parts:
            if part.by not in (OWNER, SYSTEM):
                yield part.by


def _nearest(heads: set[str], root: Root) -> set[str]:
    """The offices right below the heads that stand in a region of their own: those nearest to where people live."""
    every = root.dictionary.offices
    return {one.slug for one in every.values() if one.under in heads and one.region != every[one.under].region}


def _offices_for(role: str, root: Root) -> set[str]:
    packs = root.packs.values()
    if role == "reviewer":
        dictionary = root.dictionary
        sources = {dictionary.owner_of(name) for name in (*dictionary.attributes, *dictionary.relations)}
        return {office for pack in packs for office in acting_offices(pack)} | sources
    heads = {entry.slug for entry in root.dictionary.offices.values() if not entry.under}
    if role in ("auditor", "operator", "supervisor"):
        return heads
    if role == "gridworker":
        return _nearest(heads, root)
    return {office for pack in packs for office in (pack.owner, pack.issuer)}

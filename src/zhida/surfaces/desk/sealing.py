"""Whether sealing keeps up, why not, whether it stops paying, and who mends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.ports import witnesses
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.spans import age

EARLY = timedelta(minutes=10)


@dataclass(frozen=True)
class SealingNotice:
    """Sealing that lags: `stops_paying` once it lags for longer than the installation allows."""

    headline: str
    why: str
    what_to_do: str
    stops_paying: bool


def sealing_notice(as_of: datetime) -> SealingNotice | None:
    """What to tell of sealing; None where it keeps up."""
    lag = ledger.sealing_lag(as_of)
    if lag <= EARLY:
        return None
    most = timedelta(minutes=settings.ZHIDA_SEALING_LAG)
    stops_paying = bool(most) and lag > most
    since = age(int(lag.total_seconds() // 60))
    limit = age(int(most.total_seconds() // 60))
    headline = say("账本签名停了 {since}", since=since)
    if stops_paying:
        headline = say("账本签名停了 {since}，超过 {limit}：付款暂停送出", since=since, limit=limit)
    return SealingNotice(
        headline, _why(), _what_to_do(limit, has_limit=bool(most), stops_paying=stops_paying), stops_paying
    )


def _why() -> str:
    standing = ledger.standing()
    if standing.entries > (standing.sealed_size or 0):
        waiting = standing.entries - (standing.sealed_size or 0)
        return say("有 {n} 条事实还没有签到：后台进程没有运行，或者签不了名。", n=waiting)
    names = say("、").join(each.key.name for each in witnesses())
    return say("账本自己签到了最近一条，见证没有会签：{names} 没有答复。", names=names)


def _what_to_do(limit: str, *, has_limit: bool, stops_paying: bool) -> str:
    mend = say("请管理员看后台进程（zhida worker）是否在运行、见证是否连得上。")
    if stops_paying:
        return mend + say("签到之后，等着的付款自动送出；预留和签字照常。")
    return mend + (say("停过 {limit}，付款就暂停送出。", limit=limit) if has_limit else "")

"""Messages that were given up: what each would have done, since when, what its last try said, and who can mend that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhida.kernel.outbox import queries as outbox
from zhida.kernel.outbox.queries import OutboxMessage
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.operating_records import ParkedLine
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.spans import age

RETRY, LONGEST = "retry-", 400
_KINDS: Mapping[str, tuple[str, str]] = {
    "funds.instruct": ("送出付款", "资金部门和银行通道的人：先看这些付款的页面和在途未明，查清银行收到没有"),
    "funds.recall": ("请银行退回付款", "资金部门和银行通道的人：先看退回请求的页面"),
    "notices.deliver": ("送出通知", "短信或消息通道的人"),
    "register.ask": ("向登记机关问一条记录", "提供这项数据的部门"),
    "search.rebuild": ("重建搜索", "运行系统的人：看磁盘和日志"),
    "authoring.publish": ("发布政策", "编写政策的人"),
}


def parked(as_of: datetime) -> tuple[ParkedLine, ...]:
    """The dead-letter box, the oldest first, each with the act that gives it another round of tries."""
    return tuple(_line(one, as_of) for one in outbox.parked())


def _line(one: OutboxMessage, as_of: datetime) -> ParkedLine:
    what, who = _KINDS.get(one.kind, (one.kind, "运行系统的人：看日志"))
    minutes = max(0, int((as_of - one.enqueued_at).total_seconds()) // 60)
    hint = say("只在原因已经消除之后；账本记下是谁、为什么。")
    return ParkedLine(
        what=say(what),
        key=one.key,
        age=age(minutes),
        attempts=one.attempts,
        error=one.error[:LONGEST],
        mender=say(who),
        act=Act(f"{RETRY}{one.id}", say("再试"), hint, "", say("消除了什么原因")),
    )

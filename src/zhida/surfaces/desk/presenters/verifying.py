"""Is the log whole? Its heads, who watches them, every record read anew with the place of each fault, one receipt."""

from __future__ import annotations

import textwrap
from datetime import datetime

from zhida.domain.proofs import Fault, Reason, Receipt, verify_receipt
from zhida.domain.values import CHINA
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger import verification
from zhida.kernel.ledger.ports import log_key, witnesses
from zhida.kernel.ledger.queries import Standing
from zhida.surfaces.desk.audit_records import FaultLine, ReceiptVerdict, Verification, VerifyDesk, WitnessLine
from zhida.surfaces.look.charts import Segment
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Told, told
from zhida.surfaces.look.telling.cases import event_words
from zhida.surfaces.look.telling.spans import age

LATE_MINUTES = 10
LARGEST = 1 << 20


def verify_desk(as_of: datetime, *, reads_all: bool = False, receipt: bytes | None = None) -> VerifyDesk:
    """Where the log stands; with `reads_all` the verdict of reading it whole, with `receipt` that of one receipt."""
    standing = ledger.standing()
    found = _verified() if reads_all else None
    judged = judge(receipt) if receipt is not None else None
    minutes = int((as_of - standing.sealed_at).total_seconds() // 60) if standing.sealed_at else None
    waiting = standing.entries - (standing.sealed_size or 0)
    is_late = minutes is None or (minutes > LATE_MINUTES and waiting > 0)
    return VerifyDesk(
        headline=_headline(found, judged, is_late=is_late, minutes=minutes, waiting=waiting),
        lead=_lead(standing),
        is_late=is_late,
        rows=_standing_rows(standing, minutes),
        checkpoint=ledger.newest_checkpoint() or "",
        keys=tuple(str(key) for key in log_key().verifiers()),
        witnesses=_witnesses(standing),
        verification=found,
        receipt=judged,
    )


def _headline(
    found: Verification | None, judged: ReceiptVerdict | None, *, is_late: bool, minutes: int | None, waiting: int
) -> str:
    if found is not None:
        return found.verdict
    if judged is not None:
        return judged.headline
    if minutes is None:
        return say("账本还没有签过名")
    if is_late:
        return say("签名晚了，还有事实没有签到")
    return say("账本在签，{n} 条等下一次签名", n=waiting) if waiting else say("账本签到最近一条")


def _lead(standing: Standing) -> str:
    waiting = standing.entries - (standing.sealed_size or 0)
    lead = say("共 {n} 条事实。", n=f"{standing.entries:,}")
    return lead + (say("{n} 条还没有签名覆盖。", n=waiting) if waiting else say("每一条都在签名之下。"))


def _standing_rows(standing: Standing, minutes: int | None) -> tuple[Told, ...]:
    sealed = standing.sealed_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if standing.sealed_at else say("还没有")
    return told(
        (say("已记事实"), f"{standing.entries:,}"),
        (say("已入树"), f"{standing.leaves:,}"),
        (say("签名覆盖"), f"{standing.sealed_size or 0:,}"),
        (say("最近签名"), sealed),
        (say("签名距今"), age(minutes) if minutes is not None else ""),
        Told(say("树根"), " ".join(textwrap.wrap(standing.root, 4)), is_code=True),
    )


def _witnesses(standing: Standing) -> tuple[WitnessLine, ...]:
    sizes = ledger.cosigned_sizes()
    keys = {str(each.key): each.key.name for each in witnesses()}
    keys |= {written: written.partition("+")[0] for written in sizes if written not in keys}
    sealed = standing.sealed_size or 0
    lines = []
    for written, name in keys.items():
        size = sizes.get(written, 0)
        state, words = (
            ("yes", say("签到最近的检查点")) if size >= sealed else ("near", say("落后 {n} 条", n=sealed - size))
        )
        if not size:
            state, words = "stop", say("还没有签过")
        lines.append(WitnessLine(name, size, sealed - size, state, words))
    return tuple(lines)


def _verified() -> Verification:
    report = verification.verify()
    rows = (
        (say("读过"), say("{n} 条", n=report.leaves)),
        (say("签名覆盖"), say("{n} 条", n=report.sealed)),
        (say("等待入树"), say("{n} 条", n=report.waiting)),
    )
    whole = max(report.leaves, 1)
    faults = tuple(_fault(each) for each in report.faults)
    return Verification(
        verdict=say("账本完好，一条都没有改过")
        if report.ok
        else say("账本被改动过，第一处在{place}", place=faults[0].place),
        is_sound=report.ok,
        rows=rows,
        faults=faults,
        segments=_segments(report.faults, whole),
    )


def _fault(fault: Fault) -> FaultLine:
    place = say("第 {n} 条", n=f"{fault.first + 1:,}")
    if fault.until - fault.first > 1:
        place = say("第 {first} 至 {last} 条", first=f"{fault.first + 1:,}", last=f"{fault.until:,}")
    return FaultLine(place, fault.record, fault.field, reason_words(fault.reason))


def reason_words(reason: Reason) -> str:
    """A verifier's reason in the page's language."""
    return reason.en if spoken() == "en" else reason.zh


def _segments(faults: tuple[Fault, ...], whole: int) -> tuple[Segment, ...]:
    """The log as one line from the first fact to the last, with every broken stretch on it, wide enough to be seen."""
    segments = [Segment("ink", "0.00%", "100.00%")]
    for fault in faults:
        start = min(fault.first / whole, 0.995)
        width = max((fault.until - fault.first) / whole, 0.005)
        segments.append(Segment("alert", f"{start:.2%}", f"{min(width, 1 - start):.2%}"))
    return tuple(segments)


def judge(body: bytes) -> ReceiptVerdict:
    """What is to be said of a receipt's file, against the keys of this log."""
    found = verify_receipt(body, trusted_keys=log_key().verifiers())
    lines = tuple(reason_words(reason) for reason in found.reasons)
    if not found.ok or found.receipt is None:
        return ReceiptVerdict(False, say("这份凭证不可信"), lines, ())
    receipt: Receipt = found.receipt
    rows = (
        (say("事实"), event_words(receipt.sealed.kind)),
        (say("关于"), receipt.sealed.about),
        (say("时间"), f"{receipt.sealed.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"),
        (say("账本位置"), say("第 {n} 条", n=f"{receipt.position + 1:,}")),
    )
    return ReceiptVerdict(True, say("凭证是真的"), (*lines, receipt.words["en" if spoken() == "en" else "zh"]), rows)

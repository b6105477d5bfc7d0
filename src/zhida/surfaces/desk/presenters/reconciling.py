"""Days laid beside their statements: what was found, of which kind, what is proposed, and whether a day is clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.postings import FindingKind, Proposal
from zhida.domain.values import local_date, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.funds import history
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import FindingRecord
from zhida.services.controls import closing
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.finance_records import DayLine, DayPage, FindingGroup, FindingLine, FindingPage, Reconciliation
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Question, Told, told

KINDS: Mapping[str, tuple[str, str]] = {
    "matched": ("一致", "对账单与账上一致。"),
    "unsettled": ("已付，账上还不知道", "银行按要求付了，账上还是未知。"),
    "late": ("晚付", "银行付了，比要求的日子晚。"),
    "returned": ("退回，账上还不知道", "钱退回来了，账上还是已付。"),
    "missing": ("对账单上没有", "账上有，对账单上没有。"),
    "extra": ("账上没有", "对账单上有一笔，账上说不出是什么。"),
    "duplicate": ("重复付款", "同一付款号付了两次。"),
    "wrong_amount": ("金额不符", "付的数和要求的数不一样。"),
    "wrong_account": ("账户不符", "付到了别的账户。"),
    "contradiction": ("与结局相反", "账上已经了结，银行说的正相反。"),
    "split": ("拆成几笔", "一笔付款在对账单上拆成了几笔。"),
    "merged": ("并成一笔", "几笔付款在对账单上并成了一笔。"),
    "wrong_day": ("记错日子", "账和对账单记在不同的日子。"),
    "reversal": ("冲正", "银行冲回了自己的一笔。"),
    "swapped_account": ("账户对调", "两笔付款付到了对方的账户。"),
    "list_differs": ("国库清单不符", "对账单与账上一致，国库自己的清单不一致。"),
}
PROPOSALS: Mapping[str, str] = {
    "": "没有一键可做的，查清后了结",
    "settle": "记为已付",
    "return": "记为退回",
    "release": "放开，可以重付",
}
RESOLUTIONS: Mapping[str, str] = {"applied": "已照办", "dismissed": "已了结", "none": "不必处理"}
_RESOLVERS = ("checker", "releaser")
_MOST = 5_000


def kind_words(kind: FindingKind) -> str:
    """What a kind of finding is called."""
    return say(KINDS[str(kind)][0]) if str(kind) in KINDS else str(kind)


def overview(officer: Officer, as_of: datetime) -> Reconciliation:
    """The days that were reconciled, and what waits for a person over all of them."""
    waiting = _shown(funds.findings(limit=_MOST), officer)
    yesterday = local_date(as_of) - timedelta(days=1)
    latest: dict[date, DayLine] = {}
    days = history.reconciled_days()
    names = accounts.names_of({one.by for one in days})
    open_by_day, signed = Counter(one.day for one in waiting), closing.signed_days()
    for one in days:
        latest.setdefault(one.day, _day_line(one, open_by_day[one.day], names, signed.get(one.day)))
    return Reconciliation(
        days=tuple(latest.values()),
        groups=_groups(waiting),
        waiting=len(waiting),
        day=yesterday.isoformat(),
        is_done=yesterday in latest,
    )


def _day_line(
    one: history.ReconciledDay, waiting: int, names: Mapping[str, str], is_closed: bool | None = None
) -> DayLine:
    """`is_closed`: two have signed it, one has, or (None) nobody yet."""
    signed = {True: ("yes", say("已日终")), False: ("near", say("已签，等第二人签")), None: ("yes", say("对平"))}
    state, words = ("stop", say("{n} 条待处理", n=waiting)) if waiting else signed[is_closed]
    return DayLine(
        day=one.day,
        href=reverse("desk:day", args=[one.day.isoformat()]),
        lines=one.lines,
        net_fen=one.net_fen,
        by=names.get(one.by, "") or say("系统"),
        made_at=one.made_at,
        state=state,
        state_words=words,
    )


def day_page(day: date, officer: Officer) -> DayPage:
    """One day: every finding of its latest comparison, by kind. A day nobody has compared has none."""
    days = [one for one in history.reconciled_days(limit=_MOST) if one.day == day]
    found = _shown(funds.findings(day=day, is_open=False, limit=_MOST), officer)
    waiting = [one for one in found if not one.resolution]
    names = accounts.names_of({one.by for one in days})
    return DayPage(
        day=day,
        compared=_day_line(days[0], len(waiting), names) if days else None,
        groups=_groups(one for one in found if one.kind is not FindingKind.MATCHED),
        matched=sum(one.kind is FindingKind.MATCHED for one in found),
        waiting=len(waiting),
    )


def _shown(found: Iterable[FindingRecord], officer: Officer) -> list[FindingRecord]:
    """Those about payments of the officer's lines, and those that no payment of anybody's explains."""
    rows = list(found)
    about = {one.disbursement_id for one in rows if one.disbursement_id}
    seen = {one.id for one in funds.disbursements_by_id(about, scope=officer.scope)}
    return [one for one in rows if one.disbursement_id is None or one.disbursement_id in seen]


def _groups(found: Iterable[FindingRecord]) -> tuple[FindingGroup, ...]:
    by_kind: dict[str, list[FindingLine]] = {}
    for one in found:
        by_kind.setdefault(str(one.kind), []).append(_line(one))
    order = [*KINDS, *sorted(by_kind.keys() - KINDS.keys())]
    return tuple(
        FindingGroup(say(KINDS[kind][0]) if kind in KINDS else kind, say(KINDS[kind][1]) if kind in KINDS else "",
                     tuple(by_kind[kind]))
        for kind in order if kind in by_kind
    )  # fmt: skip


def _line(one: FindingRecord) -> FindingLine:
    state, words = "near", say(PROPOSALS.get(str(one.proposal), "查清后了结"))
    if one.resolution:
        state, words = "yes", say(RESOLUTIONS.get(one.resolution, "已了结"))
    return FindingLine(
        href=reverse("desk:finding", args=[one.id]),
        name=one.reference or one.treasury_reference,
        day=one.day,
        stated_fen=None if one.kind is FindingKind.MISSING else one.stated_fen,
        expected_fen=None if one.kind is FindingKind.EXTRA else one.expected_fen,
        differs=one.stated_fen != one.expected_fen,
        state=state,
        state_words=words,
    )


def finding_page(finding_id: str, officer: Officer) -> FindingPage:
    """One finding, both sides beside each other. Raises ConflictError `no_such_finding` where there is none whose
    payment is the officer's to see."""
    one = funds.finding(finding_id)
    if not _shown([one], officer):
        raise ConflictError("no_such_finding", f"{finding_id} was never found", "look at the findings again")
    line, difference = _line(one), one.stated_fen - one.expected_fen
    rows = told(
        (say("哪一天"), one.day.isoformat()),
        Told(say("付款号"), one.reference, is_code=True),
        Told(say("银行流水号"), one.treasury_reference, is_code=True),
        (say("对账单上"), _amount(line.stated_fen)),
        (say("账上"), _amount(line.expected_fen)),
        (say("相差"), say("{value} 元", value=yuan(difference)) if difference else ""),
        (say("账上付到"), _account(one, officer)),
        (say("建议"), say(PROPOSALS.get(str(one.proposal), "查清后了结"))),
        (say("怎么了结的"), say(RESOLUTIONS.get(one.resolution, "")) if one.resolution else ""),
        (say("说明"), one.note),
    )
    kind = str(one.kind)
    return FindingPage(
        id=one.id,
        day=one.day,
        headline=kind_words(one.kind),
        lead=say(KINDS[kind][1]) if kind in KINDS else "",
        rows=rows,
        payment_href=reverse("desk:payment", args=[one.disbursement_id]) if one.disbursement_id else "",
        disbursement_id=one.disbursement_id or "",
        acts=() if one.resolution else _acts(one, officer),
        is_open=not one.resolution,
    )


def _amount(fen: int | None) -> str:
    return say("没有") if fen is None else say("{value} 元", value=yuan(fen))


def _account(one: FindingRecord, officer: Officer) -> str:
    """The account that we asked for, where the statement names another."""
    if one.kind not in (FindingKind.WRONG_ACCOUNT, FindingKind.SWAPPED_ACCOUNT) or not one.disbursement_id:
        return ""
    payment = funds.disbursement(one.disbursement_id, scope=officer.scope)
    return say("尾号 {tail}", tail=payment.account_tail) if payment.account_tail else ""


def _acts(one: FindingRecord, officer: Officer) -> tuple[Act, ...]:
    """A second person closes what was found: by what is proposed, or with a note and no money moved."""
    if officer.role not in _RESOLVERS:
        return ()
    ending = Act("dismiss", say("了结，不动账"), say("钱和账都不动，只记下怎么查清的。"), "", say("怎么查清的"))
    if one.proposal is Proposal.NONE:
        return (ending,)
    words = say(PROPOSALS.get(str(one.proposal), "照办"))
    doing = Act("apply", words, say("照建议记账，当时生效。"), "act", say("怎么核实的"))
    return (doing, ending)


def questions(day: str, fault: str = "") -> tuple[Question, ...]:
    """Which day's statement."""
    return (Question("day", say("哪一天的对账单"), "date", value=day, fault=fault),)

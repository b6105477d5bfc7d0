"""What three hands sign: payment batches and standing releases, with what each of them saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.values import yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import Batch, Line, Release
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.queries import RecordedFact
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.finance_records import BatchLine, BatchList, Hand, ReleaseLine, Signing
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters import payments
from zhida.surfaces.desk.presenters.lines import ledger_row, line_name, names_of_lines
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Told, told
from zhida.surfaces.look.telling.cases import short
from zhida.surfaces.look.telling.offices import ROLE_NAMES

SIGNS = ("maker", "checker", "releaser")
_SIGNED = {"prepared": "maker", "checked": "checker", "released": "releaser", "signed": "releaser"}
_MOST = 5_000


def batch_lines(officer: Officer, named: Mapping[str, str], *, is_open: bool) -> tuple[BatchLine, ...]:
    """The batches of the named lines, the newest first."""
    found = funds.batches(scope=officer.scope, is_open=is_open)
    return tuple(_batch_line(one, named[one.line], officer) for one in found if one.line in named)


def batch_list(officer: Officer) -> BatchList:
    """Every batch of the officer's lines: what waits for them first."""
    found = batch_lines(officer, names_of_lines(officer.scope), is_open=False)
    return BatchList(
        mine=tuple(one for one in found if one.is_mine),
        others=tuple(one for one in found if one.state == "near" and not one.is_mine),
        done=tuple(one for one in found if one.state in ("yes", "no")),
    )


def _batch_line(one: Batch, line: str, officer: Officer) -> BatchLine:
    state, words = _state(one, officer)
    is_over = one.is_dissolved and one.releaser is None
    if is_over:
        state, words = "no", say("已拆散")
    return BatchLine(
        one.id, short(one.id), one.made_at, one.digest, reverse("desk:batch", args=[one.id]), line, one.payments,
        one.total_fen, state, words, bool(_act(one, officer)) and not is_over,
    )  # fmt: skip


def release_lines(line_id: str, name: str, officer: Officer, as_of: datetime) -> tuple[ReleaseLine, ...]:
    """The standing releases of a line, the newest first."""
    return tuple(_release_line(one, name, officer) for one in funds.releases(line_id, as_of=as_of))


def _release_line(one: Release, line: str, officer: Officer) -> ReleaseLine:
    state, words = _state(one, officer)
    if one.revoked_at is not None:
        state, words = "no", say("已撤销")
    elif state == "yes":
        words = say("有效") if one.is_in_force else say("不在有效期")
    return ReleaseLine(
        one.id, reverse("desk:release", args=[one.id]), line, one.cap_fen, one.used_fen,
        _span(one), state, words, bool(_act(one, officer)) and one.revoked_at is None,
    )  # fmt: skip


def _span(one: Release) -> str:
    """The first and the last day of a release; its `valid_to` is the day after."""
    last = one.valid_to - timedelta(days=1)
    return say("{start} 至 {end}", start=one.valid_from.isoformat(), end=last.isoformat())


def _next_hand(signed: Batch | Release) -> str:
    if signed.checker is None:
        return "checker"
    return "releaser" if signed.releaser is None else ""


def _act(signed: Batch | Release, officer: Officer) -> str:
    hand = _next_hand(signed)
    return hand if hand == officer.role and officer.account not in (signed.maker, signed.checker) else ""


def _state(signed: Batch | Release, officer: Officer) -> tuple[str, str]:
    hand = _next_hand(signed)
    if not hand:
        return "yes", say("已放行")
    if _act(signed, officer):
        return "near", say("等您{role}", role=say(ROLE_NAMES[hand]))
    return "near", say("等{role}", role=say(ROLE_NAMES[hand]))


def _hands(signed: Batch | Release, officer: Officer, *, is_over: bool) -> tuple[Hand, ...]:
    signers = {"maker": signed.maker, "checker": signed.checker, "releaser": signed.releaser}
    names = accounts.names_of([one for one in signers.values() if one])
    waiting = "" if is_over else _next_hand(signed)
    facts = _signatures(signed.id)
    hands = []
    for role in SIGNS:
        account = signers[role]
        is_mine = account == officer.account or (role == waiting and officer.role == role)
        name = names.get(account or "", "") or (officer.name if is_mine else say("还没有人"))
        person = say("{name}，您", name=name) if is_mine else name
        fact = facts.get(role)
        hands.append(Hand(say(ROLE_NAMES[role]), person, bool(account), is_mine, fact.at if fact else None, _saw(fact)))
    return tuple(hands)


def _signatures(signed_id: str) -> dict[str, RecordedFact]:
    """Each hand's signature as the ledger has it."""
    facts = {}
    for fact in ledger.entries_about(signed_id):
        role = _SIGNED.get(fact.kind.rpartition("_")[2])
        if role:
            facts[role] = fact
    return facts


def _saw(fact: RecordedFact | None) -> str:
    """What a signature covers, out of the fact that it left."""
    if fact is None or not isinstance(digest := fact.fields.get("digest"), str):
        return ""
    payments_seen, total = fact.fields.get("payments"), fact.fields.get("total_fen")
    total_words = yuan(total) if isinstance(total, int) else ""
    return say("签的是 {n} 笔，{amount} 元，指纹 {digest}", n=payments_seen, amount=total_words, digest=digest[:8])


def batch_page(batch_id: str, officer: Officer) -> Signing:
    """A batch before the next hand. Raises ConflictError where there is none in the officer's scope."""
    every = funds.batches(scope=officer.scope, is_open=False)
    batch = next((one for one in every if one.id == batch_id), None)
    if batch is None:
        raise ConflictError("no_such_batch", f"{batch_id} was never prepared", "look at the list of batches")
    line = funds.standing(batch.line, scope=officer.scope)
    found = funds.disbursements(scope=officer.scope, batch=batch_id, limit=_MOST)
    is_dissolved = batch.is_dissolved and batch.releaser is None
    is_over = batch.releaser is not None or is_dissolved
    act = "" if is_over else _act(batch, officer)
    largest = max((one.amount_fen for one in found), default=0)
    before = next(
        (one for one in every if one.line == batch.line and one.releaser and one.made_at < batch.made_at), None
    )
    rows = told(
        Told(say("预算"), str(line_name(line)), reverse("desk:line", args=[line.id])),
        Told(say("批号"), batch_id, is_code=True),
        Told(say("内容指纹"), grouped(batch.digest), is_code=True),
        (say("合计核对"), "" if is_over else _agrees(sum(one.amount_fen for one in found), batch.total_fen)),
        (say("账户核对"), "" if is_over else payments.accounts_agree(found)),
        (say("单笔最大"), say("{value} 元", value=yuan(largest)) if found else ""),
        (say("比上一批"), _against(batch, before)),
    )
    return Signing(
        id=batch_id,
        office_id=line.office,
        title=say("付款批次"),
        headline=_headline(batch, str(line_name(line)), is_dissolved=is_dissolved),
        amount_fen=batch.total_fen,
        amount_note=say("{n} 笔合计", n=batch.payments),
        rows=rows,
        hands=_hands(batch, officer, is_over=is_over),
        act=act,
        act_words=_sign_words(act, batch.payments, batch.total_fen),
        digest=batch.digest,
        payments=payments.payment_lines(found, officer.scope),
        before=None if is_over else ledger_row(line),
        after=None if is_over else ledger_row(line, moved=batch.total_fen),
        acts=() if is_over or officer.role not in SIGNS else (_dissolving(),),
        ended=say("这一批已经拆散，里面的付款回到等编批。") if is_dissolved else "",
    )


def _dissolving() -> Act:
    hint = say("放行之前谁都可以拆散；里面的付款仍然占着预算，可以重新编批。")
    return Act("dissolve", say("拆散这一批"), hint, "stop", say("拆散的理由"))


def _headline(batch: Batch, name: str, *, is_dissolved: bool) -> str:
    if is_dissolved:
        return say("{n} 笔，已拆散", n=batch.payments)
    if batch.releaser is not None:
        return say("{n} 笔，已放行", n=batch.payments)
    return say("待放行：{name}", name=name) if batch.checker else say("待复核：{name}", name=name)


def grouped(digest: str) -> str:
    """A digest in groups of four, as people compare it."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def _against(batch: Batch, before: Batch | None) -> str:
    """How a batch differs from the last that was released on its line."""
    if before is None:
        return say("这条预算的第一批")
    more, amount = batch.payments - before.payments, batch.total_fen - before.total_fen
    counted = say("多 {n} 笔", n=more) if more >= 0 else say("少 {n} 笔", n=-more)
    value = yuan(abs(amount))
    return (
        counted + say("，") + (say("多 {value} 元", value=value) if amount >= 0 else say("少 {value} 元", value=value))
    )


def _agrees(left: int, right: int) -> str:
    return say("明细与批次一致") if left == right else say("明细与批次不一致，不要放行")


def _sign_words(act: str, count: int, total_fen: int) -> str:
    if act == "checker":
        return say("复核 {n} 笔，{amount} 元", n=count, amount=yuan(total_fen))
    return say("放行 {n} 笔，{amount} 元", n=count, amount=yuan(total_fen)) if act else ""


def release_page(release_id: str, officer: Officer, as_of: datetime) -> Signing:
    """A standing release before the next hand. Raises ConflictError where there is none in the officer's scope."""
    for line in funds.lines(scope=officer.scope):
        for one in funds.releases(line.id, as_of=as_of):
            if one.id == release_id:
                return _release_signing(one, line, officer)
    raise ConflictError("no_such_release", f"{release_id} was never prepared", "look at the line's releases")


def _release_signing(one: Release, line: Line, officer: Officer) -> Signing:
    is_over = one.revoked_at is not None
    act = "" if is_over else _act(one, officer)
    verbs = {"checker": say("复核这份授权"), "releaser": say("签发这份授权")}
    name = str(line_name(line))
    rows = told(
        Told(say("预算"), name, reverse("desk:line", args=[line.id])),
        Told(say("授权号"), one.id, is_code=True),
        (say("有效期"), _span(one)),
        (say("已用"), say("{value} 元", value=yuan(one.used_fen))),
        (
            say("它允许什么"),
            say("在上限和有效期内，符合条件的免申即享和即时办结，系统自动拨付，每一笔都写明这份授权。"),
        ),
    )
    return Signing(
        id=one.id,
        office_id=line.office,
        title=say("常设授权"),
        headline=say("已撤销的授权：{name}", name=name) if is_over else say("常设授权：{name}", name=name),
        amount_fen=one.cap_fen,
        amount_note=say("上限"),
        rows=rows,
        hands=_hands(one, officer, is_over=is_over),
        act=act,
        act_words=verbs.get(act, ""),
        digest="",
        payments=(),
        before=None,
        after=None,
        acts=() if is_over or officer.role not in SIGNS else (_revoking(),),
        ended=say("撤销之后系统不再按它付款；已经送出的不受影响。") if is_over else "",
    )


def _revoking() -> Act:
    hint = say("三人中任何一人都可以撤销，当时生效；已经送出的不受影响。")
    return Act("revoke", say("撤销这份授权"), hint, "stop", say("撤销的理由"))

"""What a maker may propose on a payment: that money comes back, or that it is taken out for what the payee owes."""

from __future__ import annotations

from zhida.domain.values import new_id, yuan
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import DisbursementRecord
from zhida.services.controls.obligations import obligations_of
from zhida.services.controls.offsetting import set_offs
from zhida.services.controls.recalling import is_under_way
from zhida.services.controls.recovering import DebtRecord, debts
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.obligations import obligation_words
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question

_MOST = 5_000


def ordering(one: DisbursementRecord, officer: Officer) -> tuple[Act, ...]:
    """The order that a settled payment comes back, unless one stands or nothing of it is with the payee."""
    left = one.amount_fen - one.recovered_fen
    standing = debts(scope=officer.scope, is_open=False, limit=_MOST)
    if not left or any(each.disbursement_id == one.id and not each.withdrawn_at for each in standing):
        return ()
    if is_under_way(one.id):
        return ()
    question = Question(
        "owed", say("应追回多少"), "number", say("不超过还在收款人处的 {value} 元", value=yuan(left)), say("元")
    )
    hint = say("提出之后由复核确认才算欠款；钱现在不动。")
    questions = (question, *_broken(one))
    return (
        Act("order", say("提出追回，送复核"), hint, "", say("依据哪一条、哪份文书"), questions, token=new_id("debt")),
    )


def _broken(one: DisbursementRecord) -> tuple[Question, ...]:
    """Which of the payee's obligations was not kept, where the item has any."""
    grant = next(iter(entitlements.grants_by_id([one.grant_id])), None)
    bound = obligations_of(one)
    if grant is None or not bound:
        return ()
    none = Choice("", say("不是因为义务"))
    choices = tuple(Choice(each.name, obligation_words(grant.revision_id, each.name)) for each in bound)
    return (Question("obligation", say("没有履行哪项义务"), "select", choices=(none, *choices)),)


def offsetting(one: DisbursementRecord, officer: Officer) -> tuple[Act, ...]:
    """The set-off of what the payee owes against a payment that nobody signed yet."""
    owed = debts_of(one, officer)
    if one.batch or one.release or not one.account_ref or not owed:
        return ()
    if any(each.payment == one.id for each in set_offs(scope=officer.scope, limit=_MOST)):
        return ()
    paid = {each.id: each for each in funds.disbursements_by_id([each.disbursement_id for each in owed],
                                                               scope=officer.scope)}  # fmt: skip
    choices = tuple(
        Choice(
            each.disbursement_id,
            say("付款号 {reference}，还欠 {value} 元", reference=paid[each.disbursement_id].reference,
                value=yuan(each.open_fen)),
        )
        for each in owed
    )  # fmt: skip
    most = min(one.amount_fen, max(each.open_fen for each in owed))
    questions = (
        Question("debt", say("抵哪一笔欠款"), "select", choices=choices),
        Question("taken", say("抵扣多少"), "number", say("不超过 {value} 元", value=yuan(most)), say("元")),
    )
    hint = say("收款人少得抵扣的数，欠款少同样的数；由复核确认，两份都要三人放行。")
    return (Act("offset", say("提出抵扣，送复核"), hint, "", say("为什么抵扣"), questions, token=new_id("setoff")),)


def debts_of(one: DisbursementRecord, officer: Officer) -> tuple[DebtRecord, ...]:
    """What the payee of a payment owes for others, confirmed and not yet back."""
    found = debts(scope=officer.scope, limit=_MOST)
    theirs = (each for each in found if each.subject_id == one.subject_id and each.disbursement_id != one.id)
    return tuple(each for each in theirs if each.checker and each.open_fen)

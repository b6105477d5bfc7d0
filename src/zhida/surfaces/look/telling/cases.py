"""A case in a person's words: its state, its steps, who moves next and by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from zhida.domain.process import Process, WorkCalendar
from zhida.domain.process import Step as PlannedStep
from zhida.kernel.cases.records import CaseRecord, StepRecord, Waiting
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import NEAR, NO, STOP, YES, Step
from zhida.surfaces.look.telling.offices import office_name

TOLD_APART = 8


def short(identifier: str) -> str:
    """The end of an id: what tells it apart when it is read out; a short one is whole."""
    return identifier if len(identifier) <= 2 * TOLD_APART else f"…{identifier[-TOLD_APART:]}"


STEP_NAMES: Mapping[str, str] = {
    "collect": "收件",
    "check": "核对",
    "review": "审核",
    "publicise": "公示",
    "select": "遴选",
    "all_of": "联合审核",
    "activity": "现场办理",
    "issue": "发证",
    "pay": "拨付",
}
STATES: Mapping[str, tuple[str, str]] = {
    "draft": (NEAR, "等您确认"),
    "submitted": (NEAR, "已提交"),
    "in_review": (NEAR, "办理中"),
    "returned": (STOP, "等您补正"),
    "decided": (YES, "已决定"),
    "fulfilled": (YES, "已兑现"),
    "closed": (YES, "已办结"),
}
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "granted": (YES, "同意"),
    "refused": (NO, "不予同意"),
    "withdrawn": (NO, "已撤回"),
    "lapsed": (NO, "已失效"),
}
FINDINGS: Mapping[str, str] = {"passed": "通过", "failed": "不通过"}
EVENTS: Mapping[str, str] = {
    "case.opened": "开办",
    "case.accepted": "受理",
    "case.lapsed": "失效",
    "case.answered": "填写",
    "case.evidence_attached": "交材料",
    "case.submitted": "提交",
    "case.resubmitted": "补正后再交",
    "case.withdrawn": "撤回",
    "case.ruled": "作出判断",
    "case.step_finished": "办完一步",
    "case.returned": "请补正",
    "case.decided": "作出决定",
    "case.objected": "收到异议",
    "case.objection_resolved": "答复异议",
    "case.selected": "遴选",
    "case.closed": "办结",
    "case.urged": "督办",
    "cases.batch_held": "放在一起待办",
    "cases.batch_undone": "撤回一起办的",
    "cases.batch_released": "一起办",
    "outreach.round_made": "列走访名单",
    "outreach.opened": "打开姓名走访",
    "outreach.tried": "走访",
    "case.urge_answered": "答复督办",
    "entitlement.granted": "确定待遇",
    "funds.reserved": "预留资金",
    "funds.instructed": "送国库拨付",
    "funds.settled": "到账",
    "funds.voided": "付款作废",
    "credential.issued": "发证",
    "credential.revoked": "吊销证照",
    "entitlement.revoked": "撤销待遇",
    "notice.sent": "发出通知",
    "facts.read": "查看信息",
    "fact.disputed": "提出数据有误",
    "fact.dispute_answered": "答复数据有误",
    "attribute.recorded": "更正数据",
    "account.registered": "登记账户",
    "attributes.received": "收到数据",
    "snapshot.built": "做成快照",
    "screening.run": "全量比对",
    "pack.published": "发布政策",
    "pack.withdrawn": "撤下政策",
    "draft.begun": "开始起草",
    "draft.settled": "核对草稿",
    "draft.edited": "改草稿",
    "draft.examples_taken": "收下例子",
    "draft.remarked": "给草稿留言",
    "draft.remark_settled": "留言办了",
    "draft.proposed": "提出发布政策",
    "draft.taken_back": "收回草稿",
    "draft.confirmed": "确认发布政策",
    "draft.dropped": "放弃草稿",
    "rollback.proposed": "提出退回政策",
    "rollback.confirmed": "确认退回政策",
    "rollback.withdrawn": "撤回退回",
    "dictionary.published": "发布数据字典",
    "subject.registered": "登记主体",
    "funds.line_opened": "设立预算",
    "funds.line_adjusted": "调整预算",
    "funds.release_prepared": "起草授权",
    "funds.release_checked": "复核授权",
    "funds.release_signed": "签发授权",
    "funds.reconciled": "对账",
    "accounts.second_factors_removed": "去掉丢失的第二道验证",
    "accounts.password_set": "重设忘记的密码",
    "accounts.tie_declared": "申报要回避的人",
    "accounts.tie_ended": "去掉要回避的人",
    "accounts.ties_read": "查看要回避的人",
    "offices.duty_appointed": "任命",
    "offices.mandate_given": "委托",
    "offices.duty_ended": "免去职责",
    "offices.mandate_ended": "结束委托",
    "funds.batch_prepared": "编成付款批次",
    "funds.batch_checked": "复核付款批次",
    "funds.batch_released": "放行付款批次",
    "funds.batch_dissolved": "拆散付款批次",
    "funds.release_revoked": "撤销授权",
    "funds.line_frozen": "冻结预算",
    "funds.line_thawed": "解冻预算",
    "funds.returned": "退回",
    "funds.recovered": "追回",
    "funds.unknown": "银行结果未知",
    "funds.asked": "问过银行",
    "funds.stopped": "停付",
    "funds.stop_lifted": "恢复拨付",
    "funds.held": "扣住",
    "funds.hold_lifted": "放开",
    "funds.day_prepared": "送日终",
    "funds.day_closed": "日终",
    "funds.transfer_prepared": "起草划转",
    "funds.transfer_checked": "复核划转",
    "funds.transferred": "划转指标",
    "funds.transfer_withdrawn": "撤回划转",
    "funds.limit_proposed": "提出签字限额",
    "funds.limit_set": "签字限额生效",
    "funds.limit_withdrawn": "撤回签字限额",
    "funds.recovery_ordered": "提出追回",
    "funds.recovery_confirmed": "确认追回",
    "funds.recovery_withdrawn": "撤回追回",
    "funds.recall_ordered": "提出请银行退回",
    "funds.recall_confirmed": "确认请银行退回",
    "funds.recall_withdrawn": "撤回退回请求",
    "funds.recall_sent": "向银行送出退回请求",
    "funds.recall_accepted": "银行答应退回",
    "funds.recall_refused": "银行没有同意退回",
    "funds.recall_lapsed": "退回请求过期",
    "funds.recall_returned": "退回请求办结",
    "funds.thaw_proposed": "提出解冻",
    "funds.thaw_withdrawn": "撤回解冻",
    "funds.lifting_proposed": "提出放开",
    "funds.lifting_withdrawn": "撤回放开",
    "outbox.retried": "再试一次",
    "ledger.key_rotation_begun": "开始换密钥",
    "ledger.key_rotated": "换密钥",
    "funds.set_off_prepared": "提出抵扣",
    "funds.set_off_withdrawn": "撤回抵扣",
    "funds.set_off": "抵扣",
    "funds.set_off_settled": "抵扣完成",
    "funds.finding_closed": "了结对账差异",
    "case.paid_again": "再付",
    "ledger.erased": "擦除内容",
    "pack.replayed": "历史回放",
    "pack.read_by_owner": "负责部门读过",
}


def state_words(case: CaseRecord) -> tuple[str, str]:
    """The mark and the word for where a case stands; its outcome once there is one."""
    if (case.outcome and case.state == "closed" and case.outcome != "granted") or (
        case.state == "decided" and case.outcome
    ):
        kind, words = OUTCOMES[case.outcome]
    else:
        kind, words = STATES[case.state]
    return kind, say(words)


def event_words(kind: str) -> str:
    """What a fact of the ledger says happened."""
    return say(EVENTS[kind]) if kind in EVENTS else kind


def step_name(kind: str) -> str:
    """What a kind of step is called."""
    return say(STEP_NAMES[kind])


def step_names(steps: Sequence[PlannedStep]) -> tuple[str, ...]:
    """What the steps of one process are called: of several reviews the first has a name of its own, and the later."""
    reviews = [place for place, step in enumerate(steps) if step.kind == "review"]
    told = {place: say("复审") if place > reviews[0] else say("初审") for place in reviews if len(reviews) > 1}
    return tuple(told.get(place) or step_name(step.kind) for place, step in enumerate(steps))


def name_of_step(step: StepRecord | Waiting, process: Process | None) -> str:
    """What a step of a case is called; a branch of a joint review by its own kind."""
    steps, place = process.steps if process else (), step.position or 0
    is_whole = place < len(steps) and steps[place].kind == step.kind
    return step_names(steps)[place] if is_whole else step_name(step.kind)


def due_words(due_on: date | None, today: date, calendar: WorkCalendar) -> str:
    """How long there is until a promised date, in working days."""
    if due_on is None:
        return ""
    if due_on < today:
        late = calendar.working_days_between(due_on, today)
        return say("超期 {n} 个工作日", n=late) if late else say("刚过期限")
    left = calendar.working_days_between(today, due_on)
    return say("还有 {n} 个工作日", n=left) if left else say("今天到期")


def planned(steps: Sequence[PlannedStep]) -> tuple[Step, ...]:
    """The steps of a process nobody has begun: who does each and within how many working days."""
    return tuple(_planned(step, name) for step, name in zip(steps, step_names(steps), strict=True))


def _planned(step: PlannedStep, name: str) -> Step:
    by = say("系统自动") if step.by == "system" else "" if step.by == "owner" else office_name(step.by)
    days = step.within_working_days
    limit = say("{n} 个工作日内", n=days) if days else ""
    notice = getattr(step, "working_days", None)
    limit = say("公示 {n} 个工作日", n=notice) if notice else limit
    lines = tuple(words for words in (by, limit) if words)
    return Step("next", name, (say("，").join(lines),) if lines else ())


def track_step(step: StepRecord, process: Process | None, today: date, calendar: WorkCalendar) -> Step:
    """A step of a case: done, open, or to come."""
    name = name_of_step(step, process)
    office = say("系统自动") if step.office == "system" else office_name(step.office)
    if step.finding:
        found = say(FINDINGS[step.finding]) if step.finding in FINDINGS else step.finding
        state = "done" if step.finding == "passed" else "stop"
        lines = tuple(words for words in (office, step.note) if words)
        title = name if state == "done" else f"{name}{say('，')}{found}"
        return Step(state, title, lines, step.done_on, _date(step.done_on))
    if step.opened_on is not None:
        lines = (say("{office}负责", office=office),) if office else ()
        if step.due_on:
            due = due_words(step.due_on, today, calendar)
            lines = (*lines, say("{date}前完成，{due}", date=step.due_on.isoformat(), due=due))
        gone, days = _pips(step, today, calendar)
        return Step("now", name, lines, step.opened_on, _date(step.opened_on), gone, days)
    return Step("next", name, (say("{office}负责", office=office),) if office else ())


def _date(day: date | None) -> str:
    return f"{day:%m-%d}" if day else ""


def _pips(step: StepRecord, today: date, calendar: WorkCalendar) -> tuple[int, int]:
    if step.kind != "publicise" or step.opened_on is None or step.due_on is None:
        return 0, 0
    days = calendar.working_days_between(step.opened_on, step.due_on)
    return min(days, calendar.working_days_between(step.opened_on, today)), days

"""One case as its applicant follows it: every step with its office and promise, the reasons, the receipt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.process import Act, Process
from zhida.domain.values import CHINA, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord, CaseView, StepRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.queries import RecordedFact
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Facet, FactLine, Reason, Step
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.policies import reason_of, title_of
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.presenters import judging, wallet
from zhida.surfaces.portal.presenters.claims import account_words, head_of
from zhida.surfaces.portal.presenters.knowing import told_of
from zhida.surfaces.portal.presenters.receipts import face_of
from zhida.surfaces.portal.records import CasePage

SHOWN_RECEIPTS = ("case.closed", "case.decided", "case.submitted", "case.withdrawn")
RUNNING = ("submitted", "in_review", "decided")


def case_page(case_id: str, person: Person, as_of: datetime, host: str) -> CasePage:
    """One case of the person's subjects. Raises AccessError for anybody else's."""
    record = cases.case(case_id, scope=person.scope)
    actor = person.acting_for(record.subject_id)
    view = cases.view(case_id, scope=person.scope, by=actor, as_of=as_of)
    subject = registry.subject(record.subject_id, scope=person.scope)
    published = catalogue.pinned_item(record.revision_id, record.item)
    headline, lead = _headline(view, as_of)
    facts = ledger.entries_about(case_id)
    reasons, lines = _found(case_id, person, as_of) if record.state != "draft" else ((), ())
    main = _main_receipt(facts)
    can_undo = bool(record.undo_until and as_of < record.undo_until and Act.WITHDRAW in view.allowed)
    return CasePage(
        number=record.id,
        subject=head_of(subject),
        title=title_of(published.pack, published.item),
        state=record.state,
        headline=headline,
        lead=lead,
        amount_fen=record.amount_fen,
        steps=_track(view, as_of),
        reasons=reasons,
        facts=lines,
        receipt=face_of(main, record, subject.name, host) if main else None,
        receipts=tuple(
            Facet(
                say("{event}回执", event=case_words.event_words(fact.kind)), reverse("portal:receipt", args=[fact.id])
            )
            for fact in facts
            if fact.kind in SHOWN_RECEIPTS
        ),
        credentials=tuple(
            wallet.face_of(one, host + reverse("portal:verify"), as_of)
            for one in credentials.credentials_of_case(case_id, scope=person.scope)
        ),
        undo_href=reverse("portal:withdraw", args=[case_id]) if can_undo else "",
        undo_until=record.undo_until,
        confirm_href=reverse("portal:claim", args=record.item.split("/")) if record.state == "draft" else "",
        returned_words=_wanted(facts) if record.state == "returned" else "",
        mend_href=reverse("portal:mend", args=[case_id]) if Act.RESUBMIT in view.allowed else "",
        refusal=say("经审核，不符合条件，不予同意。") if record.outcome == "refused" else "",
        account=account_words(subject, as_of),
        rated=judging.rated(record),
        rate_href=reverse("portal:rate", args=[case_id]) if judging.can_rate(record) else "",
        asked=judging.asked(record),
        appeal_href=reverse("portal:appeal", args=[case_id]) if judging.can_ask(record, as_of) else "",
    )


def _headline(view: CaseView, as_of: datetime) -> tuple[str, str]:
    """Where the case stands, and in one sentence what that means for the person."""
    record, today = view.case, local_date(as_of)
    due = record.due_on.isoformat() if record.due_on else ""
    promise = say("最晚 {date} 办完。", date=due) if due and record.state in RUNNING else ""
    if record.outcome == "withdrawn":
        return say("已撤回"), say("想办的时候可以再来。")
    if record.outcome == "refused":
        return say("没有通过"), say("每一条理由都在下面，可以申请复议。")
    if record.state == "returned":
        return say("请您补正"), say("补好之前时限暂停，补好以后接着办。")
    if record.state in ("fulfilled", "closed"):
        return say("已办结"), say("这件事办完了。")
    if record.state == "decided":
        return say("已同意"), say("接下来是兑现，您不用做什么。") + promise
    open_steps = [step for step in view.steps if step.opened_on and not step.finding]
    if open_steps and record.due_on and record.due_on < today:
        return say("已经超期"), say("超过了承诺的日子，系统已经催办。")
    if open_steps:
        step = case_words.name_of_step(open_steps[0], _process(record))
        return say("正在{step}", step=step), say("您不用做什么。") + promise
    if record.state == "draft":
        return say("等您确认"), say("打开看依据和金额，符合的点一次确认就行。")
    return say("已提交"), say("您不用做什么。") + promise


def _process(record: CaseRecord) -> Process | None:
    return catalogue.revision(record.revision_id).process


def _track(view: CaseView, as_of: datetime) -> tuple[Step, ...]:
    """Submission, the steps of review, the decision, the steps of fulfilment, and the end."""
    record, today, calendar = view.case, local_date(as_of), offices.calendar()
    process = _process(record)
    reviewed = len(process.review) if process else 0

    def shown(steps: Iterable[StepRecord]) -> tuple[Step, ...]:
        return tuple(case_words.track_step(step, process, today, calendar) for step in steps)

    review = shown(step for step in view.steps if step.position < reviewed)
    fulfil = shown(step for step in view.steps if step.position >= reviewed)
    return (_submitted(record), *review, *_ending(record), *(fulfil if record.outcome in ("", "granted") else ()))


def _submitted(record: CaseRecord) -> Step:
    if record.submitted_at is None:
        return Step("now", say("等您确认"), (), record.opened_at, _clock(record.opened_at))
    undo = record.undo_until.astimezone(CHINA).strftime("%H:%M") if record.undo_until else ""
    lines = (say("撤回期到 {time} 为止。", time=undo),) if undo else ()
    return Step("done", say("您提交"), lines, record.submitted_at, _clock(record.submitted_at))


def _ending(record: CaseRecord) -> tuple[Step, ...]:
    if record.outcome == "withdrawn" and record.closed_at:
        return (Step("stop", say("您撤回"), (), record.closed_at, _clock(record.closed_at)),)
    if record.decided_at is None:
        return (Step("next", say("决定")),)
    state, words = ("done", say("同意")) if record.outcome == "granted" else ("stop", say("不予同意"))
    how = (say("系统按规则决定。"),) if record.is_automatic else ()
    return (Step(state, say("决定：{words}", words=words), how, record.decided_at, _clock(record.decided_at)),)


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"


def _found(case_id: str, person: Person, as_of: datetime) -> tuple[tuple[Reason, ...], tuple[FactLine, ...]]:
    """Every requirement's answer and the facts it was read from, as decided, before that as the rules have it now;
    nothing where the record that the claim is about is gone from its source before the decision."""
    record = cases.case(case_id, scope=person.scope)
    published = catalogue.pinned_item(record.revision_id, record.item)
    actor = person.acting_for(record.subject_id)
    try:
        found = cases.assessment_of(case_id, scope=person.scope, by=actor, as_of=as_of).assessment
    except ConflictError as gone:
        if gone.code != "record_gone":
            raise
        return (), ()
    day = local_date(record.submitted_at or as_of)
    dictionary = catalogue.root(record.revision_id).dictionary
    uses = [use for reason in found.reasons for use in reason.uses]
    told = told_of(record.subject_id, dictionary)
    lines = fact_words.used_lines([*uses, *found.amount_uses], dictionary, published.pack, told)
    own = [reason for reason in found.reasons if reason.kind != "reserved"]
    return tuple(reason_of(published.pack, reason, day) for reason in own), lines


def _main_receipt(facts: Iterable[RecordedFact]) -> RecordedFact | None:
    found = {fact.kind: fact for fact in facts}
    return next((found[kind] for kind in SHOWN_RECEIPTS if kind in found), None)


def wanted_words(case_id: str) -> str:
    """What an office asked for when it gave a case back; the last time where it did so more than once."""
    return _wanted(ledger.entries_about(case_id))


def _wanted(facts: Iterable[RecordedFact]) -> str:
    reasons = [str(fact.fields.get("reason", "")) for fact in facts if fact.kind == "case.returned"]
    return reasons[-1] if reasons else ""

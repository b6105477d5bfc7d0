"""What a reviewer sees: the work list, one case, public notices and objections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Dictionary, Pack
from zhida.domain.process import Act, Finding, Process, WorkCalendar
from zhida.domain.rules import AmountState, Answer, Assessment, Met, ReasonAnswer, Unknown
from zhida.domain.values import Actor, Fact, FactKey, local_date
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord, CaseView, ObjectionRecord, RulingRecord, StepRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.desk.interests import check_interest
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.letters import letters_of
from zhida.surfaces.desk.presenters.worklist import name_of
from zhida.surfaces.desk.records import (
    CaseDesk,
    EvidenceFile,
    Happening,
    ObjectionLine,
    PublicityDesk,
    PublicityLine,
    Requirement,
)
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Choice, FactLine, Step
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.amounts import PLAIN, needed
from zhida.surfaces.look.telling.offices import region_name
from zhida.surfaces.look.telling.policies import (
    clauses_of,
    document_of,
    quotes_of,
    reason_of,
    requirement_title,
    title_of,
)

PER_PAGE = 50
SOON = 3
BY_PERSONS = ("evidenced", "judged")
UNDER_WAY = ("submitted", "in_review", "returned", "decided")
MARKS = {Met.MET: "yes", Met.UNKNOWN: "near", Met.NOT_MET: "no"}


def case_desk(case_id: str, officer: Officer, as_of: datetime) -> CaseDesk:
    """One case for its officer. Raises AccessError out of their scope."""
    opened, view, actor = _opened(case_id, officer, as_of)
    record = view.case
    subject = registry.subject(record.subject_id, scope=officer.scope)
    published = catalogue.pinned_item(record.revision_id, record.item)
    dictionary = catalogue.root(record.revision_id).dictionary
    process = published.pack.process
    today, calendar = local_date(as_of), offices.calendar()
    found = opened.assessment(actor).assessment
    mine = open_step(view, officer)
    may_decide = Act.DECIDE in view.allowed
    rulings = {ruling.requirement: ruling for ruling in view.rulings}
    requirements = tuple(
        _requirement(reason, mine, published.pack, dictionary, rulings.get(reason.requirement), local_date(as_of))
        for reason in found.reasons
    )
    return CaseDesk(
        id=record.id,
        version=record.version,
        item=title_of(published.pack, published.item),
        document=document_of(published.pack),
        subject=subject.name,
        code=subject.credit_code,
        tags=(region_name(subject.region),),
        state=record.state,
        state_words=case_words.state_words(record)[1],
        submitted_at=record.submitted_at,
        due_on=record.due_on,
        due_words=case_words.due_words(record.due_on, today, calendar) if record.state in UNDER_WAY else "",
        is_late=bool(record.due_on and record.due_on < today and record.state in UNDER_WAY),
        why=_why_me(mine, process, may_decide, requirements),
        step=case_words.name_of_step(mine, process) if mine else "",
        step_kind=mine.kind if mine else "",
        may_act=bool(mine and Act.FINISH_STEP in view.allowed) or may_decide,
        acts=_acts(view, found),
        requirements=requirements,
        answered=_answered(view, dictionary, published.pack),
        evidence=_evidence(view, case_id),
        amount_fen=record.amount_fen if record.amount_fen is not None else _given(found),
        amount_words=_amount_words(found, published),
        steps=_track(view, process, today, calendar),
        history=_history(case_id),
        objections=tuple(_objection(one, subject, published, record.office) for one in view.objections),
        letters=letters_of(published, found, record, today) if may_decide else (),
    )


def seen_by(case_id: str, officer: Officer, as_of: datetime) -> tuple[CaseView, Actor]:
    """A case as the officer sees it, and the officer acting at the office whose turn it is.

    Raises AccessError `own_interest` where it is the officer's own or a declared relative's.
    """
    return _opened(case_id, officer, as_of)[1:]


def _opened(case_id: str, officer: Officer, as_of: datetime) -> tuple[cases.Opened, CaseView, Actor]:
    """`seen_by`, with the case to ask more of."""
    opened, office = cases.opened(case_id, scope=officer.scope, as_of=as_of), officer.at("").office
    view = opened.view(officer.at(office))
    check_interest(view.case.subject_id, officer, as_of)
    step = open_step(view, officer)
    actor = officer.at(step.office if step else view.case.office)
    return opened, view if actor.office == office else opened.view(actor), actor


def objected_case(objection_id: str, officer: Officer, as_of: datetime) -> CaseRecord:
    """The case that somebody objects to. Raises ConflictError `no_such_objection` for another office's too, AccessError
    `own_interest`."""
    found = (one for at in officer.offices for one in cases.objections(office=at, scope=officer.scope, is_open=False))
    one = next((one for one in found if one.id == objection_id), None)
    if one is None:
        raise ConflictError("no_such_objection", f"{objection_id} is no objection of yours", "look at the list again")
    record = cases.case(one.case_id, scope=officer.scope)
    check_interest(record.subject_id, officer, as_of)
    return record


def open_step(view: CaseView, officer: Officer) -> StepRecord | None:
    """The open step that is this office's to do; a public notice ends by itself."""
    return next(
        (step for step in view.steps if step.opened_on and not step.finding and step.office in officer.offices
         and step.kind != "publicise"),
        None,
    )  # fmt: skip


def _acts(view: CaseView, found: Assessment) -> tuple[Choice, ...]:
    """What the officer may choose now: only what the rules and the case's journey will take."""
    acts = []
    if Act.DECIDE in view.allowed:
        has_failed = any(step.finding == Finding.FAILED for step in view.steps)
        if found.answer is Answer.ENTITLED and found.amount is not AmountState.UNKNOWN and not has_failed:
            acts.append(Choice("pass", say("同意")))
        if found.answer is not Answer.ENTITLED or has_failed:
            acts.append(Choice("refuse", say("不予同意")))
    else:
        acts += [Choice("pass", say("通过这一步")), Choice("refuse", say("这一步不通过"))]
    if Act.RETURN in view.allowed:
        acts.append(Choice("return", say("请补正")))
    return tuple(acts)


def _given(found: Assessment) -> int | None:
    return found.amount_fen if found.answer is not Answer.NOT else None


def _amount_words(found: Assessment, published: PublishedItem) -> str:
    if not published.item.pays:
        return say("这个事项不发钱")
    if found.answer is Answer.NOT:
        return say("有条件不符合，按规则不发")
    return say("按规则核定") if found.amount_fen is not None else say("还缺信息，算不出金额")


def _why_me(
    mine: StepRecord | None, process: Process | None, may_decide: bool, requirements: Iterable[Requirement]
) -> str:
    waiting = [one for one in requirements if one.to_rule and not one.ruling]
    if may_decide:
        return say("审核已经做完，等您决定。系统核对的结果都在下面。")
    if mine is None:
        return say("这一件现在不在您这里，只能看。")
    if waiting:
        names = say("、").join(str(one.title) for one in waiting)
        return say("{n} 条要由人判断：{names}。其余的系统已经核对。", n=len(waiting), names=names)
    return say("“{step}”这一步由您的部门办。", step=case_words.name_of_step(mine, process))


def _requirement(
    reason: ReasonAnswer,
    step: StepRecord | None,
    pack: Pack,
    dictionary: Dictionary,
    ruling: RulingRecord | None,
    today: date,
) -> Requirement:
    to_rule = reason.kind in BY_PERSONS and step is not None and step.may_find_on(reason.requirement)
    known = [use for use in reason.uses if not isinstance(use.value, Unknown)]
    values, needs = [], []
    for use in known:
        kind = fact_words.fact_type(dictionary, use.key.attribute, pack)
        choices = fact_words.choices_of(use.key.attribute, dictionary, pack)
        shown = fact_words.written(use.value, kind, dictionary, choices)
        values.append(f"{fact_words.label(dictionary, use.key, pack)}{say('：')}{shown}")
        if use.needed not in PLAIN:
            needs.append(needed(use.needed, kind, dictionary, choices))
    words = reason_of(pack, reason, today)
    told = ""
    if ruling is not None:
        told = say("已判断：{words}", words=say("符合") if ruling.is_met else say("不符合"))
        told += f"{say('，')}{ruling.reason}" if ruling.reason else ""
    return Requirement(
        name=reason.requirement,
        title=requirement_title(pack, reason.requirement) if reason.requirement in pack.requirements else words.words,
        kind=reason.kind,
        value=say("；").join(values),
        needed=say("；").join(needs),
        source=say("；").join(dict.fromkeys(fact_words.source_words(use.source) for use in known if use.source)),
        observed_on=max((use.observed_on for use in known if use.observed_on), default=None),
        answer=MARKS[reason.answer],
        words=words.words,
        clauses=clauses_of(pack, reason.clauses),
        quotes=quotes_of(pack, reason.clauses),
        differs=reason.answer is Met.NOT_MET,
        to_rule=to_rule,
        ruling=told,
    )


def _answered(view: CaseView, dictionary: Dictionary, pack: Pack) -> tuple[FactLine, ...]:
    return tuple(
        fact_words.line(FactKey.parse(key), Fact(value, say("申请人")), dictionary, pack)
        for key, value in view.answers.items()
    )


def _evidence(view: CaseView, case_id: str) -> tuple[EvidenceFile, ...]:
    return tuple(
        EvidenceFile(one.id, one.requirement, one.name, one.media_type, one.sha256,
                     reverse("desk:evidence", args=[case_id, one.id]))
        for one in view.evidence
    )  # fmt: skip


def _track(view: CaseView, process: Process | None, today: date, calendar: WorkCalendar) -> tuple[Step, ...]:
    return tuple(case_words.track_step(step, process, today, calendar) for step in view.steps)


def _history(case_id: str) -> tuple[Happening, ...]:
    facts = ledger.entries_about(case_id)
    names = accounts.names_of({_account(fact.fields) for fact in facts} - {""})
    return tuple(Happening(fact.at, _who(fact.fields, names), _what(fact.kind, dict(fact.fields))) for fact in facts)


def _by(fields: Mapping[str, object]) -> Mapping[str, object]:
    by = fields.get("by")
    return by if isinstance(by, dict) else {}


def _account(fields: Mapping[str, object]) -> str:
    return str(_by(fields).get("account", ""))


def _who(fields: Mapping[str, object], names: Mapping[str, str]) -> str:
    if _by(fields).get("duty") in ("person", "agent"):
        return say("申请人")
    is_system = _by(fields).get("duty", "system") == "system"
    return say("系统") if is_system else names.get(_account(fields), say("系统"))


def _what(kind: str, fields: dict[str, object]) -> str:
    reason = str(fields.get("reason") or fields.get("note") or "")
    return case_words.event_words(kind) + (f"{say('：')}{reason}" if reason else "")


def _objection(one: ObjectionRecord, subject: SubjectRecord, published: PublishedItem, office: str) -> ObjectionLine:
    if one.resolved_at is None:
        state = say("等答复")
    else:
        state = (
            say("异议成立：{answer}", answer=one.answer)
            if one.is_upheld
            else say("异议不成立：{answer}", answer=one.answer)
        )
    return ObjectionLine(
        one.id,
        reverse("desk:case", args=[one.case_id]),
        subject.name,
        title_of(published.pack, published.item),
        one.words,
        "",
        one.raised_at,
        state,
        one.resolved_at is None,
        office,
    )


def publicity_desk(officer: Officer, as_of: datetime) -> PublicityDesk:
    """Notices of the officer's offices, and their objections."""
    today, calendar = local_date(as_of), offices.calendar()
    found = [one for one in cases.on_notice(as_of=as_of) if one[0].office in officer.offices]
    objections = [
        one for office in officer.offices for one in cases.objections(office=office, scope=officer.scope, is_open=False)
    ]
    about = {one.case_id: cases.case(one.case_id, scope=officer.scope) for one in objections}
    everybody = [case.subject_id for case, _ in found] + [case.subject_id for case in about.values()]
    names = registry.subjects(everybody, scope=officer.scope)
    open_by_case = [one.case_id for one in objections if one.resolved_at is None]
    lines = tuple(
        PublicityLine(
            reverse("desk:case", args=[case.id]),
            name_of(names, case.subject_id),
            _title(case),
            step.opened_on or today,
            step.due_on or today,
            case_words.due_words(step.due_on, today, calendar),
            open_by_case.count(case.id),
        )
        for case, step in found
    )
    told = [
        _objection(one, names[case.subject_id], _published(case), case.office)
        for one in objections
        if (case := about[one.case_id]).subject_id in names
    ]
    waiting = tuple(one for one in told if one.is_open)
    return PublicityDesk(lines, waiting, len(waiting), tuple(one for one in told if not one.is_open))


def _published(case: CaseRecord) -> PublishedItem:
    return catalogue.pinned_item(case.revision_id, case.item)


def _title(case: CaseRecord) -> Text:
    published = _published(case)
    return title_of(published.pack, published.item)

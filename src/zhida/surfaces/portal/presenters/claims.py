"""Claiming: an item as one subject would claim it, and the page that confirms an automatic claim."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse

from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.process import Process, Step
from zhida.domain.rules import FactUse
from zhida.domain.values import FactKey, Scope, local_date
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import FactLine
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.amounts import PLAIN, equation, holds, needed
from zhida.surfaces.look.telling.cases import step_names
from zhida.surfaces.look.telling.policies import clauses_of, document_of, quotes_of, title_of
from zhida.surfaces.portal.claimable import Claimable
from zhida.surfaces.portal.presenters.knowing import told_of
from zhida.surfaces.portal.records import ConfirmPage, SubjectHead


def head_of(subject: SubjectRecord) -> SubjectHead:
    """Whose claim it is."""
    return SubjectHead(subject.name, subject.credit_code)


def confirm_page(claim: Claimable, as_of: datetime, case: CaseRecord | None = None) -> ConfirmPage:
    """The page of an automatic claim, before the tap and, with its case, after it."""
    item, pack, today = claim.item, claim.pack, local_date(as_of)
    dictionary = catalogue.root(claim.published.revision_id).dictionary
    fen = claim.found.amount_fen or 0
    cited = _amount_cites(item, pack)
    submitted_at = case.submitted_at if case else None
    return ConfirmPage(
        subject=head_of(claim.subject),
        title=title_of(pack, item),
        policy=document_of(pack),
        case_id=case.id if case else "",
        amount_fen=fen,
        account=account_words(claim.subject, as_of),
        account_href=reverse("portal:account"),
        latest_on=case.due_on if case else _latest(pack.process, today),
        equation=equation(item.program, claim.facts, today, fen, pack, dictionary),
        quotes=tuple(zip(quotes_of(pack, cited), clauses_of(pack, cited), strict=False)),
        facts=known_lines(claim),
        after=_after(claim),
        after_clauses=clauses_of(pack, [anchor for step in _steps(pack) for anchor in step.cites] or item.cites),
        confirmed_at=submitted_at,
        undo_until=case.undo_until if case else None,
        can_undo=bool(case and case.undo_until and as_of < case.undo_until and case.state == "submitted"),
        progress_href=reverse("portal:case", args=[case.id]) if case else "",
    )


def account_words(subject: SubjectRecord, as_of: datetime) -> str:
    """Where the money will go, with no more of the number than its tail."""
    scope = Scope.own(frozenset({subject.id}), "own")
    account = registry.bank_account(subject.id, scope=scope, on=local_date(as_of))
    return say("{bank}，尾号 {tail}", bank=account.bank, tail=account.tail) if account else say("还没有登记")


def _amount_cites(item: Item, pack: Pack) -> tuple[str, ...]:
    amount = pack.schema.amounts.get(item.benefit.amount)
    table = pack.schema.tables.get(item.benefit.amount)
    return (amount.cites if amount else table.cites if table else ()) or item.cites


def _steps(pack: Pack) -> tuple[Step, ...]:
    return pack.process.steps if pack.process else ()


def _latest(process: Process | None, today: date) -> date | None:
    """The day by which the last step is done if each takes all its time; None where one has no limit."""
    if process is None:
        return None
    days = 0
    for step in process.steps:
        given = getattr(step, "working_days", None) or step.within_working_days
        if given is None and step.by != "system":
            return None
        days += given or 0
    return offices.calendar().add_working_days(today, days) if days else None


def known_lines(claim: Claimable) -> tuple[FactLine, ...]:
    """The facts that the answer and the amount rest on, each with what was needed of it or how its dispute stands."""
    found, pack = claim.found, claim.pack
    dictionary = catalogue.root(claim.published.revision_id).dictionary
    told = told_of(claim.subject.id, dictionary)
    notes: dict[FactKey, str] = {}
    for use in (use for reason in found.reasons for use in reason.uses):
        notes.setdefault(use.key, _note(use, dictionary, pack))

    def noted(key: FactKey) -> tuple[str, str]:
        state, fix = told(key)
        return state or notes.get(key, ""), fix

    uses = [use for reason in found.reasons for use in reason.uses]
    return fact_words.used_lines([*uses, *found.amount_uses], dictionary, pack, noted)


def _note(use: FactUse, dictionary: Dictionary, pack: Pack) -> str:
    if use.needed in PLAIN or not holds(use.needed, use.value):
        return ""
    kind = fact_words.fact_type(dictionary, use.key.attribute, pack)
    choices = fact_words.choices_of(use.key.attribute, dictionary, pack)
    return say("{needed}，符合", needed=needed(use.needed, kind, dictionary, choices))


def promised_days(claim: Claimable) -> int:
    """The working days that all steps together may take."""
    return sum(getattr(step, "working_days", None) or step.within_working_days or 0 for step in _steps(claim.pack))


def _after(claim: Claimable) -> tuple[str, ...]:
    """What happens once it is confirmed, step by step, and what the money is for."""
    lines = []
    steps = _steps(claim.pack)
    for step, name in zip(steps, step_names(steps), strict=True):
        notice = getattr(step, "working_days", None)
        if notice:
            lines.append(say("名单公示 {n} 个工作日，名字只露一部分。", n=notice))
        elif step.kind == "pay" and step.within_working_days:
            lines.append(say("没有异议的，{n} 个工作日内拨到上面的账户。", n=step.within_working_days))
        elif step.within_working_days:
            lines.append(say("{step}，{n} 个工作日内。", step=name, n=step.within_working_days))
    lang = spoken() if spoken() in claim.pack.words else "zh"
    words = claim.pack.words[lang].obligations
    lines += [words[one.name] for one in claim.item.obligations if one.name in words]
    return tuple(lines)

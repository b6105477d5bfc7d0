"""Claiming: the page that confirms an automatic claim, and the form of one that is applied for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Claim, Dictionary, Item, Pack
from zhida.domain.process import Process, Step
from zhida.domain.rules import AmountState, Assessment, FactUse
from zhida.domain.values import FactKey, Facts, Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.look.asking import question_of
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import Choice, FactLine, Fault, Question
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.amounts import equation, holds, needed
from zhida.surfaces.look.telling.cases import step_name
from zhida.surfaces.look.telling.policies import (
    clauses_of,
    document_of,
    quotes_of,
    requirement_title,
    title_of,
)
from zhida.surfaces.look.telling.records import record_words
from zhida.surfaces.portal.presenters.knowing import told_of
from zhida.surfaces.portal.records import ApplyPage, ConfirmPage, Promise, SubjectHead, Upload


@dataclass(frozen=True)
class Claimable:
    """An item as one subject would claim it: the item, what is known, and what the rules say."""

    published: PublishedItem
    subject: SubjectRecord
    facts: Facts
    found: Assessment
    records: tuple[str, ...] = ()

    @property
    def item(self) -> Item:
        """The item."""
        return self.published.item

    @property
    def pack(self) -> Pack:
        """Its pack."""
        return self.published.pack

    @property
    def is_automatic(self) -> bool:
        """Whether one tap is all that is asked."""
        return self.item.claim is Claim.AUTOMATIC


@dataclass
class Filled:
    """What somebody typed into the form, and what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def claimable(item_id: str, subject: SubjectRecord, as_of: datetime) -> Claimable:
    """What a subject would claim. Raises ConflictError where the item is not in force or for other subjects."""
    published = catalogue.item(item_id, as_of=as_of)
    if published.item.audience != subject.kind:
        raise ConflictError("wrong_audience", f"{item_id} is for a {published.item.audience}", "claim it for one")
    scope = Scope.own(frozenset({subject.id}), "own")
    facts = entitlements.facts_for(subject.id, scope=scope, as_of=as_of)
    found = entitlements.assess_facts(published, subject.id, facts, local_date(as_of))
    return Claimable(published, subject, facts, found)


def with_records(claim: Claimable, as_of: datetime) -> Claimable:
    """The claim with the records it can be for, where the item has one claim a record."""
    if not claim.item.for_each:
        return claim
    scope = Scope.own(frozenset({claim.subject.id}), "own")
    return replace(claim, records=cases.records_to_claim(claim.item.id, claim.subject.id, scope=scope, as_of=as_of))


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
        facts=_facts(claim, dictionary),
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


def _facts(claim: Claimable, dictionary: Dictionary) -> tuple[FactLine, ...]:
    """The facts that the answer and the amount rest on, each with what was needed of it or how its dispute stands."""
    found, pack = claim.found, claim.pack
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
    if not holds(use.needed, use.value):
        return ""
    kind = fact_words.fact_type(dictionary, use.key.attribute, pack)
    choices = fact_words.choices_of(use.key.attribute, dictionary, pack)
    return say("{needed}，符合", needed=needed(use.needed, kind, dictionary, choices))


def _after(claim: Claimable) -> tuple[str, ...]:
    """What happens once it is confirmed, step by step, and what the money is for."""
    lines = []
    for step in _steps(claim.pack):
        notice = getattr(step, "working_days", None)
        if notice:
            lines.append(say("名单公示 {n} 个工作日，名字只露一部分。", n=notice))
        elif step.kind == "pay" and step.within_working_days:
            lines.append(say("没有异议的，{n} 个工作日内拨到上面的账户。", n=step.within_working_days))
        elif step.within_working_days:
            lines.append(say("{step}，{n} 个工作日内。", step=step_name(step.kind), n=step.within_working_days))
    lang = spoken() if spoken() in claim.pack.words else "zh"
    words = claim.pack.words[lang].obligations
    lines += [words[one.name] for one in claim.item.obligations if one.name in words]
    return tuple(lines)


def apply_page(claim: Claimable, filled: Filled, case_id: str, as_of: datetime) -> ApplyPage:
    """The form of an application: known facts shown, unknown ones asked, papers, promises."""
    item, pack = claim.item, claim.pack
    dictionary = catalogue.root(claim.published.revision_id).dictionary
    known = claim.found.amount is AmountState.KNOWN
    return ApplyPage(
        subject=head_of(claim.subject),
        title=title_of(pack, item),
        policy=document_of(pack),
        amount_fen=claim.found.amount_fen if known and not item.program.quota else None,
        facts=_facts(claim, dictionary),
        questions=(*_which(claim, dictionary, filled), *_questions(claim, dictionary, filled)),
        uploads=tuple(
            Upload(
                name,
                str(_words(pack, "papers", name)),
                say("{formats} 格式，不超过 {n} MB。", formats=say("、").join(paper.formats), n=paper.max_mb),
                clauses_of(pack, paper.cites),
                filled.faults.get(name, ""),
            )
            for name, paper in pack.form.papers.items()
            if name in item.requires
        ),
        promises=tuple(
            Promise(
                f"u.{one.name}",
                requirement_title(pack, one.name),
                clauses_of(pack, one.cites),
                filled.faults.get(one.name, ""),
            )
            for one in item.program.requires
            if one.kind == "undertaken"
        ),
        account=None,
        faults=tuple(Fault(name, words) for name, words in filled.faults.items()),
        promised_days=sum(
            getattr(step, "working_days", None) or step.within_working_days or 0 for step in _steps(pack)
        ),
        submission=case_id,
    )


def _which(claim: Claimable, dictionary: Dictionary, filled: Filled) -> tuple[Question, ...]:
    """For an item with one claim a record: which record this claim is for."""
    if not claim.item.for_each or not claim.records:
        return ()
    relation = claim.facts.get(FactKey(claim.item.for_each))
    rows = relation.value if relation else ()
    entry = dictionary.relations[claim.item.for_each]
    chosen = filled.typed.get("record", "")
    choices = tuple(
        Choice(key, record_words(row, entry, dictionary, claim.pack, most=4), chosen == key)
        for key, row in zip(cases.record_keys(claim.item, claim.facts), rows, strict=True)
        if key in claim.records
    )
    fault = filled.faults.get("record", "")
    return (Question("record", say("为哪一条申报"), "choice", dictionary.named(entry.name, spoken()), "", choices,
                     chosen, fault),)  # fmt: skip


def _questions(claim: Claimable, dictionary: Dictionary, filled: Filled) -> tuple[Question, ...]:
    reads = claim.item.reads
    return tuple(
        question_of(
            f"f.{name}",
            FactKey(name),
            one.fact,
            dictionary,
            pack=claim.pack,
            value=filled.typed.get(f"f.{name}", ""),
            fault=filled.faults.get(f"f.{name}", ""),
            is_optional=one.optional,
        )
        for name, one in claim.pack.form.questions.items()
        if name in reads
    )


def _words(pack: Pack, kind: str, name: str) -> Text:
    for lang in dict.fromkeys((spoken(), "zh")):
        words = getattr(pack.words[lang], kind) if lang in pack.words else {}
        if name in words:
            return Text(words[name], lang)
    return requirement_title(pack, name)

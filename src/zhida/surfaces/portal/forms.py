"""An application as it is handed in: its draft read as answers, papers and promises, with what is wrong by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from zhida.domain.packs.forms import Question
from zhida.domain.values import Actor, new_id
from zhida.kernel.cases import actions
from zhida.services.drafts import keeping
from zhida.services.drafts.keeping import Draft, KeptPaper
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.portal.claimable import Claimable
from zhida.surfaces.portal.papers import taken_paper
from zhida.surfaces.portal.persons import Person


@dataclass
class Form:
    """What is handed in: answers by question, papers by requirement, promises, and faults by field."""

    answers: dict[str, Any] = field(default_factory=dict)
    papers: dict[str, KeptPaper] = field(default_factory=dict)
    promises: set[str] = field(default_factory=set)
    record: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def from_draft(draft: Draft, wanted: Claimable, sent: Mapping[str, str] | None = None) -> Form:
    """Reads a draft; `sent` are the promises of the page that hands it in, None where nothing is handed in yet."""
    form = Form(typed=dict(draft.fields))
    _read_answers(form, wanted)
    for name in papers_of(wanted):
        if name in draft.papers:
            form.papers[name] = draft.papers[name]
        else:
            form.faults[name] = say("还差这份材料")
    for name in promises_of(wanted) if sent is not None else ():
        if sent and sent.get(f"u.{name}"):
            form.promises.add(name)
        else:
            form.faults[f"u.{name}"] = say("请先作出承诺")
    form.record = form.typed.get("record", "")
    if wanted.records and form.record not in wanted.records:
        form.faults["record"] = say("请选一条")
    return form


def to_mend(request: HttpRequest, wanted: Claimable, present: Mapping[str, str]) -> Form:
    """Reads what a returned case is mended with; on a GET what was answered before. Papers may be left as they are."""
    form = Form(typed=request.POST.dict() if request.method == "POST" else dict(present))
    if request.method != "POST":
        return form
    _read_answers(form, wanted)
    for name in papers_of(wanted):
        file = request.FILES.get(name)
        if file is None:
            continue
        try:
            form.papers[name] = taken_paper(file, name, wanted.pack.form.papers[name])
        except NotTaken as refused:
            form.faults[name] = refused.words
    return form


def questions_of(wanted: Claimable) -> Iterator[tuple[str, Question]]:
    """The questions of the pack's form that this item reads, and those that people alone read: no item's rules do."""
    elsewhere = frozenset().union(*(item.reads for item in wanted.pack.items.values())) - wanted.item.reads
    return ((name, one) for name, one in wanted.pack.form.questions.items() if name not in elsewhere)


def papers_of(wanted: Claimable) -> tuple[str, ...]:
    """The requirements of this item that a paper is asked for."""
    return tuple(name for name in wanted.pack.form.papers if name in wanted.item.requires)


def promises_of(wanted: Claimable) -> tuple[str, ...]:
    """The requirements of this item that are promised by handing in."""
    return tuple(one.name for one in wanted.item.program.requires if one.kind == "undertaken")


def fault_of(text: str, question: Question) -> str:
    """What is wrong with a text as an answer; "" where nothing is."""
    if not text.strip():
        return "" if question.optional else say("还没有回答")
    try:
        taken(text, question.fact)
    except NotTaken as refused:
        return refused.words
    return ""


def _read_answers(form: Form, wanted: Claimable) -> None:
    for name, question in questions_of(wanted):
        text = form.typed.get(f"f.{name}", "")
        if fault := fault_of(text, question):
            form.faults[f"f.{name}"] = fault
        elif text.strip():
            form.answers[name] = _as_json(taken(text, question.fact))


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def field_name(name: str, wanted: Claimable) -> str:
    """The field on the page that an error of the kernel speaks of."""
    if name in wanted.pack.form.questions:
        return f"f.{name}"
    return name


@transaction.atomic
def hand_in(case_id: str, wanted: Claimable, form: Form, person: Person, as_of: datetime) -> None:
    """Answers, papers and promises go into the case, the case to its office, and the draft goes; all or nothing."""
    by = person.acting_for(wanted.subject.id, "submit")
    _fill(case_id, form, by, as_of)
    actions.submit(case_id=case_id, undertakings=sorted(form.promises), by=by, as_of=as_of)
    keeping.drop(subject_id=wanted.subject.id, item_id=wanted.item.id)


@transaction.atomic
def hand_in_again(case_id: str, form: Form, by: Actor, as_of: datetime) -> None:
    """What was mended goes into the case, and the case goes back to its office."""
    _fill(case_id, form, by, as_of)
    actions.resubmit(case_id=case_id, by=by, as_of=as_of)


def _fill(case_id: str, form: Form, by: Actor, as_of: datetime) -> None:
    if form.answers:
        actions.answer(case_id=case_id, answers=form.answers, by=by, as_of=as_of)
    for requirement, paper in form.papers.items():
        actions.attach(
            case_id=case_id,
            evidence_id=new_id("evidence"),
            requirement=requirement,
            name=paper.name,
            media_type=paper.media_type,
            body=paper.body,
            by=by,
            as_of=as_of,
        )

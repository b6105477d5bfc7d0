"""An application's form: read what was typed, say what is wrong, hand it in as answers, papers and promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest

from zhida.domain.values import Actor, new_id
from zhida.kernel.cases import actions
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.presenters.claims import Claimable, Filled


@dataclass
class Form:
    """What came with a request: answers by question, papers by requirement, promises, and faults by field."""

    answers: dict[str, Any] = field(default_factory=dict)
    papers: dict[str, UploadedFile[Any]] = field(default_factory=dict)
    promises: set[str] = field(default_factory=set)
    record: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> Filled:
        """What the page shows again."""
        return Filled(self.typed, self.faults)


def read(request: HttpRequest, wanted: Claimable, *, is_mending: bool = False) -> Form:
    """Reads a form; on a GET everything is empty and nothing is wrong. A mended one may leave out what is handed in."""
    form = Form(typed=request.POST.dict())
    if request.method != "POST":
        return form
    _read_answers(form, wanted)
    _read_papers(form, request, wanted, is_mending)
    for requirement in wanted.item.program.requires:
        if requirement.kind == "undertaken" and not is_mending:
            if form.typed.get(f"u.{requirement.name}"):
                form.promises.add(requirement.name)
            else:
                form.faults[f"u.{requirement.name}"] = say("请先作出承诺")
    form.record = form.typed.get("record", "")
    if wanted.records and form.record not in wanted.records and not is_mending:
        form.faults["record"] = say("请选一条")
    return form


def _read_answers(form: Form, wanted: Claimable) -> None:
    for name, question in _questions(wanted):
        text = form.typed.get(f"f.{name}", "")
        if not text.strip():
            if not question.optional:
                form.faults[f"f.{name}"] = say("还没有回答")
            continue
        try:
            form.answers[name] = _as_json(taken(text, question.fact))
        except NotTaken as refused:
            form.faults[f"f.{name}"] = refused.words


def _questions(wanted: Claimable) -> Iterator[tuple[str, Any]]:
    return ((name, one) for name, one in wanted.pack.form.questions.items() if name in wanted.item.reads)


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _read_papers(form: Form, request: HttpRequest, wanted: Claimable, is_mending: bool) -> None:
    for name in wanted.pack.form.papers:
        if name not in wanted.item.requires:
            continue
        file = request.FILES.get(name)
        if file is not None:
            form.papers[name] = file
        elif not is_mending:
            form.faults[name] = say("还差这份材料")


def field_name(name: str, wanted: Claimable) -> str:
    """The field on the page that an error of the kernel speaks of."""
    if name in wanted.pack.form.questions:
        return f"f.{name}"
    return name


@transaction.atomic
def hand_in(case_id: str, wanted: Claimable, form: Form, person: Person, as_of: datetime) -> None:
    """Answers, papers and promises go into the case, and the case goes to its office; all of it or nothing."""
    by = person.acting_for(wanted.subject.id, "submit")
    _fill(case_id, form, by, as_of)
    actions.submit(case_id=case_id, undertakings=sorted(form.promises), by=by, as_of=as_of)


@transaction.atomic
def hand_in_again(case_id: str, wanted: Claimable, form: Form, by: Actor, as_of: datetime) -> None:
    """What was mended goes into the case, and the case goes back to its office."""
    _fill(case_id, form, by, as_of)
    actions.resubmit(case_id=case_id, by=by, as_of=as_of)


def _fill(case_id: str, form: Form, by: Actor, as_of: datetime) -> None:
    if form.answers:
        actions.answer(case_id=case_id, answers=form.answers, by=by, as_of=as_of)
    for requirement, file in form.papers.items():
        actions.attach(
            case_id=case_id,
            evidence_id=new_id("evidence"),
            requirement=requirement,
            name=(file.name or requirement)[-200:],
            media_type=(file.content_type or "application/octet-stream")[:100],
            body=file.read(),
            by=by,
            as_of=as_of,
        )

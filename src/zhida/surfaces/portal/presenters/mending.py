"""Mending a case that an office gave back: what it asked for, said once, and everything that can be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zhida.kernel.cases.records import CaseView
from zhida.services.drafts.keeping import Draft
from zhida.surfaces.look.asking import as_typed
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.policies import title_of
from zhida.surfaces.portal import forms
from zhida.surfaces.portal.claimable import Claimable
from zhida.surfaces.portal.presenters.applying import Part, question_for, upload_for
from zhida.surfaces.portal.presenters.claims import head_of
from zhida.surfaces.portal.records.applying import MendPage


def answered(claim: Claimable, view: CaseView) -> Mapping[str, str]:
    """What was answered before, as it would be typed."""
    asked = dict(forms.questions_of(claim))
    return {
        f"f.{name}": as_typed(value, asked[name].fact)
        for name, value in view.answers.items()
        if name in asked and value is not None
    }


def mend_page(claim: Claimable, view: CaseView, form: forms.Form, asked: str) -> MendPage:
    """The page of a returned case."""
    handed_in = {one.requirement: one.name for one in view.evidence}
    questions = [Part(f"f.{name}", "question", name) for name, _ in forms.questions_of(claim)]
    uploads = []
    for name in forms.papers_of(claim):
        upload = upload_for(claim, name, Draft(), form.faults.get(name, ""))
        present = say("已交：{name}。不换就不用再选。", name=handed_in[name]) if name in handed_in else ""
        uploads.append(replace(upload, kept=present))
    return MendPage(
        subject=head_of(claim.subject),
        title=title_of(claim.pack, claim.item),
        number=view.case.id,
        asked=asked,
        questions=tuple(
            question_for(claim, part, form.typed.get(part.name, ""), form.faults.get(part.name, ""))
            for part in questions
        ),
        uploads=tuple(uploads),
        faults=tuple(Fault(name, words) for name, words in form.faults.items()),
    )

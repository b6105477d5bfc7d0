"""Public notice: who is on it, masked, and for how long."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord, StepRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import document_of, item_href, title_of
from zhida.surfaces.look.telling.subjects import masked
from zhida.surfaces.portal.records import PublicLine, PublicList

Noticed = tuple[CaseRecord, StepRecord]


def public_lists(as_of: datetime) -> tuple[PublicList, ...]:
    """Every list on notice, those that end first on top."""
    found = cases.on_notice(as_of=as_of)
    subjects = registry.subjects([case.subject_id for case, _ in found], scope=Scope.system("publicity"))
    ordered = sorted(found, key=lambda one: (one[0].item, str(one[1].due_on)))
    lists = [
        _list(list(group), subjects, as_of)
        for _, group in groupby(ordered, key=lambda one: (one[0].item, str(one[1].due_on)))
    ]
    return tuple(sorted(lists, key=lambda one: one.closes_on))


def noticed(case_id: str, as_of: datetime) -> tuple[PublicLine, PublicList]:
    """One name on notice with its list. Raises ConflictError where it is not, or no longer."""
    for one in public_lists(as_of):
        for line in one.lines:
            if line.href.endswith(f"/{case_id}/"):
                return line, one
    raise ConflictError("not_on_notice", f"{case_id} is not on public notice", "complain to the office in charge")


def _list(group: list[Noticed], subjects: dict[str, SubjectRecord], as_of: datetime) -> PublicList:
    case, step = group[0]
    published = catalogue.pinned_item(case.revision_id, case.item)
    today = local_date(as_of)
    closes = step.due_on or today
    return PublicList(
        title=title_of(published.pack, published.item),
        href=item_href(case.item),
        document=document_of(published.pack),
        owner=office_name(step.office),
        opens_on=step.opened_on or today,
        closes_on=closes,
        days_left=max(0, offices.calendar().working_days_between(today, closes)),
        lines=tuple(_line(case, subjects[case.subject_id]) for case, _ in group if case.subject_id in subjects),
    )


def _line(case: CaseRecord, subject: SubjectRecord) -> PublicLine:
    href = reverse("portal:objection", args=[case.id])
    return PublicLine(masked(subject), region_name(subject.region), case.amount_fen, href)

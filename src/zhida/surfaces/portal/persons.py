"""Who is looking: an account, the persons and firms it may act for, and the one it acts for now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Scope, SubjectKind
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.look.parts import Facet

CHOSEN = "subject"


@dataclass(frozen=True)
class Person:
    """An account on the portal. `subject` is None where it may act for nobody."""

    account: str
    name: str
    subjects: tuple[SubjectRecord, ...]
    subject: SubjectRecord | None
    as_of: datetime

    @property
    def scope(self) -> Scope:
        """Everything of the subjects that the account may act for."""
        return Scope.own(frozenset(one.id for one in self.subjects), "own")

    @property
    def actor(self) -> Actor:
        """The account acting for the chosen subject."""
        is_self = self.subject is None or self.subject.kind is SubjectKind.PERSON
        subject = self.subject.id if self.subject else ""
        return Actor(self.account, "person" if is_self else "agent", subject=subject)

    def told_of(self, subject_id: str) -> str:
        """Whose something is, for a list of what is of several subjects; "" where there is one only."""
        names = {one.id: one.name for one in self.subjects}
        return names.get(subject_id, "") if len(names) > 1 else ""

    def running(self, item_id: str) -> CaseRecord | None:
        """The chosen subject's case for an item that is not over, if there is one."""
        if self.subject is None:
            return None
        found = cases.cases(scope=self.scope, item=item_id, subject_id=self.subject.id)
        return next((one for one in found if one.state != "closed"), None)

    def acting_for(self, subject_id: str, *powers: str) -> Actor:
        """The account acting for one of its subjects. Raises AccessError unless its mandate has one of the powers; to
        look, none is asked."""
        held = (offices.mandates_of(self.account, self.as_of, power) for power in powers)
        if powers and not any(subject_id in subjects for subjects in held):
            words = f"{self.account} has no mandate to {' or '.join(powers)} for {subject_id}"
            raise AccessError("mandate_missing", words, "the subject, or its legal representative, gives mandates")
        found = next((one for one in self.subjects if one.id == subject_id), None)
        kind = found.kind if found else SubjectKind.PERSON
        return Actor(self.account, "person" if kind is SubjectKind.PERSON else "agent", subject=subject_id)


def now() -> datetime:
    """The installation's time; views ask once and pass it down."""
    return clock().now()


def person_of(request: HttpRequest, as_of: datetime) -> Person:
    """The person behind a request; `?as=` chooses the subject, and the choice is kept."""
    account = str(request.user.pk)
    ids = sorted(offices.mandates_of(account, as_of))
    found = registry.subjects(ids, scope=Scope.own(frozenset(ids), "own"))
    subjects = tuple(sorted(found.values(), key=lambda one: (one.kind, one.name)))
    wanted = request.GET.get("as") or request.session.get(CHOSEN, "")
    subject = next((one for one in subjects if one.id == wanted), subjects[0] if subjects else None)
    if subject is not None and request.session.get(CHOSEN) != subject.id:
        request.session[CHOSEN] = subject.id
    return Person(account, name_of(request), subjects, subject, as_of)


def name_of(request: HttpRequest) -> str:
    """What to call whoever has logged in."""
    return request.user.get_full_name() if request.user.is_authenticated else ""


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets `person` and `as_of`; whoever has not logged in is asked to, and comes back."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        as_of = now()
        return view(request, *args, person=person_of(request, as_of), as_of=as_of, **kwargs)

    return answer


def switches(person: Person) -> tuple[Facet, ...]:
    """The ways to act for another subject."""
    home = reverse("portal:mine")
    return tuple(Facet(one.name, f"{home}?as={one.id}", is_chosen=one == person.subject) for one in person.subjects)

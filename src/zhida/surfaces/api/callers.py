"""Who calls: anyone, or an account with a session, the subjects it may act for, and what its duties show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from ninja.security import SessionAuth

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Scope, SubjectKind
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord

session = SessionAuth()
"""A logged-in session; whatever changes something needs the CSRF token besides."""


def anyone(request: HttpRequest) -> str:
    """After `session` in a list: whoever is not logged in may call too."""
    return "anyone"


def now() -> datetime:
    """The installation's time; an operation asks once."""
    return clock().now()


@dataclass(frozen=True)
class Caller:
    """An account at an instant."""

    account: str
    as_of: datetime

    @property
    def scope(self) -> Scope:
        """All of the subjects for which the account has a mandate."""
        return Scope.own(offices.mandates_of(self.account, self.as_of), "own")

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Its subjects, and what each of its duties shows."""
        roles = sorted({one.role for one in offices.duties_of(self.account, self.as_of)})
        shown = (offices.scope_of(self.account, duty=role, as_of=self.as_of, purpose=f"duty:{role}") for role in roles)
        return (self.scope, *shown)

    def subject(self, subject_id: str) -> SubjectRecord:
        """One of its subjects. Raises AccessError for anybody else's."""
        if subject_id not in (self.scope.subjects or ()):
            raise _without_mandate(subject_id, "view")
        return registry.subject(subject_id, scope=self.scope)

    def actor(self, subject_id: str, *powers: str) -> Actor:
        """The account acting for a subject. Raises AccessError unless its mandate has one of the powers."""
        held = (offices.mandates_of(self.account, self.as_of, power) for power in powers)
        if not any(subject_id in subjects for subjects in held):
            raise _without_mandate(subject_id, " or ".join(powers))
        duty = "person" if self.subject(subject_id).kind is SubjectKind.PERSON else "agent"
        return Actor(self.account, duty, subject=subject_id)


def caller_of(request: HttpRequest) -> Caller:
    """The account behind a request that passed `session`."""
    return Caller(str(request.user.pk), now())


def _without_mandate(subject_id: str, power: str) -> AccessError:
    words = f"you have no mandate to {power} for {subject_id}"
    return AccessError("mandate_missing", words, "the subject, or its legal representative, gives mandates")

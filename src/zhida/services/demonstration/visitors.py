"""The accounts by which a newcomer stands in the shoes of a firm and of a person of the demonstration."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.process import State
from zhida.domain.values import Actor, Scope, SubjectKind
from zhida.kernel.accounts import actions as accounts
from zhida.kernel.cases import queries as cases
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import queries as registry
from zhida.services.demonstration.cast import encoded_password

ALL = Scope.system("demonstration")
_BY = Actor("demonstration", "operator")
_LOGINS = {SubjectKind.ORGANISATION: "firm", SubjectKind.PERSON: "person", SubjectKind.HOUSEHOLD: "household"}


def introduce(*, as_of: datetime) -> dict[str, str]:
    """Opens one account a kind of subject, for whoever has most to look at; the subject ids by login name."""
    told = {}
    for kind, login_name in _LOGINS.items():
        subject_id = _liveliest(kind)
        if subject_id is None:
            continue
        name = registry.subject(subject_id, scope=ALL).name
        account_id = accounts.open_account(
            login_name=login_name, display_name=name, encoded=encoded_password(), is_demo=True, as_of=as_of
        )
        offices.give_mandate(account_id=account_id, subject_id=subject_id, source="demonstration", by=_BY, as_of=as_of)
        told[login_name] = subject_id
    return told


def _liveliest(kind: SubjectKind) -> str | None:
    """Who of a kind has most to look at: a claim that waits for a tap first, then the most items with a case."""
    waiting: set[str] = set()
    items: dict[str, set[str]] = {}
    for case in cases.cases(scope=ALL, limit=10_000):
        items.setdefault(case.subject_id, set()).add(case.item)
        if case.state == State.DRAFT:
            waiting.add(case.subject_id)
    found = registry.subjects(sorted(items), scope=ALL)
    fit = [subject_id for subject_id, subject in found.items() if subject.kind == kind]
    return min(fit, key=lambda each: (each not in waiting, -len(items[each]), each), default=None)

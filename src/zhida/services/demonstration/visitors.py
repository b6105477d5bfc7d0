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
    """Who of a kind has the most cases, one that still waits for a tap counting double."""
    score: dict[str, int] = {}
    for case in cases.cases(scope=ALL, limit=5_000):
        score[case.subject_id] = score.get(case.subject_id, 0) + (2 if case.state == State.DRAFT else 1)
    found = registry.subjects(sorted(score), scope=ALL)
    fit = [subject_id for subject_id, subject in found.items() if subject.kind == kind]
    best = sorted(fit, key=lambda each: (-score[each], each))
    return best[0] if best else None

"""Subjects: registered one by one or by the thousand, changed, asked of the register."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, SubjectKind
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.counting import SUBJECTS, take
from zhida.kernel.registry.models import Subject
from zhida.kernel.registry.personal_numbers import hide_numbers

_AT_ONCE = 10_000


@dataclass(frozen=True)
class NewSubject:
    """A subject to be registered. An organisation has a `credit_code`, a person a citizen `number`, others neither."""

    id: str
    kind: SubjectKind
    name: str
    region: str = ""
    credit_code: str = ""
    number: str = ""
    code_state: str = ""
    status: str = "active"


@transaction.atomic
def register_subject(*, subject: NewSubject, by: Actor, as_of: datetime) -> str:
    """Makes a subject known; gives its id. Raises ConflictError `already_registered` for a known code or number."""
    register_subjects(subjects=[subject], by=by, as_of=as_of)
    return subject.id


@transaction.atomic
def register_subjects(*, subjects: Iterable[NewSubject], by: Actor, as_of: datetime) -> range:
    """Makes many subjects known under one fact of the ledger; gives their keys in order, all or nothing."""
    given = list(subjects)
    if not given:
        return range(0)
    keys = take(SUBJECTS, len(given))
    hidden = hide_numbers({subject.id: subject.number for subject in given if subject.number})
    rows = [_row(subject, key, hidden.get(subject.id)) for subject, key in zip(given, keys, strict=True)]
    try:
        with transaction.atomic():
            Subject.objects.bulk_create(rows, batch_size=_AT_ONCE)
    except IntegrityError as caught:
        raise ConflictError(
            "already_registered",
            "a subject with this id, credit code or id number is registered",
            "find it by its code and record what is new about it",
        ) from caught
    root = hashlib.sha256("\n".join(subject.id for subject in given).encode()).hexdigest()
    about = given[0].id if len(given) == 1 else "registry"
    fields = {"subjects": len(given), "ids_sha256": root}
    ledger.record(kind="subject.registered", about=about, fields=fields, by=by, as_of=as_of)
    return keys


def _row(subject: NewSubject, key: int, hidden: tuple[bytes, str] | None) -> Subject:
    return Subject(
        id=subject.id,
        key=key,
        kind=subject.kind,
        name=subject.name,
        region=subject.region,
        credit_code=subject.credit_code or None,
        code_state=subject.code_state or ("sound" if subject.credit_code else ""),
        number_sealed=hidden[0] if hidden else None,
        number_index=hidden[1] if hidden else None,
        status=subject.status,
    )


def held(subject_id: str) -> Subject:
    """The row of an id. Raises ConflictError `no_such_subject`."""
    try:
        return Subject.objects.get(id=subject_id)
    except Subject.DoesNotExist as caught:
        raise ConflictError("no_such_subject", f"no subject {subject_id}", "register it first") from caught


@transaction.atomic
def close_subject(*, subject_id: str, because: str, by: Actor, as_of: datetime) -> None:
    """Marks a subject as no longer existing (deregistered, deceased); its facts and its past stay."""
    subject = held(subject_id)
    subject.status = "closed"
    subject.save(update_fields=["status"])
    ledger.record(kind="subject.closed", about=subject_id, fields={"because": because}, by=by, as_of=as_of)


def keys_by_id(subject_ids: Sequence[str]) -> dict[str, int]:
    """The integer key of each id that the registry knows."""
    found: dict[str, int] = {}
    for start in range(0, len(subject_ids), _AT_ONCE // 2):
        part = subject_ids[start : start + _AT_ONCE // 2]
        found.update(Subject.objects.filter(id__in=part).values_list("id", "key"))
    return found

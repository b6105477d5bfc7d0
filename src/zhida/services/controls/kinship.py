"""Whom an officer stands aside from: themselves, relatives, firms they have a part in; declared, and kept sealed.

Civil Servants Law, articles 74 and 76: spouse, lineal relatives, collateral ones within three generations, near
in-laws, and whatever else touches the officer's own interest.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, SubjectKind, local_date, new_id, utc
from zhida.domain.values.subject import CodeVerdict, judge_credit_code, judge_resident_number
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry.identities import find
from zhida.kernel.registry.personal_numbers import number_index, open_line, seal_line
from zhida.kernel.registry.ties import households_of
from zhida.services.controls.models import DeclaredTie

RELATIONS = ("self", "spouse", "lineal", "collateral", "in_law", "firm")
FIRM, OWN, PERSONNEL = "firm", "own", "personnel"
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Characters that change what a name looks like and are not seen: controls, directions, what no font draws."""


@dataclass(frozen=True)
class NewTie:
    """Somebody to stand aside from: a person by citizen number, a firm (`relation` "firm") by its credit code."""

    relation: str
    name: str
    number: str


@dataclass(frozen=True)
class TieRecord:
    """A tie in force, opened for whoever declared it; `source` is "own" or "personnel"."""

    id: str
    relation: str
    name: str
    number: str
    source: str
    declared_at: datetime


def fault_of(tie: NewTie, today: date) -> str:
    """Which field of a declaration is wrong: "relation", "name" or "number"; "" where none is.

    A number whose check digit does not fit is taken: registers hold some that were issued so. A citizen number names
    a birthday, today or before.
    """
    if tie.relation not in RELATIONS:
        return "relation"
    if not 0 < len(tie.name.strip()) <= 100 or any(unicodedata.category(one) in _UNSEEN for one in tie.name.strip()):
        return "name"
    number = _plain(tie.number)
    if _judged(tie) is CodeVerdict.FORGED:
        return "number"
    return "" if tie.relation == FIRM or _was_born(number, today) else "number"


def is_doubtful(tie: NewTie) -> bool:
    """Whether the check digit of the number does not fit: as a rule it was mistyped, and would name nobody."""
    return _judged(tie) is CodeVerdict.BAD_CHECK_DIGIT


def _judged(tie: NewTie) -> CodeVerdict:
    judge = judge_credit_code if tie.relation == FIRM else judge_resident_number
    return judge(_plain(tie.number))


def _was_born(number: str, today: date) -> bool:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14])) <= today
    except ValueError:
        return False


@transaction.atomic
def declare_ties(*, ties: Sequence[tuple[str, NewTie]], source: str, by: Actor, as_of: datetime) -> int:
    """Keeps ties, each with the account of the officer; how many are new: one that is in force already counts once.

    Raises ConflictError `tie_malformed` for a declaration with a fault. Records `accounts.tie_declared` about each
    account, without saying who it is.
    """
    wrong = [number for number, (_, tie) in enumerate(ties, 1) if fault_of(tie, local_date(as_of))]
    if wrong:
        raise ConflictError("tie_malformed", f"declarations {wrong} are malformed", "look at relation, name and number")
    return sum(_keep(account, tie, source, by, as_of) for account, tie in ties)


def _keep(account: str, tie: NewTie, source: str, by: Actor, as_of: datetime) -> bool:
    number, tie_id = _plain(tie.number), new_id("tie")
    row = DeclaredTie(id=tie_id, account=account, mark=_mark(account, number), source=source, declared_by=by.account)
    told = {"relation": tie.relation, "name": tie.name.strip(), "number": number}
    row.sealed, row.declared_at = seal_line(tie_id, told), utc(as_of)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False
    fields = {"tie": tie_id, "source": source}
    ledger.record(kind="accounts.tie_declared", about=account, fields=fields, by=by, as_of=as_of)
    return True


@transaction.atomic
def end_tie(*, tie_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Ends a tie that is no more, by another person than the officer: nobody frees themselves to decide.

    Raises ConflictError `no_such_tie` or `tie_without_reason`, AccessError `same_person`. Records
    `accounts.tie_ended`.
    """
    row = DeclaredTie.objects.select_for_update().filter(pk=tie_id, ended_at=None).first()
    if row is None:
        raise ConflictError("no_such_tie", f"{tie_id} is no tie in force", "look at the officer's list")
    if not reason:
        raise ConflictError("tie_without_reason", "whoever ends a tie says why", "write it down")
    if by.account == row.account:
        raise AccessError("same_person", "a tie is ended by another than its officer", "ask the personnel office")
    row.ended_by, row.ended_at, row.end_reason = by.account, utc(as_of), reason
    row.save(update_fields=["ended_by", "ended_at", "end_reason"])
    fields = {"tie": tie_id, "reason": reason}
    ledger.record(kind="accounts.tie_ended", about=row.account, fields=fields, by=by, as_of=as_of)


def ties_of(account_id: str) -> tuple[TieRecord, ...]:
    """An officer's ties in force, opened, in the order in which they were declared; for the officer alone."""
    rows = DeclaredTie.objects.filter(account=account_id, ended_at=None).order_by("declared_at", "pk")
    return tuple(TieRecord(row.id, *_opened(row), row.source, row.declared_at) for row in rows)


@transaction.atomic
def read_ties(*, account_id: str, by: Actor, as_of: datetime) -> tuple[TieRecord, ...]:
    """`ties_of` for somebody else, who answers for it. Records `accounts.ties_read` about the account."""
    ledger.record(kind="accounts.ties_read", about=account_id, fields={}, by=by, as_of=as_of)
    return ties_of(account_id)


def apart_from(account_id: str, *, as_of: datetime) -> frozenset[str]:
    """The subjects that an officer has no part in deciding on: see `interests`."""
    return interests(frozenset({account_id}), as_of=as_of).get(account_id, frozenset())


def interests(accounts: Collection[str], *, as_of: datetime) -> dict[str, frozenset[str]]:
    """By account the subjects that are its own interest: those it acts for, those it declared, and the households of
    both. What was declared counts from the moment the register knows it."""
    found: dict[str, set[str]] = {}
    for held in offices.mandates(frozenset(accounts), as_of):
        found.setdefault(held.account, set()).add(held.subject)
    told: dict[str, list[tuple[bool, str]]] = {}
    for row in DeclaredTie.objects.filter(account__in=list(accounts), ended_at=None):
        relation, _, number = _opened(row)
        told.setdefault(row.account, []).append((relation == FIRM, number))
    known = _known(one for each in told.values() for one in each)
    for account, each in told.items():
        found.setdefault(account, set()).update(known[one] for one in each if one in known)
    households = households_of({subject for each in found.values() for subject in each})
    return {
        account: frozenset(each).union(*(households.get(subject, ()) for subject in each))
        for account, each in found.items()
    }


def _known(numbers: Iterable[tuple[bool, str]]) -> dict[tuple[bool, str], str]:
    """The subject of each number that the register knows, by whether it is a firm's."""
    given = set(numbers)
    people = {number_index(number): number for is_firm, number in given if not is_firm}
    codes = {number for is_firm, number in given if is_firm}
    found = {(False, people[mark]): name for mark, _, name in find(people, "number_index", SubjectKind.PERSON)}
    return found | {(True, code): name for code, _, name in find(codes, "credit_code", SubjectKind.ORGANISATION)}


def _opened(row: DeclaredTie) -> tuple[str, str, str]:
    told = open_line(row.id, row.sealed)
    return told["relation"], told["name"], told["number"]


def _plain(number: str) -> str:
    return unicodedata.normalize("NFKC", number).strip().upper()


def _mark(account: str, number: str) -> str:
    """By which the same declaration is found again; of no use to find the person in the register."""
    return number_index(f"tie|{account}|{number}")

"""Bank accounts: where money for a subject goes from a day on, put on record one by one or as a source brings them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.models import BankAccount
from zhida.kernel.registry.personal_numbers import number_index, seal_number
from zhida.kernel.registry.subjects import keys_by_id


class NewAccount(NamedTuple):
    """An account to be put on record; `number` is kept sealed."""

    account_id: str
    subject_id: str
    number: str
    holder: str
    bank: str
    source: str
    valid_from: date


@transaction.atomic
def register_account(
    *,
    account_id: str,
    subject_id: str,
    number: str,
    holder: str,
    bank: str,
    source: str,
    valid_from: date,
    by: Actor,
    as_of: datetime,
) -> str:
    """Puts the bank account on record that money for a subject goes to from a day on; the one before ends that day.

    Raises ConflictError for a number that is not 8 to 34 digits, or a day before the present account's first.
    """
    new = NewAccount(account_id, subject_id, number, holder, bank, source, valid_from)
    register_accounts(accounts=[new], by=by, as_of=as_of)
    return account_id


@transaction.atomic
def register_accounts(*, accounts: Sequence[NewAccount], by: Actor, as_of: datetime) -> None:
    """`register_account` for many subjects, one account each, all or none, with an `account.registered` for each."""
    known = keys_by_id([new.subject_id for new in accounts])
    rows = [_row(new, known, as_of) for new in accounts]
    present = BankAccount.objects.select_for_update().filter(subject_id__in=known, valid_to=None)
    began = {account.subject_id: account for account in present}
    for row in rows:
        if (before := began.get(row.subject_id)) is None:
            continue
        if row.valid_from < before.valid_from:
            raise ConflictError("account_is_older", "the account on record began later", "give a later day")
        before.valid_to = row.valid_from
        before.save(update_fields=["valid_to"])
    BankAccount.objects.bulk_create(rows)
    ledger.record_all(facts=[_fact(new) for new in accounts], by=by, as_of=as_of)


def _row(new: NewAccount, known: Collection[str], as_of: datetime) -> BankAccount:
    if not (new.number.isascii() and new.number.isdigit() and 8 <= len(new.number) <= 34):
        raise ConflictError(
            "malformed_account", "a bank account has 8 to 34 digits", "look at the card or the bank's letter"
        )
    if new.subject_id not in known:
        raise ConflictError("no_such_subject", f"no subject {new.subject_id}", "register it first")
    return BankAccount(
        id=new.account_id,
        subject_id=new.subject_id,
        number_sealed=seal_number(new.number, about=new.account_id),
        number_index=number_index(new.number),
        tail=new.number[-4:],
        holder=new.holder,
        bank=new.bank,
        source=new.source,
        valid_from=new.valid_from,
        recorded_at=utc(as_of),
    )


def _fact(new: NewAccount) -> ledger.NewFact:
    fields = {
        "account": new.account_id,
        "tail": new.number[-4:],
        "source": new.source,
        "valid_from": new.valid_from.isoformat(),
    }
    return ledger.NewFact("account.registered", new.subject_id, fields)

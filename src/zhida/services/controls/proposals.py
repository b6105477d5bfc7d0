"""What one person proposes and another confirms: taken once however often it is sent, signed once, or withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, utc
from zhida.services.controls.models import Proposal

P = TypeVar("P", bound=Proposal)
_SIGNING = frozenset({"made_at", "checker", "confirmed_at", "withdrawn_at"})


def put_forward(row: Proposal, *, otherwise: ConflictError) -> bool:
    """Writes a proposal; False where this very one, by this person, was taken before and nothing is left to do.

    Raises `otherwise` where another one waits in its place, or its id stands for something else.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        before = type(row)._default_manager.filter(pk=row.pk).first()
        if before is None or _said(before) != _said(row):
            raise otherwise from error
        return False
    return True


def waiting(model: type[P], given: str) -> P:
    """A proposal that nobody confirmed or withdrew, locked. Raises ConflictError `no_such_proposal`."""
    row = model._default_manager.select_for_update().filter(pk=given, checker=None, withdrawn_at=None).first()
    if row is None:
        raise ConflictError("no_such_proposal", f"{given} waits for no confirmation", "look at the page again")
    return row


def sign(row: Proposal, by: Actor, *, as_of: datetime) -> None:
    """Writes down who confirmed; that it is another person the database holds too."""
    row.checker, row.confirmed_at = by.account, utc(as_of)
    row.save(update_fields=["checker", "confirmed_at"])


def withdraw(row: Proposal, *, as_of: datetime) -> None:
    """Takes a proposal back."""
    row.withdrawn_at = utc(as_of)
    row.save(update_fields=["withdrawn_at"])


def _said(row: Proposal) -> dict[str, object]:
    names = (field.attname for field in row._meta.concrete_fields if field.attname not in _SIGNING)
    return {name: getattr(row, name) for name in names}

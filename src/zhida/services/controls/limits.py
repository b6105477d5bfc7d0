"""Limits of signing: how much a duty may sign for at once, as data that a person sets and the ledger keeps."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, InvariantBroken
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.models import SigningLimit


@transaction.atomic
def set_limit(*, duty: str, up_to_fen: int, by: Actor, as_of: datetime, line: str = "") -> None:
    """From now on a duty signs for at most `up_to_fen` at once, on one line or on all without a limit of their own."""
    if type(up_to_fen) is not int or up_to_fen < 0:
        raise InvariantBroken("malformed_amount", f"{up_to_fen!r} is no amount of fen")
    SigningLimit.objects.update_or_create(line=line, duty=duty, defaults={"up_to_fen": up_to_fen})
    fields = {"duty": duty, "line": line, "up_to_fen": up_to_fen}
    ledger.record(kind="funds.limit_set", about=line or "funds", fields=fields, by=by, as_of=as_of)


def check_signature(by: Actor, line: str, amount_fen: int) -> None:
    """Raises AccessError `above_limit` where a duty does not sign for so much; one without a limit signs for any."""
    limits = dict(SigningLimit.objects.filter(duty=by.duty, line__in=["", line]).values_list("line", "up_to_fen"))
    limit = limits.get(line, limits.get(""))
    if limit is not None and amount_fen > limit:
        words = f"a {by.duty} signs for up to {limit} fen here, not for {amount_fen}"
        raise AccessError("above_limit", words, "divide it, or have the limit raised by whoever sets it")

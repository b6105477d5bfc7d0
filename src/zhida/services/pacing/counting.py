"""Counting requests: how long somebody has to wait before the next one of a kind, exact over all workers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from zhida.services.pacing.models import Pace

_KEPT = timedelta(days=1)
_TAKE = """
INSERT INTO pacing_pace (flow, who, began, taken) VALUES (%s, %s, %s, 1)
ON CONFLICT (flow, who) DO UPDATE SET
  taken = CASE WHEN pacing_pace.began = excluded.began THEN pacing_pace.taken + 1 ELSE 1 END, began = excluded.began
RETURNING taken
"""


def take(flow: str, who: str, *, most: int, within_s: int, as_of: datetime) -> int:
    """Counts one request; 0 where it may go on, else in how many seconds the next window of `within_s` begins.

    A window begins at a multiple of its length, and the count with it: at most `most` requests go on in one window.
    """
    now = int(as_of.timestamp())
    began = now - now % within_s
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [flow, who, began])
        (taken,) = cursor.fetchone()
    if taken == 1:
        Pace.objects.filter(began__lt=now - int(_KEPT.total_seconds())).delete()
    return 0 if taken <= most else began + within_s - now


def of_address(address: str) -> str:
    """An address as it is kept: a keyed hash, of which nobody reads the address again."""
    return f"at:{salted_hmac('zhida.pacing', address).hexdigest()}"

"""Reading notices: a person's inbox, and how far an outreach came."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from zhida.domain.values import Scope, local_date
from zhida.kernel.notices.models import Message, Notice
from zhida.kernel.notices.records import NoticeRecord, Reach
from zhida.kernel.notices.templates import Words


def rows_in(scope: Scope, as_of: datetime, account_id: str = "") -> QuerySet[Notice]:
    """The notices due by now for the scope's subjects, and for the account itself where one is named."""
    rows = Notice.objects.filter(due_on__lte=local_date(as_of))
    mine = Q(account_id=account_id) if account_id else Q(pk__in=[])
    if scope.subjects is None:
        return rows.filter(mine | Q(subject__isnull=False))
    return rows.filter(mine | Q(subject_id__in=scope.subjects))


def inbox(
    *,
    scope: Scope,
    as_of: datetime,
    account_id: str = "",
    subject_id: str = "",
    unread: bool = False,
    limit: int = 50,
    before: str = "",
) -> tuple[NoticeRecord, ...]:
    """A page of the inbox, newest first; `before` is the id of the last notice of the page before it.

    `subject_id` narrows to one subject of the scope, `unread` to what has not been opened.
    """
    rows = rows_in(scope, as_of, account_id)
    rows = rows.filter(subject_id=subject_id) if subject_id else rows
    rows = rows.filter(read_at=None) if unread else rows
    rows = rows.filter(id__lt=before) if before else rows
    return tuple(_record(row) for row in rows.order_by("-id")[:limit])


def unread_count(*, scope: Scope, as_of: datetime, account_id: str = "") -> int:
    """How many notices wait to be opened."""
    return rows_in(scope, as_of, account_id).filter(read_at=None).count()


def notice(*, notice_id: str, scope: Scope, as_of: datetime, account_id: str = "") -> NoticeRecord | None:
    """One notice, or None where the scope does not hold it."""
    row = rows_in(scope, as_of, account_id).filter(id=notice_id).first()
    return _record(row) if row else None


def reach(*, batch_id: str, scope: Scope) -> Reach:
    """How far a mass outreach of the scope's offices came; nothing of any other."""
    rows = Notice.objects.filter(batch_id=batch_id)
    if scope.offices is not None:
        rows = rows.filter(batch__office__in=scope.offices)
    counts = rows.aggregate(all=Count("id"), read=Count("read_at"))
    messages = Message.objects.filter(notice__in=rows).values_list("channel", "state").annotate(count=Count("id"))
    return Reach(counts["all"], counts["read"], {(channel, state): count for channel, state, count in messages})


def told() -> dict[tuple[str, str], int]:
    """How many subjects a mass outreach has told, by item and their region: a count, so no scope is asked."""
    rows = Notice.objects.filter(batch__isnull=False).values_list("item", "subject__region")
    counted = rows.annotate(Count("subject", distinct=True)).order_by("item", "subject__region")
    return {(item, region): count for item, region, count in counted}


def told_of(item: str, *, scope: Scope) -> tuple[str, ...]:
    """The subjects in the scope's regions that a mass outreach has told of an item, in their order."""
    rows = Notice.objects.filter(batch__isnull=False, item=item)
    rows = rows if scope.regions is None else rows.filter(subject__region__in=scope.regions)
    return tuple(rows.order_by("subject").values_list("subject", flat=True).distinct())


def _record(row: Notice) -> NoticeRecord:
    return NoticeRecord(
        row.id,
        row.subject_id or "",
        row.account_id or "",
        row.template,
        row.item,
        row.case_id,
        Words(row.title_zh, row.title_en, row.body_zh, row.body_en),
        row.due_on,
        row.written_at,
        row.read_at,
    )

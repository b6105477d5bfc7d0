"""Telling people: one notice of a case at once, or one piece of news to thousands at a pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count

from zhida.domain.errors import AccessError, InvariantBroken
from zhida.domain.proofs.batch import batch_root
from zhida.domain.values import Actor, Scope, local_date, new_id, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.notices.models import Notice, NoticeBatch
from zhida.kernel.notices.pacing import Pace
from zhida.kernel.notices.queries import rows_in
from zhida.kernel.notices.records import Addressee, BatchReport
from zhida.kernel.notices.rows import DELIVER, NewMessage, NewNotice, insert
from zhida.kernel.notices.templates import Values, Words, render

__all__ = ["A_DAY", "DELIVER", "News", "mark_read", "send", "send_batch"]

A_DAY = 3


class News(NamedTuple):
    """One reader's news. `key` says what it is about; `contacts` maps `email` and `sms` to an address."""

    template: str
    values: Values
    key: str
    subject_id: str = ""
    account_id: str = ""
    item_id: str = ""
    case_id: str = ""
    contacts: Mapping[str, str] = {}
    language: str = "zh"

    @property
    def full_key(self) -> str:
        """What it is about, for whom."""
        return f"{self.subject_id or self.account_id}|{self.key}"


@transaction.atomic
def send(*, news: Sequence[News], by: Actor, as_of: datetime) -> dict[str, str]:
    """Tells each its news, today, and records `notice.sent`; the notices' ids by `full_key`.

    A second call for the same reader and key gives the first notice and tells nobody. Raises InvariantBroken where a
    reader is not exactly one of a subject and an account, or where a template has a gap without a value.
    """
    if any(bool(each.subject_id) == bool(each.account_id) for each in news):
        raise InvariantBroken("notice_reader", "a notice is for one subject or for one account")
    wanted = {each.full_key: each for each in news}
    told = dict(Notice.objects.filter(key__in=wanted).values_list("key", "id"))
    today = local_date(as_of)
    fresh = {
        key: _notice(each, render(each.template, each.values), due_on=today, as_of=as_of)
        for key, each in wanted.items()
        if key not in told
    }
    messages = [message for key, notice in fresh.items() for message in _messages(notice, wanted[key])]
    if fresh:
        insert(list(fresh.values()), messages, as_of=as_of)
        ledger.record_all(facts=[_sent(wanted[key], notice) for key, notice in fresh.items()], by=by, as_of=as_of)
    return told | {key: notice.id for key, notice in fresh.items()}


def _sent(news: News, notice: NewNotice) -> ledger.NewFact:
    about = news.case_id or news.subject_id or news.account_id
    fields = {"template": news.template, "item": news.item_id, "case": news.case_id, "digest": notice.digest.hex()}
    return ledger.NewFact("notice.sent", about, fields)


@transaction.atomic
def send_batch(
    *,
    batch_id: str,
    item_id: str,
    template: str,
    occasion: str,
    item_words: Values,
    addressees: Sequence[Addressee],
    by: Actor,
    as_of: datetime,
    a_day: int = A_DAY,
) -> BatchReport:
    """Tells many subjects one piece of news about an item, and records one `notice.sent` with one root over all.

    A subject that was told of this item and `occasion` before is left alone. More than `a_day` notices for a subject
    on one day wait for the next. Each addressee's values are laid over `item_words`. Raises
    ConflictError("already_told") where another outreach told one of them at the same moment; nothing is then written.
    """
    told = _told(item_id, occasion)
    today = local_date(as_of)
    pace = Pace(a_day, _full(today, a_day))
    batch = NoticeBatch(
        id=batch_id,
        item=item_id,
        office=by.office,
        template=template,
        notices=0,
        sent_at=utc(as_of),
        sent_by=by.account,
    )
    notices: list[NewNotice] = []
    messages: list[NewMessage] = []
    rendered: dict[object, Words] = {}
    for addressee in addressees:
        news = News(
            template,
            addressee.values,
            f"{item_id}|{occasion}",
            subject_id=addressee.subject_id,
            item_id=item_id,
            contacts=addressee.contacts,
            language=addressee.language,
        )
        if news.full_key in told:
            continue
        told.add(news.full_key)
        alike = tuple(sorted(addressee.values.items()))
        words = rendered.get(alike) or rendered.setdefault(alike, render(template, {**item_words, **addressee.values}))
        due_on = pace.next_day(addressee.subject_id, today)
        notice = _notice(news, words, due_on=due_on, as_of=as_of, batch_id=batch_id)
        notices.append(notice)
        messages += _messages(notice, news)
    _seal(batch, notices, occasion, by=by, as_of=as_of)
    insert(notices, messages, as_of=as_of)
    deferred = sum(notice.due_on > today for notice in notices)
    return BatchReport(batch_id, len(notices), len(addressees) - len(notices), deferred)


@transaction.atomic
def mark_read(*, notice_id: str, scope: Scope, by: Actor, as_of: datetime) -> None:
    """The reader has opened it; the first opening counts. Raises AccessError where the scope does not hold it."""
    readable = rows_in(scope, as_of, by.account).filter(id=notice_id)
    if not readable.exists():
        raise AccessError("not_your_notice", f"{notice_id} is not in this inbox", "open it as the one it was sent to")
    readable.filter(read_at=None).update(read_at=utc(as_of))


def _seal(batch: NoticeBatch, notices: list[NewNotice], occasion: str, *, by: Actor, as_of: datetime) -> None:
    batch.notices = len(notices)
    batch.root = batch_root(notice.digest for notice in notices).hex()
    fields = {
        "batch": batch.id,
        "item": batch.item,
        "template": batch.template,
        "occasion": occasion,
        "notices": batch.notices,
        "root": batch.root,
    }
    batch.entry_id = ledger.record(kind="notice.sent", about=batch.item, fields=fields, by=by, as_of=as_of)
    batch.save(force_insert=True)


def _told(item_id: str, occasion: str) -> set[str]:
    rows = Notice.objects.filter(item=item_id, key__endswith=f"|{item_id}|{occasion}")
    return set(rows.values_list("key", flat=True))


def _full(today: date, a_day: int) -> list[tuple[str, date, int]]:
    """The days on which a subject has no room left: a batch tells each subject once, so other days need no counting."""
    rows = Notice.objects.filter(due_on__gte=today, subject__isnull=False).values_list("subject_id", "due_on")
    full = rows.annotate(count=Count("id")).filter(count__gte=a_day)
    return [(subject_id or "", day, count) for subject_id, day, count in full]


def _notice(news: News, words: Words, *, due_on: date, as_of: datetime, batch_id: str | None = None) -> NewNotice:
    return NewNotice(
        id=new_id("notice"),
        key=news.full_key,
        subject_id=news.subject_id or None,
        account_id=news.account_id or None,
        template=news.template,
        item=news.item_id,
        case_id=news.case_id,
        title_zh=words.title_zh,
        title_en=words.title_en,
        body_zh=words.body_zh,
        body_en=words.body_en,
        batch_id=batch_id,
        written_at=utc(as_of),
        due_on=due_on,
    )


def _messages(notice: NewNotice, news: News) -> list[NewMessage]:
    return [
        NewMessage(new_id("message"), notice, channel, address, news.language)
        for channel, address in sorted(news.contacts.items())
        if address
    ]

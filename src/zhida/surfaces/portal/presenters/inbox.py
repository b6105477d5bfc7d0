"""The inbox of an account and its subjects."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from zhida.kernel.notices import queries as notices
from zhida.kernel.notices.records import NoticeRecord
from zhida.surfaces.look.language import Text, spoken
from zhida.surfaces.look.telling.policies import item_href
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.records import Inbox, NoticeLine

PER_PAGE = 30


def inbox(person: Person, before: str, as_of: datetime) -> Inbox:
    """A page of messages, the newest first; `before` is the last one of the page before."""
    found = notices.inbox(scope=person.scope, as_of=as_of, account_id=person.account, limit=PER_PAGE + 1, before=before)
    unread = notices.unread_count(scope=person.scope, as_of=as_of, account_id=person.account)
    shown = found[:PER_PAGE]
    after = f"?before={shown[-1].id}" if len(found) > PER_PAGE else ""
    return Inbox(tuple(_line(one, person) for one in shown), unread, after)


def _line(one: NoticeRecord, person: Person) -> NoticeLine:
    lang = spoken()
    href = ""
    if one.case_id:
        href = reverse("portal:case", args=[one.case_id])
    elif one.item_id:
        href = item_href(one.item_id)
    elif one.template == "fact_answered":
        href = reverse("portal:known")
    return NoticeLine(
        one.id,
        Text(one.words.title(lang), lang),
        Text(one.words.body(lang), lang),
        one.written_at,
        one.read_at is None,
        href,
        person.told_of(one.subject_id),
    )

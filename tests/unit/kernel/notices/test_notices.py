"""What a reader is told, when, and that nobody is told twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from zhida.domain.errors import AccessError, ConflictError, FinalOutside, InvariantBroken, RetryableOutside
from zhida.domain.values import Actor, Scope, local_date, new_id
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.notices import actions, queries
from zhida.kernel.notices.delivery import deliverer
from zhida.kernel.notices.models import Message, Notice
from zhida.kernel.notices.records import Addressee, BatchReport
from zhida.kernel.notices.templates import TEMPLATES, render
from zhida.kernel.outbox.pump import pump

ITEM = "made-up/refund/refund"
WORDS = {"item": ("退费", "Refund"), "how_much": ("60%", "60 %")}
DAY = timedelta(days=1)
ALL = Scope.system("test")


def tell(firms: tuple[str, ...], by: Actor, as_of: datetime, occasion: str = "2026", **more: object) -> BatchReport:
    """All firms told of one item."""
    contacts = more.pop("contacts", {})
    return actions.send_batch(
        batch_id=new_id("batch"),
        item_id=ITEM,
        template="newly_entitled",
        occasion=occasion,
        item_words=WORDS,
        addressees=[Addressee(firm, contacts=contacts) for firm in firms],
        by=by,
        as_of=as_of,
        **more,
    )


def test_a_case_notice_is_in_the_inbox_at_once(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    case = new_id("case")
    values = {**WORDS, "due_on": "2026-03-10"}
    news = actions.News("case_submitted", values, case, subject_id=firms[0], case_id=case)
    first = actions.send(news=[news], by=actor, as_of=now)
    again = actions.send(news=[news, news], by=actor, as_of=now)
    (notice,) = queries.inbox(scope=Scope.own(frozenset(firms[:1]), "inbox"), as_of=now)
    assert again == first == {news.full_key: notice.id}
    assert notice.words.title("en") == "We have received your application: Refund"
    assert "2026-03-10" in notice.words.body("zh")
    assert [entry.kind for entry in ledger.entries_about(case)] == ["notice.sent"]


def test_a_notice_has_one_reader(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    with pytest.raises(InvariantBroken, match="one subject or for one account"):
        actions.send(news=[actions.News("plain", {"title": "a", "body": "b"}, "k")], by=actor, as_of=now)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_written_in_both_languages(template: str) -> None:
    gaps = ("item", "how_much", "amount", "amount_before", "due_on", "reason", "outcome", "account", "case", "step")
    gaps += ("fact", "office", "answer")
    words = render(template, {gap: (f"甲{gap}", f"x{gap}") for gap in (*gaps, "title", "body")})
    assert "x" not in words.title_zh + words.body_zh or template == "plain"
    assert "甲" not in words.title_en + words.body_en


def test_a_gap_without_a_value_is_our_mistake() -> None:
    with pytest.raises(InvariantBroken, match="amount"):
        render("amount_changed", {"item": "x"})


def test_news_is_told_once(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    first, second = tell(firms[:2], actor, now), tell(firms, actor, now)
    assert (first.sent, first.already_told) == (2, 0)
    assert (second.sent, second.already_told) == (1, 2)
    assert Notice.objects.count() == 3


def test_a_batch_is_one_fact_with_one_root(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    report = tell(firms, actor, now)
    (entry,) = ledger.entries_about(ITEM)
    assert entry.kind == "notice.sent"
    assert queries.reach(batch_id=report.batch_id, scope=ALL).notices == 3
    assert queries.reach(batch_id=report.batch_id, scope=Scope(frozenset({"elsewhere"}), None, None)).notices == 0


def test_more_than_enough_waits_for_another_day(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    reports = [tell(firms[:1], actor, now, occasion=str(number), a_day=2) for number in range(5)]
    days = Notice.objects.order_by("id").values_list("due_on", flat=True)
    today = local_date(now)
    assert [report.deferred for report in reports] == [0, 0, 1, 1, 1]
    assert list(days) == [today, today, today + DAY, today + DAY, today + 2 * DAY]
    scope = Scope.own(frozenset(firms), "inbox")
    assert queries.unread_count(scope=scope, as_of=now) == 2
    assert queries.unread_count(scope=scope, as_of=now + DAY) == 4


def test_an_inbox_shows_its_own_subjects_alone(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    tell(firms, actor, now)
    mine = Scope.own(frozenset(firms[:1]), "inbox")
    (notice,) = queries.inbox(scope=mine, as_of=now)
    assert notice.subject_id == firms[0]
    theirs = queries.inbox(scope=Scope.own(frozenset(firms[1:]), "inbox"), as_of=now)
    assert notice.id not in {other.id for other in theirs}
    assert queries.notice(notice_id=theirs[0].id, scope=mine, as_of=now) is None
    with pytest.raises(AccessError, match="not_your_notice"):
        actions.mark_read(notice_id=theirs[0].id, scope=mine, by=actor, as_of=now)


def test_the_first_opening_counts(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    report = tell(firms[:1], actor, now)
    scope = Scope.own(frozenset(firms), "inbox")
    (notice,) = queries.inbox(scope=scope, as_of=now, unread=True)
    for moment in (now, now + DAY):
        actions.mark_read(notice_id=notice.id, scope=scope, by=actor, as_of=moment)
    assert queries.inbox(scope=scope, as_of=now)[0].read_at == now
    assert queries.inbox(scope=scope, as_of=now, unread=True) == ()
    assert queries.reach(batch_id=report.batch_id, scope=ALL).read == 1


def test_an_inbox_comes_in_pages(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    for number in range(3):
        tell(firms[:1], actor, now, occasion=str(number))
    scope = Scope.own(frozenset(firms), "inbox")
    first = queries.inbox(scope=scope, as_of=now, limit=2)
    rest = queries.inbox(scope=scope, as_of=now, limit=2, before=first[-1].id)
    assert (len(first), len(rest)) == (2, 1)
    assert len({notice.id for notice in (*first, *rest)}) == 3


class Gate:
    """A gate that answers what it is told to."""

    def __init__(self, *answers: Exception | str) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str, str]] = []

    def send(self, *, reference: str, address: str, title: str, body: str) -> str:
        self.sent.append((reference, address, title))
        answer = self.answers.pop(0) if self.answers else "ok"
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_messages_go_out_through_the_outbox(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    report = tell(firms, actor, now, contacts={"sms": "13800000000"})
    gate = Gate(FinalOutside("refused", "no such number"), RetryableOutside("busy", "later"))
    handlers = {actions.DELIVER: deliverer({"sms": gate})}
    pump(handlers, as_of=now, limit=10)
    assert queries.reach(batch_id=report.batch_id, scope=ALL).messages == {
        ("sms", "failed"): 1,
        ("sms", "queued"): 1,
        ("sms", "sent"): 1,
    }
    pump(handlers, as_of=now + DAY, limit=10)
    assert queries.reach(batch_id=report.batch_id, scope=ALL).messages == {("sms", "failed"): 1, ("sms", "sent"): 2}
    assert len(gate.sent) == 4, "what was sent or refused is not tried again"
    assert Message.objects.get(state="failed").failure == "no such number"


def test_a_channel_without_a_gate_fails_in_words(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    tell(firms[:1], actor, now, contacts={"email": "a@example.org"})
    pump({actions.DELIVER: deliverer({})}, as_of=now, limit=10)
    assert Message.objects.get().failure == "this installation has no gate for the channel"


def test_a_deferred_message_waits_for_its_day(firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    gate = Gate()
    handlers = {actions.DELIVER: deliverer({"sms": gate})}
    for number in range(2):
        tell(firms[:1], actor, now, occasion=str(number), a_day=1, contacts={"sms": "13800000000"})
    pump(handlers, as_of=now, limit=10)
    assert len(gate.sent) == 1
    pump(handlers, as_of=now + DAY, limit=10)
    assert len(gate.sent) == 2


def test_news_told_at_the_same_moment_is_refused_whole(
    firms: tuple[str, ...], actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(firms[:1], actor, now)
    monkeypatch.setattr(actions, "_told", lambda *args: set())
    with pytest.raises(ConflictError, match="already_told"):
        tell(firms, actor, now)
    assert Notice.objects.count() == 1

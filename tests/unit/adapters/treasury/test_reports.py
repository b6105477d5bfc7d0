"""Status reports and notifications: valid against the published schemas, read back as written, refused where odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.unit.adapters.treasury.schemas import assert_valid
from zhida.adapters.treasury.messages import (
    Report,
    Unreadable,
    news_of,
    notification_message,
    notification_of,
    report_message,
    report_of,
)
from zhida.domain.postings import StatementLine, Word
from zhida.kernel.funds.ports import Answer

DAY = date(2026, 3, 3)
MADE_AT = datetime(2026, 3, 3, 2, tzinfo=UTC)
PAID = Answer("P1", Word.PAID, 5_688_750, "T1", "", DAY)
PENDING = Answer("P2", Word.PENDING, 1)
REFUSED = Answer("P3", Word.REFUSED, 100, "T3", "account_closed")
REPORT = Report("R1", "M1", False, "", (PAID, PENDING, REFUSED))
LINES = (
    StatementLine("M1", "P1", Word.PAID, 100, "1234", DAY),
    StatementLine("M2", "P2", Word.RETURNED, 30, "1234", DAY, reason="name_differs"),
    StatementLine("M3", "P3", Word.RETURNED, 7, "1234", DAY, is_reversal=True),
)


def told(report: Report = REPORT) -> bytes:
    return report_message(report, made_at=MADE_AT)


def notified(*lines: StatementLine) -> bytes:
    return notification_message(lines, message_id="N1", account="0001", made_at=MADE_AT)


@pytest.mark.parametrize("report", [REPORT, Report("R2", "M1", True, "duplicate_file", ())])
def test_a_report_is_valid_pain_002_and_read_back(report):
    assert_valid(told(report), "pain.002.001.12")
    assert report_of(told(report)) == report


def test_the_older_pain_002_is_read_too():
    older = told().replace(b"pain.002.001.12", b"pain.002.001.03")
    assert_valid(older, "pain.002.001.03")
    assert report_of(older).answers == REPORT.answers


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"ACSC", b"XXXX"),
        (b'Ccy="CNY"', b'Ccy="USD"'),
        (b"56887.50", b"56887.505"),
        (b"<OrgnlEndToEndId>P1</OrgnlEndToEndId>", b""),
        (b"pain.002.001.12", b"pain.002.001.99"),
    ],
)
def test_a_report_that_is_not_as_agreed_is_refused(was, now):
    with pytest.raises(Unreadable):
        report_of(told().replace(was, now))


def test_a_report_tells_of_no_return():
    with pytest.raises(Unreadable):
        told(replace(REPORT, answers=(Answer("P1", Word.RETURNED, 1),)))


def test_a_notification_is_valid_camt_054_and_read_back():
    assert_valid(notified(*LINES), "camt.054.001.08")
    assert notification_of(notified(*LINES)) == LINES


def test_a_reversal_is_no_news_of_its_payment():
    assert news_of(LINES) == (
        Answer("P1", Word.PAID, 100, "M1", "", DAY),
        Answer("P2", Word.RETURNED, 30, "M2", "name_differs", DAY),
    )


def test_an_entry_booked_for_several_payments_is_read_as_each_of_them():
    details = b"".join(
        b"<TxDtls><Refs><EndToEndId>P%d</EndToEndId></Refs><Amt Ccy='CNY'>%d</Amt><RltdPties><CdtrAcct><Id><Othr><Id>"
        b"****1234</Id></Othr></Id></CdtrAcct></RltdPties></TxDtls>" % pair
        for pair in ((1, 60), (2, 40))
    )
    head, _, rest = notified(replace(LINES[0], amount_fen=10_000)).partition(b"<TxDtls>")
    batch = head + details + rest.partition(b"</TxDtls>")[2]
    assert_valid(batch, "camt.054.001.08")
    read = [(line.treasury_reference, line.reference, line.amount_fen) for line in notification_of(batch)]
    assert read == [("M1/1", "P1", 6_000), ("M1/2", "P2", 4_000)]
    with pytest.raises(Unreadable, match="do not sum"):
        notification_of(batch.replace(b">60<", b">61<"))

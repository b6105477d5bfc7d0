"""The gates hand messages over, and say whether a failure can pass."""

from __future__ import annotations

import json
import smtplib
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from zhida.adapters.messaging import EmailGate, SmsFile
from zhida.domain.errors import FinalOutside, RetryableOutside

GATE = EmailGate("zhida@example.org", "example.org")


def send(gate: EmailGate | SmsFile, address: str) -> str:
    """One message."""
    return gate.send(reference="message_1", address=address, title="标题", body="正文")


def test_an_email_carries_the_reference() -> None:
    assert send(GATE, "a@example.org") == "<message_1@example.org>"
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("标题", "正文", ["a@example.org"])
    assert sent.message()["Message-ID"] == "<message_1@example.org>"


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such user")}), FinalOutside),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (450, b"mailbox busy")}), RetryableOutside),
        (smtplib.SMTPDataError(554, b"refused"), FinalOutside),
        (smtplib.SMTPDataError(451, b"try again"), RetryableOutside),
        (smtplib.SMTPServerDisconnected("gone"), RetryableOutside),
        (ConnectionRefusedError("nobody there"), RetryableOutside),
    ],
)
def test_an_email_failure_is_final_or_not(
    failure: Exception, expected: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> int:
        raise failure

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    with pytest.raises(expected):
        send(GATE, "a@example.org")


def test_an_sms_is_a_line_of_the_file(tmp_path: Path) -> None:
    gate = SmsFile(tmp_path / "out" / "sms.jsonl")
    assert send(gate, "13800000000") == "message_1"
    send(gate, "+8613900000000")
    lines = [json.loads(line) for line in (tmp_path / "out" / "sms.jsonl").read_text().splitlines()]
    assert [line["to"] for line in lines] == ["13800000000", "+8613900000000"]
    assert lines[0]["text"] == "【标题】正文"


@pytest.mark.parametrize("number", ["", "1380000000", "23800000000", "138000000001", "+1 555"])
def test_a_malformed_number_is_refused_for_good(number: str, tmp_path: Path) -> None:
    with pytest.raises(FinalOutside, match="no mobile number"):
        send(SmsFile(tmp_path / "sms.jsonl"), number)

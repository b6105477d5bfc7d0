"""E-mail by whatever backend Django's settings name (SMTP in production, a file or memory elsewhere)."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage

from zhida.domain.errors import FinalOutside, RetryableOutside


class EmailGate:
    """Implements `notices.ports.MessagePort`. The message's own id is its Message-ID, so a repeat can be recognised."""

    def __init__(self, sender: str, domain: str) -> None:
        self._sender = sender
        self._domain = domain

    def send(self, *, reference: str, address: str, title: str, body: str) -> str:
        """Hands one e-mail to the server; gives its Message-ID.

        Raises FinalOutside where the server refuses the address or the message (SMTP 5yz, RFC 5321 section 4.2.1),
        RetryableOutside for everything else.
        """
        message_id = f"<{reference}@{self._domain}>"
        mail = EmailMessage(title, body, self._sender, [address], headers={"Message-ID": message_id})
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _verdict(code, words) from error
        except smtplib.SMTPResponseException as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise RetryableOutside("email_unreachable", f"the mail server did not answer: {error}") from error
        return message_id


def _verdict(code: int, words: bytes | str) -> RetryableOutside | FinalOutside:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    if code >= 500:
        return FinalOutside("email_refused", f"{code} {text}", "correct the address")
    return RetryableOutside("email_delayed", f"{code} {text}")

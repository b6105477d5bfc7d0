"""ISO 20022: pain.001.001.09 and camt.056 go out; pain.002, camt.029, camt.053.001.08 and camt.054.001.08 come in.

Amounts are CNY with two decimals on the wire and integer fen here; accounts are written under `Othr`, as Chinese
account numbers are no IBAN. A message is read without entities and refused where a field is not as agreed.
"""

from zhida.adapters.treasury.messages.elements import Unreadable
from zhida.adapters.treasury.messages.notifications import news_of, notification_message, notification_of
from zhida.adapters.treasury.messages.payments import message_id_of, orders_of, payment_message
from zhida.adapters.treasury.messages.recalls import recall_message, recalls_of, resolution_message, resolution_of
from zhida.adapters.treasury.messages.reports import Report, report_message, report_of
from zhida.adapters.treasury.messages.statements import Statement, statement_message, statement_of

__all__ = [
    "Report",
    "Statement",
    "Unreadable",
    "message_id_of",
    "news_of",
    "notification_message",
    "notification_of",
    "orders_of",
    "payment_message",
    "recall_message",
    "recalls_of",
    "report_message",
    "report_of",
    "resolution_message",
    "resolution_of",
    "statement_message",
    "statement_of",
]

"""What makes two files the same: their content, whatever their order, spaces, byte order mark or width of letters."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from io import BytesIO, StringIO

from lxml import etree

from zhida.adapters.treasury.messages import Unreadable
from zhida.kernel.funds.ports import PaymentOrder


def digest_of_order(order: PaymentOrder) -> str:
    """SHA-256 of one order; full-width letters and runs of spaces are folded, so that a disguised repeat is known."""
    payee = order.payee
    told = (order.reference, payee.name, payee.account_number, order.purpose, order.requested_on.isoformat())
    content = [*(_folded(text) for text in told), order.amount_fen]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def digest_of_orders(orders: Iterable[PaymentOrder]) -> str:
    """SHA-256 of a batch, the same in every order of its rows."""
    return hashlib.sha256("\n".join(sorted(digest_of_order(order) for order in orders)).encode()).hexdigest()


def digest_of_message(message: bytes) -> str:
    """SHA-256 of an XML message in its canonical form (Canonical XML 2.0, text stripped). Raises Unreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(BytesIO(message), parser)
        if tree.docinfo.doctype:
            raise Unreadable("a message brings no DTD")
        canonical = StringIO()
        canonical.write(etree.canonicalize(tree.getroot(), strip_text=True, with_comments=False))
    except etree.XMLSyntaxError as error:
        raise Unreadable("not XML") from error
    return hashlib.sha256(unicodedata.normalize("NFKC", canonical.getvalue()).encode()).hexdigest()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.removeprefix("\ufeff")).split())

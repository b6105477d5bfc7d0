"""Reading and writing the elements of ISO 20022 messages: one namespace a document, money in CNY, days, no entities."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree

from zhida.domain.values import fen_of

_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")


class Unreadable(ValueError):
    """A message is not what was agreed; nothing of it is used."""


def root_of(message: bytes, namespaces: tuple[str, ...], path: str) -> etree._Element:
    """The one element at `path` of a message in one of the namespaces; read without entities and without a DTD."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        document = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("not XML") from error
    names = {f"{{{namespace}}}Document" for namespace in namespaces}
    if document.tag not in names or document.getroottree().docinfo.doctype:
        raise Unreadable(f"not a message of {' or '.join(namespaces)}")
    found = all_at(document, path)
    if len(found) != 1:
        raise Unreadable(f"{path} stands {len(found)} times")
    return found[0]


def all_at(element: etree._Element, path: str) -> list[etree._Element]:
    """Every element at a path below `element`, in its own namespace."""
    namespace = etree.QName(element).namespace
    return list(element.findall("/".join(f"{{{namespace}}}{step}" for step in path.split("/"))))


def text_at(element: etree._Element, path: str) -> str:
    """The text of the one element at a path. Raises Unreadable where it is empty, wanting, or not alone."""
    found = all_at(element, path)
    if len(found) != 1 or not found[0].text:
        raise Unreadable(f"{path} stands {len(found)} times, or is empty")
    return str(found[0].text)


def text_or_none(element: etree._Element, path: str) -> str:
    """The text at a path, "" where there is no such element; more than one is Unreadable."""
    return text_at(element, path) if all_at(element, path) else ""


def day_at(element: etree._Element, path: str) -> date:
    """The day at a path. Raises Unreadable where it is none."""
    try:
        return date.fromisoformat(text_at(element, path))
    except ValueError as error:
        raise Unreadable(f"{path} is no date") from error


def fen_at(element: etree._Element, path: str) -> int:
    """The CNY amount at a path in fen. Raises Unreadable for another currency or parts of a fen."""
    text = text_at(element, path)
    if [each.get("Ccy") for each in all_at(element, path)] != ["CNY"]:
        raise Unreadable(f"{path} is not in CNY")
    if not _AMOUNT.fullmatch(text) or Decimal(text) * 100 % 1:
        raise Unreadable(f"{path}: {text!r} is no amount of whole fen")
    return fen_of(text)


def yuan(amount_fen: int) -> str:
    """An amount as messages write it, with two decimals."""
    whole, rest = divmod(amount_fen, 100)
    return f"{whole}.{rest:02d}"


def moment(at: datetime) -> str:
    """An instant as ISODateTime, in UTC to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(text: str, longest: int = 140) -> str:
    """What XML and MaxNText allow: one bad character in one name must not hold up a whole message."""
    return "".join(character for character in text if character.isprintable())[:longest] or "-"


def written(document: etree._Element) -> bytes:
    """The document as UTF-8 bytes with its declaration."""
    told: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    return told

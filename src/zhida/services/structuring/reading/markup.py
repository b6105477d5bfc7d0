"""XML and HTML parsed safely: no entities, no network, no huge trees."""

from __future__ import annotations

from typing import Any

from lxml import etree, html

from zhida.domain.sentences import tell
from zhida.services.structuring.reading.refusals import HARM, problem

_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype", b"<!entity")


def xml_root(name: str, part: str, data: bytes) -> Any:
    """The root element of an XML part. Raises AuthorError for one that declares entities (XXE, billion laughs; no part
    of an office file has a declaration) or is broken."""
    wide = data.replace(b"\x00", b"")
    if any(mark in wide for mark in _DECLARATIONS):
        raise problem(
            name,
            "hostile_file",
            tell("{part} declares entities, which no office file needs: it was made to do harm", part=part),
            HARM,
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise problem(
            name,
            "broken_file",
            tell("{part} is damaged", part=part),
            "open and save it again in Word or WPS, or ask for it anew",
        ) from error


def html_root(name: str, text: str) -> Any:
    """The root element of a page. Raises AuthorError where there is none."""
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise problem(
            name, "broken_file", "the page cannot be read", "save the page again, or give the text"
        ) from error
    return root

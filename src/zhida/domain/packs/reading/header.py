"""pack.yaml read: who issued what, who answers for it, where and from when to when it is in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.pack import Document, OwnerReading
from zhida.domain.packs.reading.groups import read_office
from zhida.domain.packs.source.fields import Fields, nearest
from zhida.domain.packs.source.nodes import TextNode
from zhida.domain.sentences import tell
from zhida.domain.values import CodeTree, Span

_ID = re.compile(r"^[a-z][a-z0-9-]{1,40}/[a-z][a-z0-9-]{1,60}$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True)
class Header:
    """What pack.yaml says."""

    id: str
    issuer: str
    owner: str
    region: str
    document: Document
    valid: Span
    follows: str
    replaces: str
    measures: Mapping[str, str]
    read: OwnerReading | None


def read_header(fields: Fields, folder: str, title: str, dictionary: Dictionary) -> Header:
    """The header of the pack in a folder; its id must be the folder's name. `title` is the heading of policy.md."""
    identifier = fields.text("id")
    if identifier != folder or not _ID.match(identifier):
        words = tell("the id is {identifier}, the folder {folder}", identifier=identifier, folder=folder)
        fields.wrong(fields.spot_of("id"), "id_not_folder", words, "packs/<region>/<slug>/ holds <region>/<slug>")
    header = Header(
        id=identifier,
        issuer=read_office(fields, "issuer", dictionary),
        owner=read_office(fields, "owner", dictionary),
        region=_region(fields, dictionary.code_trees.get("region")),
        document=_document(fields.record("document"), title, dictionary),
        valid=fields.span("valid"),
        follows=fields.text("follows", ""),
        replaces=fields.text("replaces", ""),
        measures=_measures(fields, dictionary),
        read=_owner_reading(fields.record("read")) if "read" in fields else None,
    )
    fields.close()
    return header


def _region(fields: Fields, regions: CodeTree | None) -> str:
    region = fields.text("region")
    if region and (regions is None or region not in regions):
        fields.wrong(fields.spot_of("region"), "unknown_region", tell("no region {region}", region=region))
    return region


def _document(fields: Fields, title: str, dictionary: Dictionary) -> Document:
    document = Document(
        number=fields.text("number"),
        title=title,
        issued_on=fields.day("issued_on"),
        topics=fields.texts("topics"),
        sha256=fields.text("issued_file_sha256"),
    )
    if document.sha256 and not _SHA256.match(document.sha256):
        spot = fields.spot_of("issued_file_sha256")
        fields.wrong(
            spot, "malformed", "issued_file_sha256 is not 64 hexadecimal digits", "sha256sum of the issued file"
        )
    for topic in document.topics:
        if dictionary.topics and topic not in dictionary.topics:
            spot = fields.spot_of("topics")
            words = tell("no topic {topic}", topic=topic)
            fields.wrong(spot, "unknown_topic", words, nearest(topic, [*dictionary.topics]))
    fields.close()
    return document


def _measures(fields: Fields, dictionary: Dictionary) -> dict[str, str]:
    """Item name to the measure that it is one of."""
    below = fields.record("measures", required=False)
    found = {}
    for name, spot, node in below.rest():
        found[name] = node.text if isinstance(node, TextNode) else ""
        if found[name] not in dictionary.measures:
            hint = nearest(found[name], [*dictionary.measures])
            fields.wrong(spot, "unknown_measure", tell("no measure {name}", name=found[name]), hint)
    return found


def _owner_reading(fields: Fields) -> OwnerReading:
    reading = OwnerReading(fields.text("by"), fields.day("on"), fields.text("of"))
    fields.close()
    return reading

"""A credential's QR code: an address with the short form of its token, drawn as one path with a name."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from zhida.domain.credentials.disclosures import disclosure_of
from zhida.surfaces.look.codes import qr_svg, verify_address

PAGE = "https://zhida.example.gov.cn/verify/"


def test_what_the_holder_has_not_shown_does_not_travel() -> None:
    hidden = disclosure_of("manager", "张三", "salt")
    address = verify_address(f"head.claims.signature~{hidden}~", PAGE)
    assert address == f"{PAGE}?token=head.claims.signature"


def test_the_picture_scales_and_can_be_read_out() -> None:
    root = ET.fromstring(qr_svg(f"{PAGE}?token={'x' * 700}", "<licence>"))
    assert root.tag.endswith("svg")
    assert root.attrib["aria-label"] == "<licence>"
    assert "width" not in root.attrib

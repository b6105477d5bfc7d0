"""The QR code of a credential: an address that opens the verifying page with the short form of the token in it."""

from __future__ import annotations

import segno

from zhida.domain.errors import InvariantBroken
from zhida.kernel.credentials.disclosures import present

# 97 modules a side: on a 40 mm print each is 0.4 mm, which a phone still reads (ISO/IEC 18004 asks for 4 px a module).
LARGEST_VERSION = 20


def verify_address(token: str, page: str) -> str:
    """`<page>?token=<token>` without disclosures, so that only what the issuer chose to show everyone travels."""
    return f"{page}?token={present(token, ()).rstrip('~')}"


def qr_svg(token: str, page: str) -> str:
    """The QR code of verify_address as an inline SVG element, without size, for the page to scale.

    Raises InvariantBroken where the token is too long to be scanned: claims belong into disclosures then.
    """
    code = segno.make(verify_address(token, page), error="l", micro=False, boost_error=True)
    if int(code.version) > LARGEST_VERSION:
        raise InvariantBroken("qr_too_dense", f"version {code.version} of at most {LARGEST_VERSION}", "hide claims")
    svg: str = code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff", dark="#000")
    return svg

"""The published ISO 20022 schemas, which are not ours to carry: a test that needs one is skipped where they are not."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from lxml import etree

SCHEMAS = Path(os.environ.get("ZHIDA_SHARED_DATA", "/work/shared/data")) / "vectors" / "iso20022_xsd.zip"


def assert_valid(message: bytes, name: str) -> None:
    """Fails with the schema's words where the message is not valid against the XSD of this name."""
    if not SCHEMAS.exists():
        pytest.skip(f"the published schemas are not at {SCHEMAS}")
    with zipfile.ZipFile(SCHEMAS) as packed:
        if f"{name}.xsd" not in packed.namelist():
            pytest.skip(f"the published schema of {name} is not in {SCHEMAS}")
        etree.XMLSchema(etree.fromstring(packed.read(f"{name}.xsd"))).assertValid(etree.fromstring(message))

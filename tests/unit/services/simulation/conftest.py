"""Firms with facts and made-up packs published, as the tests of entitlements have them, and a snapshot of them."""

from __future__ import annotations

from tests.unit.kernel.entitlements.conftest import dictionary, firms, publish, tell

__all__ = ["dictionary", "firms", "publish", "tell"]

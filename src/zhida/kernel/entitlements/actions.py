"""Everything that changes entitlements, in one place."""

from __future__ import annotations

from zhida.kernel.entitlements.granting import grant, revoke
from zhida.kernel.entitlements.screening import screen

__all__ = ["grant", "revoke", "screen"]

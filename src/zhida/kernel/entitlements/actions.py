"""Everything that changes entitlements, in one place."""

from __future__ import annotations

from zhida.kernel.entitlements.granting import NewGrant, grant_many, revoke
from zhida.kernel.entitlements.screening import screen
from zhida.kernel.entitlements.telling import tell_differences

__all__ = ["NewGrant", "grant_many", "revoke", "screen", "tell_differences"]

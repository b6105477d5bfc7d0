"""How long something has lasted, in words."""

from __future__ import annotations

from zhida.surfaces.look.language import say


def age(minutes: int) -> str:
    """So many minutes, in the largest unit that tells."""
    if minutes < 60:
        return say("{n} 分钟", n=minutes)
    return say("{n} 小时", n=minutes // 60) if minutes < 60 * 48 else say("{n} 天", n=minutes // (60 * 24))

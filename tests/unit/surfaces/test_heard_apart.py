"""A figure that only a space on the screen divides from the word before it is heard as one with it (发文年份 202615 for
2026 and 15): whoever listens hears a pause."""

from __future__ import annotations

import re
from pathlib import Path

SURFACES = Path(__file__).resolve().parents[3] / "src" / "zhida" / "surfaces"
PAUSE = '<span class="vh">{% say "，" %}</span>'


def test_a_count_stands_behind_a_pause() -> None:
    counts = re.compile(r'(.{0,60})<span class="count">')
    found = [
        (path.name, before) for path in SURFACES.rglob("*.html") for before in counts.findall(path.read_text("utf-8"))
    ]
    assert len(found) >= 4
    assert [name for name, before in found if not before.endswith(PAUSE)] == []

"""The picture: whole runs on a logarithmic scale, and how ours grows. Plain SVG, readable on light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

_WIDE, _BAR, _LEFT = 860, 26, 270
_STYLE = (
    "<style>svg{background:#fff}text{font:13px system-ui,sans-serif;fill:#222}.s{font-size:11px;fill:#666}"
    ".p{fill:#5f86a8}.a{fill:#c3d1dd}.u{fill:#c0392b}"
    ".g{stroke:#ddd}.l{stroke:#c0392b;fill:none;stroke-width:2}.d{fill:#c0392b}</style>"
)


def draw(told: Mapping[str, Any], parts: Mapping[str, Mapping[str, Any]]) -> str:
    """Bars for ours, the floor and every peer, pale where it gives answers only; below them a plot of each growth."""
    bars = [("floor of the memory", parts["full"]["floor"]["seconds"], "p"), ("ours", told["full_s"], "u")]
    for name, ratio in told["ratio"].items():
        bars.append((parts[name]["peer"], told["full_s"] * ratio, "p" if told["gives"][name] == "all outputs" else "a"))
    bars.sort(key=lambda bar: bar[1])
    top = 70 + _BAR * len(bars)
    body = [*_bars(bars), *_plots(told.get("growth") or {}, top)]
    title = f"{told['subjects']:,} organisations × {told['items']:,} items: seconds for a whole run, "
    title += "each step ten times; pale: answers only"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {top + 240}" role="img">'
    return "\n".join([head, f"<title>{escape(title)}</title>", _STYLE, _text(16, 24, title), *body, "</svg>", ""])


def _bars(bars: Sequence[tuple[str, float, str]]) -> Iterator[str]:
    low = math.floor(math.log10(bars[0][1])) - 0.2
    high = math.ceil(math.log10(bars[-1][1]))
    step = (_WIDE - _LEFT - 110) / (high - low)
    for power in range(math.ceil(low), high + 1):
        at = _LEFT + (power - low) * step
        yield f'<line class="g" x1="{at:.1f}" x2="{at:.1f}" y1="36" y2="{44 + _BAR * len(bars)}"/>'
    for place, (name, seconds, kind) in enumerate(bars):
        y, wide = 42 + _BAR * place, (math.log10(seconds) - low) * step
        yield _text(_LEFT - 8, y + 14, name, "end")
        yield f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{wide:.1f}" height="{_BAR - 7}"/>'
        yield _text(_LEFT + wide + 6, y + 14, f"{seconds:,.3g} s" if seconds < 1000 else f"{seconds:,.0f} s")


def _plots(growth: Mapping[str, Any], top: int) -> Iterator[str]:
    for place, kind in enumerate(("subjects", "items")):
        points = growth.get(kind)
        if points:
            yield from _plot(60 + place * 420, top + 20, kind, points)


def _plot(left: int, top: int, kind: str, points: Sequence[Sequence[float]]) -> Iterator[str]:
    wide, high = 330, 160
    most, longest = points[-1][0], max(seconds for _, seconds in points)
    places = [(left + wide * size / most, top + high - high * seconds / longest / 1.1) for size, seconds in points]
    yield f'<path class="g" fill="none" d="M{left} {top}V{top + high}H{left + wide}"/>'
    yield f'<polyline class="l" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'
    for (x, y), (size, seconds) in zip(places, points, strict=True):
        yield f'<circle class="d" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
        yield _text(x, y - 9, f"{seconds:.3g} s", "middle", "s")
        yield _text(x, top + high + 15, f"{size:,.0f}", "middle", "s")
    yield _text(left, top + high + 34, f"growth with {kind}")


def _text(x: float, y: float, words: str, anchor: str = "start", kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}">{escape(words)}</text>'

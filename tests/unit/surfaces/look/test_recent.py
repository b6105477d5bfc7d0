"""What a process keeps: up to a bound, what was longest unused is given up first, and time runs out."""

from __future__ import annotations

import time

import pytest

from zhida.surfaces.look.recent import Recent


def test_what_was_longest_unused_is_given_up_first() -> None:
    kept: Recent[str] = Recent(3)
    for name in "abc":
        kept.put(name, name.upper())
    assert kept.get("a") == "A"
    kept.put("d", "D")
    assert [kept.get(name) for name in "abcd"] == ["A", None, "C", "D"]


def test_sizes_are_bounded_together() -> None:
    kept: Recent[str] = Recent(10)
    kept.put("small", "s", size=4)
    kept.put("large", "l", size=9)
    assert (kept.get("small"), kept.get("large")) == (None, "l")
    assert kept.put("whale", "w", size=11) == "w"
    assert (kept.get("whale"), kept.get("large")) == (None, "l")
    kept.put("large", "again", size=2)
    kept.put("small", "s", size=8)
    assert (kept.get("large"), kept.get("small")) == ("again", "s")


def test_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    kept: Recent[str] = Recent(10)
    kept.put("a", "A", for_s=60)
    kept.put("b", "B")
    clock = 159.0
    assert kept.get("a") == "A"
    clock = 161.0
    assert (kept.get("a"), kept.get("b")) == (None, "B")


def test_a_value_is_made_once() -> None:
    kept: Recent[list[int]] = Recent(2)
    made = [kept.take("a", lambda: [1]) for _ in range(2)]
    assert made[0] is made[1]
    kept.clear()
    assert kept.take("a", lambda: [2]) == [2]

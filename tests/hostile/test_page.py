"""The page that counts what is sent says what is sent."""

from __future__ import annotations

from docs.hostile import PAGE, page


def test_the_page_of_hostile_input_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python docs/hostile.py"

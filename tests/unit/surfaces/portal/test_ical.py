"""The calendar file keeps to RFC 5545: line ends, folding, escaping, whole days."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from zhida.surfaces.portal.ical import DayEvent, calendar_file

NOW = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)


def lines(name: str, *events: DayEvent) -> list[str]:
    text = calendar_file(name, events, NOW).decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def event(summary: str) -> DayEvent:
    return DayEvent("a/b/c#closes@zhida", date(2026, 12, 31), summary, "说明", "https://x/items/a/b/c/")


def test_a_day_is_half_open() -> None:
    found = lines("日历", event("截止"))
    assert "DTSTART;VALUE=DATE:20261231" in found
    assert "DTEND;VALUE=DATE:20270101" in found
    assert "DTSTAMP:20261109T020000Z" in found
    assert (found[0], found[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")


def test_text_is_escaped() -> None:
    assert "SUMMARY:甲\\, 乙\\; 丙\\\\丁\\n戊" in lines("日历", event("甲, 乙; 丙\\丁\r\n戊\x00"))


@given(st.text())
def test_no_words_begin_a_property_of_their_own(words: str) -> None:
    names = [line.partition(":")[0].partition(";")[0] for line in lines(words, event(words))]
    assert names == [line.partition(":")[0].partition(";")[0] for line in lines("", event(""))]

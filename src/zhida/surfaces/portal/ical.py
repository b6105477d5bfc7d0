"""Dates as a calendar that any calendar program subscribes to (RFC 5545): whole days only, so without time zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75


@dataclass(frozen=True)
class DayEvent:
    """Something on one day. `uid` names it for ever, so that a subscriber sees a change and no second event."""

    uid: str
    on: date
    summary: str
    description: str
    url: str


def calendar_file(name: str, events: Iterable[DayEvent], as_of: datetime, description: str = "") -> bytes:
    """The calendar as a file (RFC 5545, section 3.4), asking subscribers to look again each day (RFC 7986, 5.7).
    `description` says what it holds (RFC 7986, 5.2)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhida//Calendar//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        *([f"DESCRIPTION:{_text(description)}", f"X-WR-CALDESC:{_text(description)}"] if description else []),
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
    ]
    for event in events:
        lines += _event(event, as_of)
    folded = (piece for line in [*lines, "END:VCALENDAR"] for piece in _folded(line))
    return "".join(f"{piece}\r\n" for piece in folded).encode()


def _event(event: DayEvent, as_of: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(event.uid)}",
        f"DTSTAMP:{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"URL:{event.url}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(words: str) -> str:
    """A TEXT value (section 3.3.11): backslash, semicolon, comma and line ends escaped, controls left out."""
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(character for character in lines if character.isprintable())


def _folded(line: str) -> Iterator[str]:
    """A content line in pieces of at most 75 octets (section 3.1); no character is torn apart."""
    piece, room = "", LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = " ", LONGEST_LINE - 1
        piece += character
        room -= size
    yield piece

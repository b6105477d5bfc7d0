"""The forms of a page, filled in as somebody would who presses each button once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_TYPED = {"number": "1", "date": "2026-03-03", "text": "1", "search": "1", "tel": "13800000000", "password": "x"}


@dataclass
class Form:
    """Where a form goes, and what it sends."""

    action: str
    body: dict[str, str] = field(default_factory=dict)

    @property
    def button(self) -> tuple[str, str]:
        """What tells one act from another: the address, and the act that is named in the body."""
        return self.action, self.body.get("act", "")


class _Reader(HTMLParser):
    """Collects the forms that are sent by POST."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._page, self._open, self._select, self._area = page, None, "", ""

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = Form(given.get("action") or self._page)
            self.forms.append(self._open)
        elif self._open is None or not given.get("name"):
            self._choose(tag, given)
        elif tag == "input":
            self._type(given)
        elif tag == "select":
            self._select = given["name"]
        elif tag == "textarea":
            self._open.body[given["name"]] = "核实过"
        elif tag == "button" and given.get("value"):
            self._open.body.setdefault(given["name"], given["value"])

    def _choose(self, tag: str, given: dict[str, str]) -> None:
        if tag == "option" and self._open is not None and self._select and given.get("value"):
            self._open.body.setdefault(self._select, given["value"])

    def _type(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text"), given["name"]
        if kind in ("checkbox", "radio"):
            self._open.body.setdefault(name, given.get("value", "on"))
        elif kind != "file":
            self._open.body[name] = given.get("value") or _TYPED.get(kind, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


def forms_of(page: str, html: str) -> Iterator[Form]:
    """Each form of a page, without the token against forgery, which tests do not ask for."""
    reader = _Reader(page)
    reader.feed(html)
    for form in reader.forms:
        form.body.pop("csrfmiddlewaretoken", None)
        yield form

"""Who asks the API, and with what in hand: a session, and ids that exist, so that requests come further than 404."""

from __future__ import annotations

import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "zhida-demo"
_HOOKS = Path(__file__).with_name("hooks.py")
_TOKEN = re.compile(r'csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Caller:
    """An account's session ("" for nobody's), and values of the installation by the name of a parameter."""

    url: str
    login: str
    session: str
    token: str
    values: Mapping[str, tuple[str, ...]]

    def config(self, expected: Mapping[str, list[Any]]) -> str:
        """A schemathesis.toml: how it logs in, what it takes three times of five, and which answers are expected."""
        lines: list[str] = []
        if self.session:
            headers = {"X-CSRFToken": self.token, "Referer": f"{self.url}/"}
            written = ", ".join(f"{name} = {json.dumps(value)}" for name, value in headers.items())
            lines += [
                f"headers = {{ {written} }}",
                "[auth.openapi.SessionAuth]",
                f"api_key = {json.dumps(self.session)}",
            ]
        lines.insert(0, f"hooks = {json.dumps(str(_HOOKS))}")
        for check, statuses in expected.items():
            lines += [f"[checks.{check}]", f"expected-statuses = {json.dumps(statuses)}"]
        for name, values in self.values.items():
            lines += [f"[dictionaries.{name.replace('.', '_')}]", f"values = {json.dumps(values)}"]
        lines.append("[parameters]")
        for name in self.values:
            lines.append(f'"{name}" = {{ dictionary = "{name.replace(".", "_")}", probability = 0.6 }}')
        return "\n".join(lines) + "\n"


def wait_for(url: str, seconds: float = 3_600) -> None:
    """Returns once something answers there. Raises TimeoutError."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/api/v1/openapi.json", timeout=600).read()
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(url)


def caller(url: str, login: str) -> Caller:
    """Logs in, and looks up what there is to ask about."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    if login:
        _log_in(opener, url, login)
    kept = {cookie.name: cookie.value or "" for cookie in jar}
    return Caller(url, login, kept.get("sessionid", ""), kept.get("csrftoken", ""), _values(opener, url, bool(login)))


def _log_in(opener: urllib.request.OpenerDirector, url: str, login: str) -> None:
    address = f"{url}/account/login/"
    found = _TOKEN.search(opener.open(address).read().decode())
    if found is None:
        raise ValueError(f"{address} has no form")
    form = {"csrfmiddlewaretoken": found[1], "login": login, "password": PASSWORD}
    opener.open(urllib.request.Request(address, urllib.parse.urlencode(form).encode(), {"Referer": address}))


def _values(opener: urllib.request.OpenerDirector, url: str, is_known: bool) -> dict[str, tuple[str, ...]]:
    """Items, policies, and with a session subjects and cases, by the parameters that take them."""

    def read(path: str) -> Any:
        return json.loads(opener.open(f"{url}/api/v1/{path}").read())

    items = tuple(one["id"] for one in read("items?limit=50")["items"])
    parts = [item.split("/") for item in items]
    found = {
        "body.item": items,
        "query.item": items,
        "path.region": tuple(sorted({part[0] for part in parts})),
        "path.slug": tuple(sorted({part[1] for part in parts})),
        "path.name": tuple(sorted({part[2] for part in parts})),
    }
    if not is_known:
        return found
    subjects = tuple(one["id"] for one in read("my/session")["subjects"])
    cases = tuple(one["id"] for one in read("cases?limit=50")["cases"])
    if subjects:
        found |= {"path.subject_id": subjects, "query.subject": subjects, "body.subject": subjects}
    return found | ({"path.case_id": cases} if cases else {})

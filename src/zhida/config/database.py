"""Which database an installation uses, read from one address: SQLite inside the home, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from zhida.config.lists import send_lists_as_arrays

_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Without recursive triggers INSERT OR REPLACE deletes past an append-only table's guard.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; "
    "PRAGMA recursive_triggers=ON;",
}


_ALL_OFFICES = "-c zhida.offices=*"
"""What the program says of itself to row security; the pages of people narrow it. Who says nothing sees no money."""
_AS_IT_STANDS = "-c jit=off"
"""A query of a page reads few rows: to compile it first takes half a second and saves none."""


def database(address: str, home: Path) -> dict[str, Any]:
    """One entry of Django's DATABASES from `sqlite:///path` or `postgres://user:word@host:port/name?option=value`.

    An empty address means `zhida.sqlite3` in the home. A relative SQLite path starts at the home. A socket folder is
    given as `?host=/run/postgresql`. Raises ImproperlyConfigured for any other scheme.
    """
    parts = urlsplit(address or "sqlite:///zhida.sqlite3")
    if parts.scheme == "sqlite":
        name = home / unquote(parts.path).removeprefix("/")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(_SQLITE)}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"ZHIDA_DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgres")
    send_lists_as_arrays()
    options = dict(parse_qsl(parts.query))
    given = options.get("options", "").split()
    options["options"] = " ".join([_AS_IT_STANDS, *given, _ALL_OFFICES])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path).removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }

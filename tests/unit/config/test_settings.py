"""The database address is read as promised, and every page carries the strict content policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from zhida.config.database import database
from zhida.config.home import open_home, secret_key


def test_no_address_means_sqlite_in_the_home(tmp_path: Path) -> None:
    entry = database("", tmp_path)
    assert entry["NAME"] == tmp_path / "zhida.sqlite3"
    assert entry["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_absolute_sqlite_path_is_kept() -> None:
    assert database("sqlite:////var/lib/z.sqlite3", Path("/home/z"))["NAME"] == Path("/var/lib/z.sqlite3")


def test_postgres_address_is_split_and_unquoted() -> None:
    entry = database("postgres://z%40a:w%2Fd@db:5433/zhida?sslmode=require&host=/run/postgresql", Path("/"))
    assert (entry["USER"], entry["PASSWORD"], entry["PORT"], entry["NAME"]) == ("z@a", "w/d", "5433", "zhida")
    assert entry["HOST"] == "/run/postgresql"
    assert entry["OPTIONS"] == {"sslmode": "require", "options": "-c jit=off -c zhida.offices=*"}


def test_another_scheme_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        database("mysql://x", Path("/"))


def test_secret_key_is_made_once(tmp_path: Path) -> None:
    home = open_home(str(tmp_path / "deep" / "home"))
    assert len(secret_key(home)) > 60
    assert secret_key(home) == secret_key(home)
    assert (home / "secret_key").stat().st_mode & 0o077 == 0
    assert home.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_every_page_carries_the_strict_content_policy(client: Client) -> None:
    policy = client.get("/account/login/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy

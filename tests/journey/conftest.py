"""The installation, its browser, and people logged in, once for all journeys."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.journey.installation import PASSWORD, Server, inside, play

CHROMIUM = "/usr/bin/chromium"
PLAYED = os.environ.get("JOURNEY_HOME", "")
"""A home that has been played already (`zhida demo --no-serve --home …`), copied for the journeys: saves a minute."""
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration that has been played."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"journeys need a browser at {CHROMIUM}")
    folder = tmp_path_factory.mktemp("installation") / "home"
    if PLAYED:
        shutil.copytree(PLAYED, folder)
    else:
        play(folder)
    found = {**inside(folder, "stage"), **inside(folder, "places")}
    (folder / "places.json").write_text(json.dumps(found), "utf-8")
    return folder


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[Server]:
    """That home, served."""
    running = Server(home)
    yield running
    running.close()


@pytest.fixture(scope="session")
def places(home: Path) -> dict:
    """What there is to look at, by id, as things stood before the first journey."""
    return json.loads((home / "places.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser, without a window."""
    with sync_playwright() as player:
        running = player.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens a window for somebody: `visit("firm")` is logged in, `visit()` is anybody."""
    windows: list[BrowserContext] = []

    def open_window(login: str = "", width: int = 1280, **settings: object) -> Page:
        shape = {"viewport": {"width": width, "height": 900}, "base_url": server.address, "locale": "zh-CN"}
        window = browser.new_context(**{**shape, **settings})
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(20_000)
        if login:
            page.goto("/account/login/")
            page.fill("#id_login", login)
            page.fill("#id_password", PASSWORD)
            page.click("main form .btn--big")
            page.wait_for_url(lambda address: "/account/" not in address)
        return page

    yield open_window
    for window in windows:
        window.close()

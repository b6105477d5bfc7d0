"""Every page of every face, in every way of showing it: no barrier, no sideways scroll, nobody else asked.

Each page is looked at in each way, at one width after another, so that every two of page, way and width meet; that it
does not scroll sideways is seen at every width. `make axe` looks at all of them at all widths.
"""

import os

import pytest
from playwright.sync_api import Browser

from tests.journey.addresses import addresses
from tests.journey.installation import PASSWORD, Server
from tests.journey.looking import Watch
from tests.journey.routes import FILES, POST_ONLY, names, pages

DESKTOP = 1280
WIDTHS = (320, 390, DESKTOP)
WAYS = (
    "standard.standard.light.zh",
    "elder.standard.light.zh",
    "standard.high.light.zh",
    "standard.standard.dark.zh",
    "standard.standard.light.en",
)
WHOLE = os.environ.get("AXE") == "whole"
PATIENCE_MS = 180_000
"""How long a page may take: a machine that does other work may pause it, and no test asks for a speed."""
PARTS = 2
"""Into how many tests the pages of one way go, so that two workers end together."""


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("look", WAYS)
def test_no_page_has_a_barrier(browser: Browser, server: Server, places: dict, look: str, part: int) -> None:
    faults: list[str] = []
    watches: dict[str, Watch] = {}
    for number, address in list(enumerate(addresses(places)))[part::PARTS]:
        if address.login not in watches:
            watches[address.login] = _window(browser, server, address.login, look)
        watch = watches[address.login]
        answer = watch.page.goto(address.path)
        if answer is None or answer.status != address.status:
            faults.append(f"{address.path}: status {answer.status if answer else None}, not {address.status}")
        turn = WIDTHS[(number + WAYS.index(look)) % len(WIDTHS)]
        for width in sorted(WIDTHS, key=lambda width: width == turn):
            watch.page.set_viewport_size({"width": width, "height": 900})
            found = watch.faults() if WHOLE or width == turn else watch.scrolls()
            faults += [f"{address.path} ({address.login or 'anybody'}, {width}): {fault}" for fault in found]
    for watch in watches.values():
        watch.page.context.close()
    assert not faults, "\n".join(faults)


def _window(browser: Browser, server: Server, login: str, look: str) -> Watch:
    window = browser.new_context(viewport={"width": DESKTOP, "height": 900}, base_url=server.address, locale="zh-CN")
    window.add_cookies([{"name": "look", "value": look, "url": server.address}])
    page = window.new_page()
    page.set_default_timeout(PATIENCE_MS)
    watch = Watch(page, server.address)
    if login:
        page.goto("/account/login/")
        page.fill("#id_login", login)
        page.fill("#id_password", PASSWORD)
        page.click("main form .btn--big")
        page.wait_for_url(lambda address: "/account/" not in address)
    return watch


def test_no_route_is_forgotten(places: dict) -> None:
    looked_at = {address.route for address in addresses(places)}
    unseen = {"portal:objection"} if not places["notice"] else set()
    assert pages() - looked_at - unseen == set()


def test_the_lists_of_exceptions_are_no_longer_than_the_routes() -> None:
    assert (POST_ONLY | FILES) - set(names()) == set()

"""Passkeys in a real browser: one is added, opens the account alone, confirms who is there, and is removed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journey.barriers import barriers
from tests.journey.installation import PASSWORD, Server
from tests.journey.looking import Watch

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_opens_the_account_and_confirms_who_is_there(
    visit: Callable[..., Page], server: Server, places: dict
) -> None:
    named = server.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to a number
    page = visit(base_url=named)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    _log_in(page)
    watch = Watch(page, named)
    page.goto("/my/")
    page.locator("main").get_by_role("link", name="登录安全").click()
    page.get_by_role("link", name="加一把通行密钥").click()
    if "/reauthenticate/" in page.url:
        page.fill("#id_password", PASSWORD)
        page.get_by_role("button", name="确认", exact=True).click()
    assert _faults(watch) == []
    page.fill("#id_name", "我的手机")
    page.get_by_role("button", name="加上").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/2fa/")
    assert "已经有 1 把" in page.inner_text("main")
    assert _faults(watch) == []

    page.context.clear_cookies()
    page.goto("/account/login/")
    assert _faults(watch) == []
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/my/**")

    page.goto("/account/2fa/webauthn/")
    assert "我的手机" in page.inner_text("main")
    assert _faults(watch) == []
    page.get_by_role("link", name="改名").click()
    if "/reauthenticate/" in page.url:
        page.get_by_role("link", name="用通行密钥确认").click()
        expect(page.get_by_role("button", name="用通行密钥确认")).to_be_visible()
        assert _faults(watch) == []
        page.get_by_role("button", name="用通行密钥确认").click()
        page.wait_for_url("**/edit/")
    assert _faults(watch) == []
    page.fill("#id_name", "旧手机")
    page.get_by_role("button", name="存下").click()
    page.get_by_role("link", name="去掉").click()
    assert _faults(watch) == []
    page.get_by_role("button", name="去掉").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("还没有通行密钥")


def test_who_has_no_passkey_is_told_in_words(visit: Callable[..., Page], server: Server) -> None:
    page = visit(base_url=server.address.replace("127.0.0.1", "localhost"))
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/account/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("#mfa_login [role=alert]")).to_contain_text("没有完成")


def test_where_the_browser_has_no_passkeys_no_button_is_shown(visit: Callable[..., Page]) -> None:
    page = visit()
    page.add_init_script("Object.defineProperty(window, 'PublicKeyCredential', { value: undefined })")
    page.goto("/account/login/")
    assert page.locator("#passkey_login").is_hidden()
    assert page.locator("#id_password").is_visible()


def _log_in(page: Page) -> None:
    page.goto("/account/login/")
    page.fill("#id_login", "keeper")
    page.fill("#id_password", PASSWORD)
    page.click("main form .btn--big")
    page.wait_for_url(lambda address: "/account/" not in address)


def _faults(watch: Watch) -> list[str]:
    watch.page.wait_for_load_state()  # a press may be on its way to another page
    return [*watch.faults(), *barriers(watch.page)]

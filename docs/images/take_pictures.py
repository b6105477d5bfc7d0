"""Takes the pictures of this folder anew from a demonstration being served: python docs/images/take_pictures.py URL

Twelve main pages, each on a desktop, on a phone and in 长辈版: the first screen of a desktop, more of a phone.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "zhida-demo"  # noqa: S105 (every demonstration has it)
REFUND = "mingzhou/job-retention-refund/refund"
FIRM = (
    "/calculator/result/?audience=organisation&f.registered_region=990100&f.unemployment_insurance_months@2025=12"
    "&f.seriously_discredited=false&f.layoff_rate@2025=3.49&f.insured_heads@2025=86&f.enterprise_size=small"
    "&f.unemployment_insurance_paid_fen@2025=94812.5&f.operating_normally=true"
)
TRIED = "/desk/simulations/"
PAGES = (
    ("home", "", "/", ""),
    ("search", "", "/policies/?q=butie", ""),
    ("policy", "", "/policies/mingzhou/job-retention-refund/", ""),
    ("item", "", f"/items/{REFUND}/", ""),
    ("calculator", "", FIRM, ""),
    ("claim", "firm", f"/my/claim/{REFUND}/", ""),
    ("progress", "household", "/my/cases/", "main .things a"),
    ("review", "reviewer", "/desk/", "tbody a"),
    ("funds", "maker", "/desk/funds/", ""),
    ("supervision", "auditor", "/desk/supervision/", ""),
    ("outreach", "supervisor", "/desk/outreach/", ""),
    ("simulation", "author", TRIED, "main .things a"),
)
SHAPES = {"": (1280, 860, ""), "-phone": (390, 1100, ""), "-elder": (390, 1100, "elder")}


def main(address: str) -> None:
    """Takes every picture."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try_a_policy(browser, address)
        for login in sorted({login for _, login, _, _ in PAGES}):
            page = window(browser, address, login)
            for name, whose, path, follow in PAGES:
                if whose == login:
                    take(page, address, name, path, follow)
            page.context.close()
        browser.close()


def take(page: Page, address: str, name: str, path: str, follow: str) -> None:
    """One page in its three shapes."""
    for end, (width, height, mode) in SHAPES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/display/?mode={mode or 'standard'}")
        page.goto(address + path)
        if follow:
            page.locator(follow).first.click()
            page.mouse.move(0, 0)
        page.screenshot(path=HERE / f"{name}{end}.png")


def try_a_policy(browser: Browser, address: str) -> None:
    """Runs one simulation where none of the item was kept, so that its page has something to show."""
    page = window(browser, address, "author")
    page.goto(f"{address}{TRIED}?item={REFUND}")
    title = page.locator("#item option:checked").inner_text()
    if not page.locator("main .things a", has_text=title).count():
        page.fill('[id="a:parameters/layoff_target"]', "0.08")
        page.fill('[id="b:parameters/layoff_target"]', "0.03")
        page.fill("#take_up", "0.4,0.6,0.8")
        page.fill("#years", "3")
        page.fill("#years_budget", "70000000")
        page.locator("main form[method=post] .btn--act").click()
        page.wait_for_url("**/desk/simulations/sim_*/")
    page.context.close()


def window(browser: Browser, address: str, login: str) -> Page:
    """A fresh window, logged in where a page needs it."""
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(120_000)
    if login:
        page.goto(f"{address}/account/login/")
        page.fill("#id_login", login)
        page.fill("#id_password", PASSWORD)
        page.locator("main form .btn--big").first.click()
        page.wait_for_url(lambda there: "/account/" not in there)
    return page


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))

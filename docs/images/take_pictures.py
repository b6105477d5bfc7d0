"""Takes the pictures of this folder anew from a demonstration being served: python docs/images/take_pictures.py URL"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
PASSWORD = "zhida-demo"  # noqa: S105 (every demonstration has it)
REFUND = "/my/claim/mingzhou/job-retention-refund/refund/"
FIRM = (
    "/calculator/result/?audience=organisation&f.registered_region=990100&f.unemployment_insurance_months@2025=12"
    "&f.seriously_discredited=false&f.layoff_rate@2025=3.49&f.insured_heads@2025=86&f.enterprise_size=small"
    "&f.unemployment_insurance_paid_fen@2025=94812.5&f.operating_normally=true"
)
PICTURES = (
    ("home", "", "/", 1280, ""),
    ("home-phone", "", "/", 390, ""),
    ("home-elder", "", "/?mode=elder", 390, ""),
    ("policy", "", "/policies/mingzhou/job-retention-refund/", 1280, ""),
    ("item", "", "/items/mingzhou/job-retention-refund/refund/", 1280, ""),
    ("calculator", "", FIRM, 1280, ""),
    ("claim", "firm", REFUND, 1280, ""),
    ("claim-phone", "firm", REFUND, 390, ""),
    ("progress", "household", "/my/cases/", 1280, ".things a"),
    ("review", "reviewer", "/desk/", 1280, "tbody a"),
    ("funds", "maker", "/desk/funds/", 1280, ""),
    ("supervision", "auditor", "/desk/supervision/", 1280, ""),
)


def main(address: str) -> None:
    """Takes every picture: the first screen of a desktop, two screens of a phone."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, login, path, width, follow in PICTURES:
            page = window(browser, address, login, width)
            page.goto(address + path)
            if follow:
                page.locator(follow).first.click()
            page.screenshot(path=HERE / f"{name}.png")
            page.context.close()
        browser.close()


def window(browser: Browser, address: str, login: str, width: int) -> Page:
    """A fresh window, logged in where a picture needs it."""
    shape = {"width": width, "height": 860 if width > 400 else 1400}
    page = browser.new_context(viewport=shape, locale="zh-CN").new_page()
    if login:
        page.goto(f"{address}/account/login/")
        page.fill("#id_login", login)
        page.fill("#id_password", PASSWORD)
        page.click("main form .btn--big")
    return page


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))

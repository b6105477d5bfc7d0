"""Twenty defects planted into a sound page, one at a time: each is caught, by axe or by what axe does not see."""

import pytest
from playwright.sync_api import Browser

from tests.journey.barriers import barriers
from tests.journey.installation import Server
from tests.journey.looking import Watch

PAGE = "/feedback/?about=/policies/"
DEFECTS = {
    "a label is gone": "document.querySelector('label[for=words]').remove()",
    "a label is only a placeholder": "const f = document.getElementById('contact'); f.labels[0].remove();"
    " f.placeholder = '怎么联系您'; f.setAttribute('aria-label', '怎么联系您')",
    "a picture without words": "document.querySelector('main').append(new Image())",
    "no focus ring": "for (const e of document.querySelectorAll('a, button')) e.style.outline = 'none'",
    "no language": "document.documentElement.removeAttribute('lang')",
    "the wrong language": "document.documentElement.lang = 'en'",
    "no main area": "const m = document.querySelector('main'); m.replaceWith(...m.childNodes)",
    "pale letters": "document.querySelector('main p').style.color = '#b0b0b0'",
    "a div that only a pointer presses": "const d = document.createElement('div'); d.textContent = '提交';"
    " d.style.cursor = 'pointer'; document.querySelector('main').append(d)",
    "no heading": "document.querySelector('h1').outerHTML = '<p>反馈</p>'",
    "a heading that skips": "document.querySelector('h1').insertAdjacentHTML('afterend', '<h5>说明</h5>')",
    "a button without a name": "document.querySelector('main .btn--act').textContent = ''",
    "a button too low": "const b = document.querySelector('main .btn--act');"
    " b.style.minBlockSize = b.style.height = '20px'; b.style.padding = 0",
    "letters too small": "document.querySelector('main .lead').style.fontSize = '10px'",
    "lines too close": "document.querySelector('main .lead').style.lineHeight = '1'",
    "a page that scrolls sideways": "document.querySelector('main').style.inlineSize = '3000px'",
    "an order of its own": "document.getElementById('words').tabIndex = 5",
    "a page that cannot be enlarged": "document.querySelector('meta[name=viewport]').content += ', user-scalable=no'",
    "something hidden that takes the focus": "document.querySelector('main form').setAttribute('aria-hidden', 'true')",
    "a bar over what has the focus": "const b = document.body.appendChild(document.createElement('div'));"
    " b.style.cssText = 'position: fixed; inset: 0; background: #fff'; b.textContent = '公告'",
}  # fmt: skip


@pytest.fixture(scope="module")
def watch(browser: Browser, server: Server) -> Watch:
    """A window on the sound page."""
    window = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=server.address, locale="zh-CN")
    return Watch(window.new_page(), server.address)


def test_the_sound_page_has_no_fault(watch: Watch) -> None:
    watch.page.goto(PAGE)
    assert watch.faults() + barriers(watch.page) == []


def test_twenty_defects_are_twenty_caught(watch: Watch) -> None:
    caught = {}
    for name, act in DEFECTS.items():
        watch.page.goto(PAGE)
        watch.page.evaluate(f"() => {{ {act} }}")
        caught[name] = barriers(watch.page) or watch.faults()
    assert len(caught) == 20
    assert [name for name, faults in caught.items() if not faults] == []


@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize("path", ["/", "/policies/", "/calculator/result/?audience=person", "/figures/", "/verify/"])
def test_main_pages_have_no_barrier_that_axe_overlooks(watch: Watch, mode: str, path: str) -> None:
    watch.page.goto(f"{path}{'&' if '?' in path else '?'}mode={mode}")
    assert barriers(watch.page) == []

"""The bar of aids: size, pointer, guide line, reading aloud, characters, pinyin, keys; kept, and all reset at once."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

A_VOICE = """() => {
  const heard = window.heard = [];
  window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [{ name: '小明', lang: 'zh-CN' }], cancel: () => heard.push('cancel'), addEventListener() {},
    speak: (words) => heard.push([words.text, words.lang, words.rate, words.volume]),
  } });
}"""
NO_VOICE = "Object.defineProperty(window, 'speechSynthesis', { value: undefined })"


def test_it_reads_aloud_at_the_speed_and_volume_that_were_chosen(visit: Callable[..., Page]) -> None:
    page = visit()
    page.add_init_script(f"({A_VOICE})()")
    page.goto("/help/?mode=elder")
    page.get_by_text("更多辅助").click()
    page.locator("[data-rate]").fill("0.6")
    page.locator("[data-volume]").fill("0.5")
    page.get_by_role("button", name="连读").click()
    words, lang, rate, volume = page.evaluate("window.heard.at(-1)")
    assert "四件事" in words
    assert (lang, rate, volume) == ("zh-CN", 0.6, 0.5)
    page.get_by_role("button", name="连读").click()
    assert page.evaluate("window.heard.at(-1)") == "cancel"
    page.get_by_role("button", name="指读").click()
    page.locator("h1").hover()
    assert page.evaluate("window.heard.at(-1)[0]") == page.inner_text("h1")


def test_what_cannot_be_read_aloud_has_no_button(visit: Callable[..., Page]) -> None:
    page = visit()
    page.add_init_script(NO_VOICE)
    page.goto("/help/?mode=elder&aids=on")
    assert page.locator("[data-speak]").is_hidden()
    assert page.locator("[data-voice]").is_hidden()


def test_letters_double_and_nothing_runs_out(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/policies/")
    size = "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
    before = page.evaluate(size)
    for path in ("/policies/?zoom=200", "/calculator/result/?audience=person", "/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto("/policies/")
    assert page.evaluate(size) == 2 * before


def test_every_aid_is_kept_and_all_go_at_once(visit: Callable[..., Page]) -> None:
    page = visit()
    page.goto("/display/?aids=on")
    for name in ("大鼠标", "辅助线", "注拼音"):
        page.locator("#aids").get_by_role("link", name=name, exact=True).click()
    page.goto("/help/")
    assert "pointer.svg" in page.evaluate("getComputedStyle(document.querySelector('main p')).cursor")
    page.mouse.move(300, 400)
    assert page.locator(".guide--across").bounding_box()["y"] == 400
    assert page.locator("main h1 rt").count() >= 2
    page.locator("#aids").get_by_role("link", name="繁體").click()
    assert page.get_attribute("html", "lang") == "zh-Hant"
    page.locator("#aids").get_by_role("link", name="全部恢復").click()
    page.goto("/help/")
    assert page.locator("rt, .guide").count() == 0
    assert page.get_attribute("html", "lang") == "zh-CN"


def test_shortcut_keys_can_be_turned_off(visit: Callable[..., Page]) -> None:
    page = visit()
    for keys, moved in (("on", True), ("off", False)):
        page.goto(f"/policies/?keys={keys}")
        page.keyboard.press("Control+Alt+Digit5")
        assert page.evaluate("!!document.activeElement.closest('aside')") is moved


AN_EAR = """isOwn => {
  window.SpeechRecognition = class extends EventTarget {
    static async available() { return isOwn ? 'available' : 'unavailable'; }
    start() {
      window.heardBy = { lang: this.lang, own: this.processLocally === true };
      const said = new Event('result');
      said.results = [[{ transcript: '高龄津贴。' }]];
      setTimeout(() => { this.dispatchEvent(said); this.dispatchEvent(new Event('end')); });
    }
    stop() { this.dispatchEvent(new Event('end')); }
  };
}"""


def test_what_is_said_is_written_and_nothing_is_sent_unasked(visit: Callable[..., Page]) -> None:
    for is_own in (False, True):
        page = visit()
        page.add_init_script(f"({AN_EAR})({str(is_own).lower()})")
        page.goto("/")
        button = page.get_by_role("button", name="语音")
        button.click()
        if not is_own:
            expect(page.locator("main [data-dictated]")).to_contain_text("送到浏览器的厂商那里")
            assert page.evaluate("window.heardBy") is None
            button.click()
        expect(page.locator("main #q")).to_have_value("高龄津贴")
        assert page.evaluate("window.heardBy") == {"lang": "zh-CN", "own": is_own}
        assert page.evaluate("document.activeElement.id") == "q"


def test_a_browser_that_does_not_hear_shows_no_button(visit: Callable[..., Page]) -> None:
    page = visit()
    page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition")
    page.goto("/policies/")
    assert page.locator("[data-dictate]").is_hidden()


def test_the_picture_guide_is_one_press_from_the_large_first_page(visit: Callable[..., Page]) -> None:
    page = visit(width=390)
    page.goto("/?mode=elder")
    page.get_by_role("link", name="看图学会怎么用").click()
    drawings = page.locator("main svg[role=img]")
    assert drawings.count() == page.locator("main ol > li").count() == 6
    assert len({one.get_attribute("aria-label") for one in drawings.all()}) == 6

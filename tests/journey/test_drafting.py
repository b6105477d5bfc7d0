"""An author takes a one-page measure from its text to what is in force, in so few actions, without touching a file."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page

MEASURE = Path(__file__).parent / "measure.txt"
MOST = 15


class Hands:
    """Counts what a person does: every press, every choice, every tick, every file."""

    def __init__(self) -> None:
        self.actions = 0

    def press(self, what: Locator) -> None:
        self.actions += 1
        what.click()

    def tick(self, what: Locator) -> None:
        self.actions += 1
        what.check()

    def choose(self, what: Locator, *, index: int) -> None:
        self.actions += 1
        what.select_option(index=index)

    def give(self, what: Locator, file: Path) -> None:
        self.actions += 1
        what.set_input_files(file)


def settle(page: Page, hands: Hands) -> None:
    """What is not certain one by one, then all the rest together."""
    for line in page.locator(".reading--unsure").all():
        field = line.locator("select")
        if field.count():
            hands.choose(field, index=1)
        else:
            hands.tick(line.locator("input[value=accept]"))
    hands.tick(page.locator("#seen"))
    hands.press(page.get_by_role("button", name="记下"))


def test_a_measure_goes_from_its_text_into_force(visit: Callable[..., Page]) -> None:
    hands = Hands()
    page = visit("author")
    page.goto("/desk/simulations/")
    hands.press(page.locator("header").get_by_role("link", name="起草", exact=True))
    hands.give(page.locator("#file"), MEASURE)
    hands.press(page.get_by_role("button", name="读进来"))
    assert "节能改造" in page.get_by_role("heading", level=1).inner_text()
    settle(page, hands)
    assert page.get_by_role("heading", name="要花多少钱").is_visible()
    hands.press(page.get_by_role("button", name="对全体对象推演"))
    assert "户共得" in page.inner_text("main")
    assert hands.actions <= MOST, "to the first simulation"
    hands.tick(page.locator("#seen-examples"))
    hands.press(page.get_by_role("button", name="收下", exact=True))
    hands.press(page.get_by_role("button", name="提出发布"))
    assert "要由同事确认" in page.inner_text("main")
    colleague = visit("reader")
    colleague.goto("/desk/simulations/")
    hands.press(colleague.locator("header").get_by_role("link", name="起草", exact=True))
    hands.press(colleague.get_by_role("link", name="明州省小微企业节能改造奖励办法").first)
    hands.press(colleague.get_by_role("button", name="确认发布"))
    colleague.get_by_role("link", name="看发布的样子").click()
    assert "明工信规〔2026〕31号" in colleague.inner_text("main")
    assert hands.actions <= MOST, hands.actions


def test_the_demonstration_holds_a_draft_of_many_articles_nearly_there(visit: Callable[..., Page]) -> None:
    page = visit("author")
    page.goto("/desk/drafts/")
    page.get_by_role("link", name="明州省工业企业技术改造和提质增效扶持办法").first.click()
    page.get_by_role("link", name="检查、推演、发布").click()
    told = page.inner_text("main")
    assert "还没有推演过这一稿" not in told
    assert "还不能提出发布" not in told
    assert page.get_by_role("button", name="提出发布").is_visible()

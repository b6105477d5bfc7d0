"""What is looked at on every page: barriers by axe, sideways scroll, the console, and who was asked for anything."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCRIPT = Axe().axe_script
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": TAGS}}


class Watch:
    """Listens to a window from its first page on."""

    def __init__(self, page: Page, own: str) -> None:
        self.page, self.own = page, own
        self.heard: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _console(self, kind: str, text: str) -> None:
        is_status = text.startswith("Failed to load resource") and ("403" in text or "404" in text)
        if kind in ("error", "warning") and not is_status:
            self.heard.append(f"console {kind}: {text}")

    def _asked(self, address: str) -> None:
        if not address.startswith((self.own, "data:")):
            self.heard.append(f"asked elsewhere: {address}")

    def faults(self) -> list[str]:
        """What is wrong with the page shown now, and what was heard since the last question."""
        found, self.heard = self.heard + self.scrolls(), []
        if not self.page.evaluate("Boolean(window.axe)"):  # half a megabyte to be read, once a page
            self.page.evaluate(SCRIPT)
        for violation in self.page.evaluate("asked => axe.run(asked)", OPTIONS)["violations"]:
            where = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
            found.append(f"{violation['id']}: {violation['help']} at {where}")
        return found

    def scrolls(self) -> list[str]:
        """That the page shown now scrolls sideways, if it does."""
        wide = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        return [f"scrolls sideways: {wide[0]} > {wide[1]}"] if wide[0] > wide[1] else []

"""Somebody without a pointer: reaches things by Tab, presses them by Enter or Space, looks at every stop on the way.

At each stop the focus has to be seen: an outline of two pixels and more, at 3:1 against what lies under it, within the
window and under nothing else. A stop that Tab does not leave is a trap.
"""

from playwright.sync_api import FileChooser, Page

FARTHEST = 150
PRESSES, PATIENCE = 3, 100
"""How often a field for a file is pressed, and how many tenths of a second each time may take."""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const words = (node) => (node?.textContent || '').replace(/\\s+/g, ' ').trim();
  const labels = [...(e.labels || [])].map(words).join(' ');
  const name = e.getAttribute('aria-label') || labels || words(e) || e.value || '';
  const place = `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} ${name.slice(0, 40)}`;
  if (e.id === 'main' || e.matches('h1')) return { name, place, fault: '' };
  const style = getComputedStyle(e), box = e.getBoundingClientRect(), faults = [];
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const shine = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  let under = parseFloat(style.outlineOffset) < 0 ? e : e.parentElement;
  while (under && (rgb(getComputedStyle(under).backgroundColor)[3] ?? 1) === 0) under = under.parentElement;
  const [a, b] = [style.outlineColor, under ? getComputedStyle(under).backgroundColor : 'rgb(255,255,255)']
    .map(rgb).map(shine).sort((x, y) => y - x);
  if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) faults.push('has no outline');
  else if ((a + 0.05) / (b + 0.05) < 3) faults.push('has an outline that cannot be told from its ground');
  const [top, left] = [Math.max(box.top, 0), Math.max(box.left, 0)];
  const [bottom, right] = [Math.min(box.bottom, innerHeight), Math.min(box.right, innerWidth)];
  if (bottom - top < 1 || right - left < 1) faults.push('is out of the window');
  else {
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const own = over && (e.contains(over) || over.contains(e) || over.closest('label')?.contains(e));
    if (over && !own) faults.push('is covered');
  }
  return { name, place, fault: faults.join(', ') };
}"""


class Keys:
    """A keyboard, and the window it works in. A step that cannot be done, and a focus that is not seen, is an
    AssertionError that names the stop."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops: list[str] = []

    def open(self, path: str) -> None:
        """Opens an address and goes to its main text by the skip link, as whoever has only keys does."""
        self.page.goto(path)
        self._tab()
        assert self.stops[-1].startswith("a 跳到正文"), self.stops[-1]
        self.page.keyboard.press("Enter")

    def reach(self, words: str, kind: str = "") -> None:
        """Goes on until the focus is on what begins with these words; `kind` is the beginning of its tag and id."""
        for _ in range(FARTHEST):
            name, place = self._tab()
            if place and name.startswith(words) and place.startswith(kind):
                return
        raise AssertionError(f"no way to “{words}” by keys at {self.page.url}; the last stops: {self.stops[-30:]}")

    def press(self, words: str, kind: str = "") -> None:
        """Goes to a link or a button and presses it; the page that it leads to is there then."""
        self.reach(words, kind)
        self.enter()

    def enter(self) -> None:
        """Presses Enter where the focus is, and waits for the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tick(self, words: str) -> None:
        """Goes to a box and ticks it, or to a choice and takes it."""
        self.reach(words, "input")
        self.page.keyboard.press("Space")
        assert self.page.evaluate("document.activeElement.checked"), words

    def write(self, words: str, text: str) -> None:
        """Goes to a field and writes."""
        self.reach(words)
        self.page.keyboard.type(text)

    def hand_in(self, words: str, paper: dict) -> None:
        """Goes to a field for a file and chooses one. Presses again where nothing opens, as a person does: a busy
        browser now and then lets a key fall."""
        choosers: list[FileChooser] = []
        self.page.on("filechooser", lambda chooser: choosers.append(chooser))
        self.reach(words, "input")
        for _ in range(PRESSES):
            self.page.keyboard.press("Space")
            for _ in range(PATIENCE):
                if choosers:
                    return choosers[0].set_files(paper)
                self.page.wait_for_timeout(100)
        raise AssertionError(f"nothing opens to choose a file from at {self.stops[-1]}")

    def see(self, words: str) -> None:
        """The main text says so."""
        text = self.page.inner_text("main")
        assert words in text, f"“{words}” is not at {self.page.url}: {text[:300]}"

    def _tab(self) -> tuple[str, str]:
        self.page.keyboard.press("Tab")
        found = self.page.evaluate(FOCUSED)
        if found is None:
            self.stops.append("the window")
            return "", ""
        assert not found["fault"], f"{found['place']} {found['fault']} at {self.page.url}"
        self.stops.append(found["place"])
        return found["name"], found["place"]

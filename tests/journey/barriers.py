"""Barriers that axe does not see: labels that vanish, things only a pointer reaches, a focus that nobody sees, words
in the wrong language, targets and letters too small, errors that are tied to nothing."""

from playwright.sync_api import Page

SMALLEST = {"standard": (14, 44), "elder": (20, 60)}
CHECK = """async ([letters, target]) => {
  const found = [];
  const seen = (e) => e.checkVisibility() && !e.closest('.vh, svg, [hidden]');
  const named = (e) => `${e.tagName.toLowerCase()} ${e.id || e.className || e.textContent.trim().slice(0, 20)}`;
  const all = (query) => [...document.querySelectorAll(query)].filter(seen);
  if (document.querySelectorAll('h1').length !== 1) found.push('not one h1');
  for (const field of all('input:not([type=hidden], [type=range], [type=submit]), select, textarea'))
    if (![...(field.labels || [])].some(seen)) found.push(`no visible label: ${named(field)}`);
  const reached = 'a, button, label, summary, input, select, textarea, [tabindex="0"]';
  for (const e of all('body *'))
    if ((e.onclick || e.hasAttribute('onclick') || getComputedStyle(e).cursor === 'pointer') && !e.closest(reached))
      found.push(`pressed by pointer only: ${named(e)}`);
  const text = document.querySelector('main')?.innerText || '';
  const han = (text.match(/[\\u3400-\\u9fff]/g) || []).length, latin = (text.match(/[a-z]/gi) || []).length;
  const lang = document.documentElement.lang;
  if (lang.startsWith('zh') !== (han * 3 > latin)) found.push(`lang ${lang}: ${han} Han, ${latin} Latin letters`);
  for (const e of all('main *'))
    if ([...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) {
      const style = getComputedStyle(e);
      if (parseFloat(style.fontSize) < letters) found.push(`letters of ${style.fontSize}: ${named(e)}`);
      if (e.matches('p') && parseFloat(style.lineHeight) < 1.3 * parseFloat(style.fontSize))
        found.push(`lines too close: ${named(e)}`);
    }
  for (const e of all('.btn, .tap, .masthead a, .choice'))
    if (e.getBoundingClientRect().height < target - 0.5) found.push(`too low to press: ${named(e)}`);
  for (const e of all('a, button, input, select, textarea').slice(0, 30)) {
    e.focus({ focusVisible: true });
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (document.activeElement === e && (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2))
      found.push(`focus not seen: ${named(e)}`);
    const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (over && !e.contains(over) && !over.contains(e) && getComputedStyle(over).position === 'fixed')
      found.push(`focus hidden under ${named(over)}: ${named(e)}`);
  }
  for (const field of all('[aria-invalid=true]')) {
    const told = (field.getAttribute('aria-describedby') || '').split(' ').map((id) => document.getElementById(id));
    if (!told.some((e) => e && e.textContent.trim())) found.push(`fault tied to nothing: ${named(field)}`);
  }
  if (document.getElementById('errors') && !/^(错误|Error)/.test(document.title)) found.push('title hides the error');
  return found;
}"""


def barriers(page: Page) -> list[str]:
    """What is wrong with the page shown now; empty where nothing is."""
    mode = page.get_attribute("html", "data-mode") or "standard"
    found: list[str] = page.evaluate(CHECK, list(SMALLEST[mode]))
    return found

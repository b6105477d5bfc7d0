"""Writes docs/reference/errors.md from the source: every stable error code, who mends it, what it says, its hint.

Run `python docs/errors.py` after adding a code; a tidy test fails while the page is behind.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "errors.md"
CLASSES = {
    "ConflictError": "Nobody is at fault: the world moved. Look again and decide anew.",
    "AccessError": "Whoever grants access mends it: a duty, a mandate or a consent is missing.",
    "ApplicantError": "The person mends it; the message is for them, in both languages.",
    "AuthorError": "The author of a pack or of a list mends it; all mistakes are told at once, with file and line.",
    "RetryableOutside": "The other side failed; the same call may succeed later, and the outbox repeats it.",
    "FinalOutside": "The other side refused for good; a person must look.",
    "InvariantBroken": "A promise of ours does not hold: nothing was written. Report it.",
}
_AUTHOR_CALLS = {"Problem", "_problem", "add", "problem", "refuse", "wrong"}
_BLANK = re.compile(r"(?<!\{)\{\w+\}|(?<=\{\{)\{\w+\}")
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Raised:
    """One place that raises a code: its class, its words and hint with … for what varies, and the module."""

    kind: str
    code: str
    words: str
    hint: str
    module: str


def raised() -> list[Raised]:
    """Every code in the source, in the order of files and lines."""
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
        found.extend(_raised_in(ast.parse(path.read_text("utf-8")), module))
    return found


def page() -> str:
    """The whole page in Markdown."""
    places = raised()
    lines = ["# Errors", "", "Made from the source by `docs/errors.py`. Every code is stable.", ""]
    for kind, meaning in CLASSES.items():
        of_kind = [place for place in places if place.kind == kind]
        codes = sorted({place.code for place in of_kind})
        if not codes:
            continue
        lines += [
            f"## {kind}",
            "",
            meaning,
            "",
            "| code | what it says | what to do | where |",
            "| --- | --- | --- | --- |",
        ]
        lines += [_row(code, [place for place in of_kind if place.code == code]) for code in codes]
        lines.append("")
    return "\n".join(lines)


def _row(code: str, places: list[Raised]) -> str:
    columns = [
        f'<a id="{code}"></a>`{code}`',
        "<br>".join(dict.fromkeys(_cell(place.words) for place in places if place.words)),
        "<br>".join(dict.fromkeys(_cell(place.hint) for place in places if place.hint)),
        ", ".join(dict.fromkeys(place.module.removeprefix("zhida.") for place in places)),
    ]
    return f"| {' | '.join(columns)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def _raised_in(tree: ast.Module, module: str) -> Iterator[Raised]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.Module):
            for node in _calls_of(function):
                named = {} if isinstance(function, ast.Module) else _named_texts(function, node.lineno)
                found = _raised_by(node, named, module)
                if found:
                    yield found


def _calls_of(function: ast.FunctionDef | ast.Module) -> Iterator[ast.Call]:
    """The calls in a function's own body, not in functions within it."""
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def _named_texts(function: ast.FunctionDef, before: int) -> dict[str, ast.expr]:
    """What each name was last given above a line."""
    assigned = [node for node in ast.walk(function) if isinstance(node, ast.Assign) and node.lineno < before]
    assigned.sort(key=lambda node: node.lineno)
    return {target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)}


def _raised_by(call: ast.Call, named: dict[str, ast.expr], module: str) -> Raised | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    texts = [_text(argument, named) for argument in call.args]
    keywords = {keyword.arg: _text(keyword.value, named) for keyword in call.keywords}
    if name in CLASSES and name != "AuthorError":
        kind, start = name, 0
    elif name in _AUTHOR_CALLS:
        kind = "AuthorError"
        start = next((at for at, node in enumerate(call.args) if _is_code(node)), len(texts))
    else:
        return None
    code = keywords.get("code") or (texts[start] if start < len(texts) else "")
    if not _CODE.match(code) or (kind == "AuthorError" and len(texts) < 2 and "code" not in keywords):
        return None
    after = texts[start + 1 :] if "code" not in keywords else texts
    words = keywords.get("words") or (" / ".join(filter(None, (keywords.get("zh"), keywords.get("en")))))
    words = words or (after[0] if after else "")
    hint = keywords.get("hint") or (after[1] if len(after) > 1 else "")
    return Raised(kind, code, words, hint, module)


def _is_code(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_CODE.match(node.value))


def _text(node: ast.expr, named: dict[str, ast.expr]) -> str:
    """A text as written, with … for every part that varies."""
    if isinstance(node, ast.Name) and node.id in named:
        node = named[node.id]
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell":
        return _BLANK.sub("…", _text(node.args[0], named)).replace("{{", "{").replace("}}", "}")
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

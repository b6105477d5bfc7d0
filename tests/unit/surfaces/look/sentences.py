"""Every Chinese sentence that the surfaces speak, found in templates and in code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SURFACES = Path(__file__).parents[4] / "src" / "zhida" / "surfaces"
FACES = ("look", "portal", "desk")
IN_TEMPLATE = re.compile(r"""\{%\s*say\s+(?:"([^"]+)"|'([^']+)')""")
HAN = re.compile(r"[㐀-鿿]")
ONLY_CHINESE = {"简体中文", "中文"}


def in_templates(face: str) -> Iterator[str]:
    """The first argument of each `say` tag."""
    for path in sorted((SURFACES / face / "templates").rglob("*.html")):
        for match in IN_TEMPLATE.finditer(path.read_text("utf-8")):
            yield match.group(1) or match.group(2)


def in_code(face: str) -> Iterator[str]:
    """Every string with Han characters that is no docstring: all of them reach a page, through `say` or a table."""
    for path in sorted((SURFACES / face).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        told = {id(node.args[0]) for node in ast.walk(tree) if _is_said(node)}
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | inside
            if is_text and (HAN.search(node.value) or id(node) in told):
                yield node.value


def _is_said(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "say_html") and bool(node.args)


def _has_docstring(node: ast.AST) -> bool:
    is_block = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
    return (
        is_block
        and bool(node.body)
        and isinstance(node.body[0], ast.Expr)
        and isinstance(node.body[0].value, ast.Constant)
    )


def spoken_sentences() -> dict[str, set[str]]:
    """Face to what it speaks."""
    return {face: {*in_templates(face), *in_code(face)} - ONLY_CHINESE for face in FACES}


TELLING = ("wrong", "add", "refuse", "_refuse", "problem", "_problem", "Problem", "_wrong", "tell")
NAMED = ("words", "hint", "CURES", "_SYNTAX_HINT")
AUTHORS = (
    "domain/packs",
    "domain/rules/language",
    "domain/scenarios",
    "services/authoring/publishing.py",
    "services/authoring/archive.py",
    "services/authoring/refusing.py",
    "services/structuring",
    "surfaces/cli/groundwork/declared.py",
)
NOT_AUTHORS = ("lint", "feel.py")


def told_to_authors() -> dict[str, str]:
    """Every English sentence that the domain tells authors of packs, and the file that tells it: all templates, and
    the constants that stand in a problem's words and hints."""
    source, found = SURFACES.parent, {}
    for part in AUTHORS:
        place = source / part
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if not set(NOT_AUTHORS) & set(path.parts):
                found |= dict.fromkeys(_told_in(ast.parse(path.read_text("utf-8"))), path.name)
    return found


def _told_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in TELLING:
            is_template = _called(node) == "tell"
            given = node.args[:1] if is_template else [*node.args, *(each.value for each in node.keywords)]
            yield from (text for each in given for text in _texts(each) if is_template or " " in text)
        elif _is_named(node) or (isinstance(node, ast.Yield) and node.value is not None):
            yield from (text for text in _texts(node.value) if " " in text)


def _is_named(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and bool({getattr(each, "id", "") for each in node.targets} & {*NAMED})


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Dict):
        yield from (text for each in node.values for text in _texts(each))

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

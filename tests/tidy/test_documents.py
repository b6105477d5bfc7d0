"""Every file says what it is for, and what is public says its promise."""

from __future__ import annotations

import ast

from docs.errors import CLASSES, PAGE, page
from tests.tidy.sources import public, sources

PUBLIC_DOCUMENTED = 0.9


def test_every_file_says_what_it_is_for() -> None:
    assert [source.path for source in sources() if not ast.get_docstring(source.tree)] == []


def test_what_is_public_says_its_promise() -> None:
    names = {name: bool(ast.get_docstring(node)) for source in sources() for name, node in public(source)}
    silent = sorted(name for name, is_documented in names.items() if not is_documented)
    assert len(silent) <= (1 - PUBLIC_DOCUMENTED) * len(names), silent


def test_the_page_of_errors_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python docs/errors.py"


def test_every_error_has_a_constant_code() -> None:
    """A code made at run time is one that no page can document; passing on another error's own code is none."""
    loose = [
        f"{source.path}:{node.lineno}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in CLASSES.keys() - {"AuthorError"}
        and not (node.args and _is_documented_elsewhere(node.args[0]))
    ]
    assert loose == []


def _is_documented_elsewhere(code: ast.expr) -> bool:
    return isinstance(code, ast.Constant) or (isinstance(code, ast.Attribute) and code.attr == "code")

"""What the tests of the books and of the proofs would notice: small wrongs put into the code one by one.

A mutant is one change in one place (a comparison, an operator, a number, a condition, a refusal left out). It is killed
where the module's own tests fail. Mutants are drawn in an order that comes from the seed, as many as the time allows.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.money.stage import Effort

SOURCE = Path("src/zhida/domain")
TESTS = {
    "postings": ["tests/unit/domain/postings", "tests/property/test_postings_books.py"],
    "proofs": ["tests/unit/domain/proofs", "tests/property/test_proofs_tree.py", "tests/conformance/test_rfc6962.py"],
}
LIMIT_S = 120
_SWAPS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class _Change(ast.NodeTransformer):
    """Makes the `wanted`-th change; with -1 only counts them. Annotations say nothing at run time and are left."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen, self.line = wanted, 0, 0

    def _is_now(self, node: ast.AST) -> bool:
        self.seen += 1
        if self.seen - 1 != self.wanted:
            return False
        self.line = getattr(node, "lineno", 0)
        return True

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.value = self.visit(node.value) if node.value else None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(each) for each in node.body]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if type(node.ops[0]) in _SWAPS and self._is_now(node):
            node.ops[0] = _SWAPS[type(node.ops[0])]()
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) in _SWAPS and self._is_now(node):
            node.op = _SWAPS[type(node.op)]()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._is_now(node):
            node.op = _SWAPS[type(node.op)]()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.Not) and self._is_now(node) else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) is int and self._is_now(node):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        if type(node.value) is bool and self._is_now(node):
            return ast.copy_location(ast.Constant(not node.value), node)
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if self._is_now(node) else node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self._is_now(node):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """How many of the drawn mutants were killed, in each room, and where those stand that were not."""
    until = effort.until()
    for room in TESTS:
        _check_that_truth_passes(room, home)
    drawn = [mutant for room in TESTS for mutant in _mutants(room)]
    Random(effort.seed).shuffle(drawn)
    tried = dict.fromkeys(TESTS, 0)
    survivors: list[str] = []
    for room, path, number in drawn[: effort.of(len(drawn))]:
        if time.monotonic() > until:
            break
        changed, line = _changed(path, number)
        tried[room] += 1
        if not _is_killed(room, path, changed, home):
            survivors.append(f"{path}:{line} ({number})")
    total = sum(tried.values())
    return {
        "mutants": len(drawn),
        "tried": total,
        "tried_postings": tried["postings"],
        "tried_proofs": tried["proofs"],
        "killed_share": round(1 - len(survivors) / max(total, 1), 3),
        "survivors": sorted(survivors),
        "seed": effort.seed,
    }


def _check_that_truth_passes(room: str, home: Path) -> None:
    """A mutant that is killed says something only where the unchanged code is not. Raises RuntimeError."""
    path = next(path for path in sorted((SOURCE / room).rglob("*.py")) if path.name != "__init__.py")
    if _is_killed(room, path, ast.unparse(ast.parse(path.read_text("utf-8"))), home):
        raise RuntimeError(f"the tests of {room} fail on the code as it stands")


def _mutants(room: str) -> Iterator[tuple[str, Path, int]]:
    for path in sorted((SOURCE / room).rglob("*.py")):
        counting = _Change(-1)
        counting.visit(ast.parse(path.read_text("utf-8")))
        yield from ((room, path, number) for number in range(counting.seen))


def _changed(path: Path, number: int) -> tuple[str, int]:
    change = _Change(number)
    tree = ast.fix_missing_locations(change.visit(ast.parse(path.read_text("utf-8"))))
    return ast.unparse(tree), change.line


def _is_killed(room: str, path: Path, changed: str, home: Path) -> bool:
    """The room's tests with the changed module in the place of the true one, in a process of their own."""
    draft = home / "mutant.py"
    draft.write_text(changed, "utf-8")
    module = ".".join(path.with_suffix("").relative_to("src").parts).removesuffix(".__init__")
    command = [sys.executable, "-m", "benchmarks.money.mutants", module, str(draft), *TESTS[room]]
    environment = {name: value for name, value in os.environ.items() if name not in {"ZHIDA_HOME", "ZHIDA_TEST_HOME"}}
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    try:
        done = subprocess.run(command, timeout=LIMIT_S, capture_output=True, check=False, env=environment)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _test(module: str, draft: str, tests: list[str]) -> int:
    """Runs tests where `module` is what the draft says."""
    import importlib.abc
    import importlib.util

    import pytest

    class Instead(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
            return importlib.util.spec_from_file_location(name, draft) if name == module else None

    sys.meta_path.insert(0, Instead())
    options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return int(pytest.main([*options, *tests]))


if __name__ == "__main__":
    sys.exit(_test(sys.argv[1], sys.argv[2], sys.argv[3:]))

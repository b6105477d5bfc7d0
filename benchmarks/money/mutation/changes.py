"""What can be wrong in one place of a module: a comparison, an operator, a number, a condition, a call left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

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


SEEN = "__seen__"
"""The name by which a marked function tells that it is run."""


@dataclass(frozen=True)
class Mutant:
    """The `number`-th change of a file, and where it stands."""

    path: Path
    number: int
    line: int
    what: str

    @property
    def name(self) -> str:
        """As a report names it."""
        return f"{self.path}:{self.line} {self.what} ({self.number})"

    def code(self) -> CodeType:
        """The whole module compiled with this one change, as if it came from the true file."""
        change = _Change(self.number)
        tree = ast.fix_missing_locations(change.visit(ast.parse(self.path.read_text("utf-8"))))
        return compile(tree, str(self.path.resolve()), "exec", dont_inherit=True)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change that a file allows."""
    tree, counting = ast.parse(path.read_text("utf-8")), _Change(-1)
    counting.visit(tree)
    yield from (Mutant(path, number, line, what) for number, (line, what) in enumerate(counting.places))


def marked(path: Path) -> CodeType:
    """The true module, of which every function first calls SEEN with its file and its first line."""
    tree = ast.parse(path.read_text("utf-8"))
    for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
        first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
        call = ast.Call(ast.Name(SEEN, ast.Load()), [ast.Constant((str(path), first))], [])
        function.body.insert(0, ast.copy_location(ast.Expr(call), function.body[0]))
    return compile(ast.fix_missing_locations(tree), str(path), "exec", dont_inherit=True)


class _Change(ast.NodeTransformer):
    """Makes the `wanted`-th change; with -1 only notes where they are. Annotations and what
    only a program started by hand runs are left."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.places = wanted, list[tuple[int, str]]()

    def _is_now(self, node: ast.expr | ast.stmt, what: str) -> bool:
        self.places.append((node.lineno, what))
        return len(self.places) - 1 == self.wanted

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
        for at, operator in enumerate(node.ops):
            if type(operator) in _SWAPS and self._is_now(node, type(operator).__name__):
                node.ops[at] = _SWAPS[type(operator)]()
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) in _SWAPS and self._is_now(node, type(node.op).__name__):
            node.op = _SWAPS[type(node.op)]()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._is_now(node, type(node.op).__name__):
            node.op = _SWAPS[type(node.op)]()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.Not) and self._is_now(node, "Not") else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if type(node.value) is int and self._is_now(node, str(node.value)[:12]):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        if type(node.value) is bool and self._is_now(node, str(node.value)):
            return ast.copy_location(ast.Constant(not node.value), node)
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if self._is_now(node, "raise") else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Call) and self._is_now(node, "call"):
            return ast.copy_location(ast.Pass(), node)
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Compare) and getattr(node.test.left, "id", "") == "__name__":
            return node
        self.generic_visit(node)
        if self._is_now(node, "if"):
            node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        return node

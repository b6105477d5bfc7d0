"""Putting a changed module in the place of a loaded one: its functions' code, and its plain constants."""

from __future__ import annotations

import ast
import functools
import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

_PLAIN = (int, str, bytes, tuple, frozenset, float)


class Loaded:
    """What this process has loaded of a file: its functions, wherever they are held, and its caches."""

    def __init__(self, path: Path) -> None:
        self.path, self.true = path, compile(ast.parse(path.read_text("utf-8")), str(path), "exec")
        found = gc.get_objects()
        self.functions = [each for each in found if type(each) is FunctionType and self._holds(each.__code__)]
        caches = [each for each in found if type(each) is functools._lru_cache_wrapper]
        self.caches = [each for each in caches if self._holds(getattr(each.__wrapped__, "__code__", None))]

    def _holds(self, code: CodeType | None) -> bool:
        return code is not None and code.co_filename == str(self.path)

    def plant(self, changed: CodeType) -> bool:
        """Makes all of it do as the changed module says; whether there was a place for the change.

        Results that the true code left in caches are forgotten.
        """
        before, after = _codes(self.true), _codes(changed)
        differing = {key for key, code in after.items() if _shell(before[key]) != _shell(code)}
        planted = False
        for function in self.functions:
            key = _key(function.__code__)
            if _holds_any(after.get(key), differing):
                try:
                    function.__code__ = after[key]
                    planted = True
                except ValueError:  # other names from around it: only a fresh import can take this one
                    return False
        if any(not _is_function(after[key]) for key in differing):
            planted = _plant_constants(changed, self.functions, self.path) or planted
        for cache in self.caches:
            cache.cache_clear()
        return planted


def _plant_constants(changed: CodeType, functions: list[FunctionType], path: Path) -> bool:
    """Runs the changed module aside, and carries over each plain value that came out otherwise, wherever it is known
    by the same name.
    """
    found = [vars(each) for each in [*sys.modules.values()] if isinstance(each, ModuleType)]
    spaces = [*{id(space): space for space in [*found, *(each.__globals__ for each in functions)]}.values()]
    own = [space for space in spaces if space.get("__file__") and Path(str(space["__file__"])).resolve() == path]
    if not own:
        return False
    aside: dict[str, Any] = {
        "__name__": own[0]["__name__"],
        "__file__": str(path),
        "__package__": own[0]["__package__"],
    }
    exec(changed, aside)
    planted = False
    for name, value in aside.items():
        true = own[0].get(name)
        if not isinstance(true, _PLAIN) or not isinstance(value, _PLAIN) or name.startswith("__") or true == value:
            continue
        for space in spaces:
            if space.get(name) is true or (space in own and name in space):
                space[name], planted = value, True
    return planted


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    return {_key(each): each for each in _within(code)}


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _within(constant)


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _shell(code: CodeType) -> tuple[Any, ...]:
    """What a code object says without what stands within it."""
    constants = tuple((type(each), each) for each in code.co_consts if not isinstance(each, CodeType))
    return code.co_code, repr(constants), code.co_names, code.co_varnames, code.co_freevars


def _holds_any(code: CodeType | None, keys: set[tuple[str, int]]) -> bool:
    return code is not None and any(_key(each) in keys for each in _within(code))


def _is_function(code: CodeType) -> bool:
    return code.co_name != "<module>" and bool(code.co_flags & 0x2)  # CO_NEWLOCALS: a class body has it not

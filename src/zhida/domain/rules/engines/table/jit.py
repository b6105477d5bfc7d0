"""Numba as the kernels use it: machine code without the GIL, and three instructions that Python has no words for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pkgutil import get_data
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])
_LANES = 64
_TOGETHER = ("amounts", "jit", "kernels_amounts", "kernels_lists", "kernels_nodes", "kernels_numba", "plan", "store")
_MARK = hashlib.sha256(b"".join(get_data(__package__, f"{name}.py") or b"" for name in _TOGETHER)).hexdigest()[:12]


def compiled(function: F) -> F:
    """The function as machine code, kept beside the source; where nothing can be kept, compiled in each process.

    What is kept is named by a digest of all kernels, since numba looks only at the one file that a function stands in.
    It counts no references (`_nrt`), since two threads that count on one array wait for each other; so it must make no
    arrays, and is handed what it needs.
    """
    function.__qualname__ = f"{function.__qualname__}_{_MARK}"
    options = {"nogil": True, "error_model": "numpy", "_nrt": False}
    try:
        return cast(F, njit(cache=True, **options)(function))
    except RuntimeError:
        return cast(F, njit(**options)(function))


def _word_in_range(typing: Any, codes: Any, at: Any, low: Any, span: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        lanes, number = ir.VectorType(ir.IntType(16), _LANES), ir.IntType(32)
        start = builder.bitcast(builder.gep(array.data, [arguments[1]]), lanes.as_pointer())
        held = builder.load(start, align=2)
        everywhere, empty = ir.Constant(ir.VectorType(number, _LANES), None), ir.Constant(lanes, ir.Undefined)
        firsts = (builder.insert_element(empty, one, ir.Constant(number, 0)) for one in arguments[2:])
        least, width = (builder.shuffle_vector(first, empty, everywhere) for first in firsts)
        inside = builder.icmp_unsigned("<", builder.sub(held, least), width)
        return builder.bitcast(inside, ir.IntType(_LANES))

    return types.uint64(codes, types.intp, types.uint16, types.uint16), build


def _ones_in(typing: Any, word: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), build


def _lowest_in(typing: Any, word: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), build


word_in_range: Any = intrinsic(_word_in_range)
"""(codes, at, low, span): a bit for each of 64 codes from `at` on, whether low <= code < low + span: one compare."""
ones_in: Any = intrinsic(_ones_in)
"""How many bits of a word are set."""
lowest_in: Any = intrinsic(_lowest_in)
"""The place of the lowest set bit of a word that has one."""

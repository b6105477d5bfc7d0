"""Numba as the kernels use it: machine code without the GIL, and three instructions that Python has no words for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pkgutil import get_data
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])
_LANES = 64
_TOGETHER = (
    *("amounts", "jit", "plan", "store"),
    *(f"kernels_{name}" for name in ("amounts", "lists", "nodes", "numba", "order", "pieces")),
)
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


def inlined(function: F) -> F:
    """As `compiled`, for small functions that stand in the innermost loops: their code becomes part of their callers'.

    A call hands over seven words for each array.
    """
    return cast(F, njit(nogil=True, error_model="numpy", _nrt=False, forceinline=True)(function))


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


def _list_word(typing: Any, word: Any, first: Any, listed: Any, at: Any) -> Any:
    half = _LANES // 2
    lanes, places = ir.VectorType(ir.IntType(16), half), ir.VectorType(ir.IntType(1), half)
    everywhere = ir.Constant(ir.VectorType(ir.IntType(32), half), None)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, start, _, to = arguments
        array = context.make_array(signature.args[2])(context, builder, arguments[2])
        kind = ir.FunctionType(lanes, [lanes, places, lanes])
        name = f"llvm.experimental.vector.compress.v{half}i16"
        compress = cgutils.get_or_insert_function(builder.module, kind, name)
        for shift in (0, half):
            mine = builder.trunc(builder.lshr(bits, ir.Constant(ir.IntType(_LANES), shift)), ir.IntType(half))
            base = builder.add(builder.trunc(start, ir.IntType(16)), ir.Constant(ir.IntType(16), shift))
            base = builder.insert_element(ir.Constant(lanes, ir.Undefined), base, ir.Constant(ir.IntType(32), 0))
            base = builder.shuffle_vector(base, ir.Constant(lanes, ir.Undefined), everywhere)
            rows = builder.add(base, ir.Constant(lanes, [*range(half)]))
            held = builder.call(compress, [rows, builder.bitcast(mine, places), ir.Constant(lanes, ir.Undefined)])
            builder.store(held, builder.bitcast(builder.gep(array.data, [to]), lanes.as_pointer()), align=2)
            to = builder.add(to, builder.zext(builder.ctpop(mine), ir.IntType(64)))
        return to

    return types.int64(types.uint64, types.int64, listed, types.int64), build


word_in_range: Any = intrinsic(_word_in_range)
"""(codes, at, low, span): a bit for each of 64 codes from `at` on, whether low <= code < low + span: one compare."""
ones_in: Any = intrinsic(_ones_in)
"""How many bits of a word are set."""
list_word: Any = intrinsic(_list_word)
"""(word, first, listed, at): writes first + the place of each set bit to `listed` from `at` on; where the next goes.
What stands in the 64 places from `at` on is overwritten, however few bits are set."""
lowest_in: Any = intrinsic(_lowest_in)
"""The place of the lowest set bit of a word that has one."""

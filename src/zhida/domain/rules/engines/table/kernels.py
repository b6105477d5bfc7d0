"""Which back end computes: numba where it is installed, numpy where it is not, or the one that is asked for."""

from __future__ import annotations

from types import ModuleType

from zhida.domain.errors import ConflictError
from zhida.domain.rules.engines.table import kernels_numpy


def kernel_named(name: str = "") -> ModuleType:
    """The kernel of a name ("numpy", "numba"; "" the fastest there is). Raises ConflictError `no_such_kernel`."""
    if name not in ("", "numpy", "numba"):
        raise ConflictError("no_such_kernel", f"{name} is no kernel", "ask for numpy or numba")
    if name == "numpy":
        return kernels_numpy
    try:
        from zhida.domain.rules.engines.table import kernels_numba
    except ImportError as missing:
        if name:
            raise ConflictError("no_such_kernel", "numba is not installed", "install it, or ask for numpy") from missing
        return kernels_numpy
    return kernels_numba

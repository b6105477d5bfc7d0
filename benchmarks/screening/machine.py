"""The machine and the versions that a figure was measured with."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory and system, as one line."""
    told = dict(
        line.split(":", 1) for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if line.count(":") == 1
    )
    named = {key.strip(): value.strip() for key, value in told.items()}
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    cache = named.get("cache size", "cache unknown")
    wide = "AVX-512" if "avx512f" in named.get("flags", "") else "AVX2" if "avx2" in named.get("flags", "") else ""
    parts = (named.get("model name", platform.machine()), f"{cores} cores", cache, wide, f"{memory:.0f} GiB")
    return ", ".join(part for part in (*parts, f"{platform.system()} {platform.release()}") if part)


def load() -> float:
    """How busy the machine was in the last minute: 0 is idle, above its cores it is crowded."""
    return os.getloadavg()[0]


def versions() -> dict[str, str]:
    """What ours runs on; peers tell their own."""
    names = ("zhida", "numpy", "numba", "pyarrow")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}

"""The simulated treasury as a process of its own that speaks HTTP, as a real one would."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def treasury_process(home: Path) -> Iterator[str]:
    """Runs the simulator on a free port, its books under the home; the address. It ends with the context."""
    arguments = ["-m", "zhida.adapters.treasury.simulator", "--port", "0", "--home", str(home / "treasury")]
    with subprocess.Popen(  # noqa: S603 (our own interpreter, our own words)
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the treasury simulator has no output")
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
            process.wait(timeout=10)

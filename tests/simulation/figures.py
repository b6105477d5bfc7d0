"""Figures that tests of money have seen, kept beside those of `make soak` where ZHIDA_FIGURES names the file."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def keep(part: str, found: Mapping[str, Any]) -> None:
    """Puts what a part found under `tests` in the JSON; nothing happens where no file is named."""
    named = os.environ.get("ZHIDA_FIGURES")
    if not named:
        return
    path = Path(named)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        figures = json.loads(file.read() or "{}")
        figures.setdefault("tests", {})[part] = dict(found)
        file.truncate(0)
        file.write(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")

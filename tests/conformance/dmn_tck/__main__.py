"""`python -m tests.conformance.dmn_tck PATH [--json]`: exit 1 where a case in scope fails."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conformance.dmn_tck.report import as_json, as_text
from tests.conformance.dmn_tck.runner import FAILED, run_all


def main() -> int:
    """Runs the TCK at PATH and prints its counts."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.dmn_tck", description=__doc__)
    parser.add_argument("path", type=Path, help="the TCK as a zip or a folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    if not arguments.path.exists():
        parser.error(f"{arguments.path} is absent")
    verdicts = run_all(arguments.path)
    sys.stdout.write((as_json if arguments.json else as_text)(verdicts) + "\n")
    return int(not verdicts or any(verdict.outcome == FAILED for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())

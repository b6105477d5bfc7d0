"""Writes a bill of materials (SBOM, CycloneDX 1.5) of all that requirements.lock pins, tools included.

Each part has its version, its package URL, the hashes that the installer checks, and its licence as its own metadata
say it. Nothing is fetched, and the same lock gives the same bytes. Run `make sbom`.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PART = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?:\s*;.*?)?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def parts(lock: str) -> Iterator[dict[str, Any]]:
    """Each pinned package of a lock file, in its order."""
    found: dict[str, Any] = {}
    for line in lock.splitlines():
        if pinned := _PART.match(line):
            if found:
                yield found
            found = _part(pinned[1], pinned[2])
        elif (digest := _HASH.search(line)) and found:
            found["hashes"].append({"alg": "SHA-256", "content": digest[1]})
    if found:
        yield found


def _part(name: str, version: str) -> dict[str, Any]:
    address = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    told: dict[str, Any] = {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}
    if licence := _licence(name):
        told["licenses"] = [{"license": {"name": licence}}]
    return {**told, "hashes": []}


def _licence(name: str) -> str:
    """What the installed package says of its licence; "" where it is not installed or says nothing short."""
    try:
        known = metadata(name)
    except PackageNotFoundError:
        return ""
    classes = [one.rpartition(":: ")[2] for one in known.get_all("Classifier") or [] if one.startswith("License ::")]
    said = known.get("License-Expression") or " AND ".join(classes) or (known.get("License") or "").strip()
    return said if "\n" not in said else ""


def bill(lock: str, version: str) -> dict[str, Any]:
    """The whole bill of materials."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "zhida", "name": "zhida", "version": version}},
        "components": list(parts(lock)),
    }


def main() -> None:
    """Writes the bill to the file that is named, or prints it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args().file
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    told = bill((ROOT / "requirements.lock").read_text("utf-8"), version)
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    if given is None:
        print(text, end="")
        return
    given.parent.mkdir(parents=True, exist_ok=True)
    given.write_text(text, "utf-8")
    print(f"{given}: {len(told['components'])} parts")


if __name__ == "__main__":
    main()

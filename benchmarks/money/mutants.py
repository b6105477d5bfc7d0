"""What the tests of books, proofs, verifiers and permissions would notice: small wrongs put into the code one by one.

A mutant is one change in one place: a comparison, an operator, a number, a condition, a refusal or a call left out. It
is killed where a test of its room fails, never ends or crashes. All of a room's mutants are tried, unless time is
short: then as many as there is time for, in an order that comes from the seed. Those that no change of loaded code can
show (defaults of a class, say) are tried in a process that imports them changed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.money.mutation.changes import Mutant, mutants_of
from benchmarks.money.stage import Effort

_SRC, _UNIT = Path("src/zhida"), "tests/unit"
LIMIT_S = 600


@dataclass(frozen=True)
class Room:
    """Code that belongs together: files or folders, and the tests that must notice what is wrong in it."""

    code: Sequence[Path]
    tests: Sequence[str]

    def mutants(self) -> list[Mutant]:
        """All that its files allow."""
        files = [file for path in self.code for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
        return [mutant for file in files for mutant in mutants_of(file)]


ROOMS = {
    "postings": Room([_SRC / "domain/postings"], [f"{_UNIT}/domain/postings", "tests/property/test_postings_books.py"]),
    "proofs": Room(
        [_SRC / "domain/proofs"],
        [
            f"{_UNIT}/domain/proofs",
            f"{_UNIT}/kernel/ledger",
            f"{_UNIT}/services/mirroring",
            f"{_UNIT}/services/witnessing",
            "tests/property/test_proofs_tree.py",
            "tests/conformance/test_rfc6962.py",
            "tests/conformance/test_gm_vectors.py",
            "tests/conformance/test_receipt_paper.py",
            "tests/conformance/test_second_verifier.py",
            "tests/conformance/test_second_verifier_edges.py",
            "tests/simulation/test_ledger_attacks.py",
        ],
    ),
    "verifier": Room(
        [_SRC / "surfaces/look/static/look/verify_receipt.py"],
        [
            "tests/conformance/test_second_verifier.py",
            "tests/conformance/test_second_verifier_edges.py",
            "tests/conformance/test_receipt_paper.py",
            "tests/conformance/test_gm_vectors.py",
        ],
    ),
    "permissions": Room(
        [
            _SRC / "domain/values/actor.py",
            _SRC / "kernel/offices/queries.py",
            _SRC / "kernel/offices/actions.py",
            _SRC / "kernel/offices/spans.py",
            _SRC / "kernel/registry/access.py",
            _SRC / "surfaces/desk/officers.py",
            _SRC / "surfaces/api/callers.py",
        ],
        [
            f"{_UNIT}/domain/values",
            f"{_UNIT}/kernel/offices",
            f"{_UNIT}/kernel/registry",
            f"{_UNIT}/kernel/funds/test_signatures.py",
            f"{_UNIT}/surfaces/desk",
            f"{_UNIT}/surfaces/api",
        ],
    ),
}


def measure(effort: Effort, home: Path) -> dict[str, Any]:
    """How many mutants of each room were tried and killed, and those that were not, by file and line.

    What a room came to is kept once it is through; a run that was cut off goes on with the rooms that are not.
    """
    rooms: dict[str, dict[str, Any]] = dict(effort.before.get("rooms", {}))
    for name, room in ROOMS.items():
        mutants = room.mutants()
        if rooms.get(name, {}).get("tried", -1) >= effort.of(len(mutants)):
            continue
        drawn = mutants[:]
        Random(effort.seed).shuffle(drawn)
        results = try_all(room, drawn[: effort.of(len(drawn))], home / f"{name}.jsonl", effort.minutes / len(ROOMS))
        survivors = sorted(f"{each}: {told}" for each, told in results.items() if not told.startswith("killed"))
        rooms[name] = {"mutants": len(mutants), "tried": len(results), "survivors": survivors}
        effort.keep(_summed(rooms, effort.seed))
    found = _summed(rooms, effort.seed)
    return found | {"left": effort.of(found["mutants"]) - found["tried"]}


def _summed(rooms: Mapping[str, Mapping[str, Any]], seed: int) -> dict[str, Any]:
    """The rooms together, as the report tells them."""
    tried = sum(room["tried"] for room in rooms.values())
    survivors = [each for room in rooms.values() for each in room["survivors"]]
    killed = {
        f"killed_{name}": f"{room['tried'] - len(room['survivors'])} of {room['tried']}" for name, room in rooms.items()
    }
    return {
        "mutants": sum(room["mutants"] for room in rooms.values()),
        "tried": tried,
        "killed": tried - len(survivors),
        "killed_share": round((tried - len(survivors)) / max(tried, 1), 3),
        **killed,
        "seed": seed,
        "survivors": survivors,
        "rooms": rooms,
    }


def try_all(room: Room, mutants: Sequence[Mutant], out: Path, minutes: float) -> dict[str, str]:
    """What became of each mutant, by its name; with `minutes` as many as time allowed.

    Raises RuntimeError where the tests fail on the code as it stands.
    """
    asked = out.with_suffix(".json")
    asked.write_text(json.dumps([[str(each.path), each.number] for each in mutants]), "utf-8")
    command = [sys.executable, "-m", "benchmarks.money.mutants", "all", str(asked), str(out), str(minutes), *room.tests]
    subprocess.run(command, capture_output=True, check=False, env=_environment())
    told = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    if not told:
        raise RuntimeError(f"the tests of {room.code[0]} fail on the code as it stands")
    results = {each["name"]: each["result"] for each in told}
    by_name = {each.name: each for each in mutants}
    ends = time.monotonic() + (minutes * 30 or 10**9)
    for name in [name for name, result in results.items() if result in {"no place", "not run"}]:
        if time.monotonic() > ends:
            del results[name]
        else:
            results[name] = _imported_changed(room, by_name[name])
    return results


def _imported_changed(room: Room, mutant: Mutant) -> str:
    command = [sys.executable, "-m", "benchmarks.money.mutants", "one", str(mutant.path), str(mutant.number)]
    try:
        done = subprocess.run(
            [*command, *room.tests], timeout=LIMIT_S, capture_output=True, check=False, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return "killed: never ends"
    return "killed" if done.returncode else "survived"


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"ZHIDA_HOME", "ZHIDA_TEST_HOME"}}
    return kept | {"DJANGO_SETTINGS_MODULE": "benchmarks.money.mutation.settings", "PYTHONHASHSEED": "0"}


def _test_one(path: Path, number: int, tests: list[str]) -> int:
    """Runs tests where the file is imported with the change in it."""
    import importlib.abc
    import importlib.machinery
    import importlib.util

    import pytest

    mutant = next(each for each in mutants_of(path) if each.number == number)

    class Changed(importlib.machinery.SourceFileLoader):
        def get_code(self, fullname: str) -> Any:
            return mutant.code()

    class Instead(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, _: Any = None, target: Any = None) -> Any:
            if name != module:
                return None
            return importlib.util.spec_from_loader(name, Changed(name, str(path.resolve())))

    module = ".".join(path.with_suffix("").relative_to("src").parts).removesuffix(".__init__")
    sys.meta_path.insert(0, Instead())
    options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore"]
    return int(pytest.main([*options, *tests]))


def _test_all(asked: Path, out: Path, minutes: float, tests: list[str]) -> int:
    from benchmarks.money.mutation.trial import test

    known: dict[str, dict[int, Mutant]] = {}
    wanted = []
    for path, number in json.loads(asked.read_text("utf-8")):
        if path not in known:
            known[path] = {each.number: each for each in mutants_of(Path(path))}
        wanted.append(known[path][number])
    return test(wanted, tests, out, minutes)


if __name__ == "__main__":
    if sys.argv[1] == "all":
        sys.exit(_test_all(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]), sys.argv[5:]))
    sys.exit(_test_one(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))

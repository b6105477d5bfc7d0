"""What the tests of books, proofs, verifiers and permissions would notice: small wrongs put into the code one by one.

A mutant is one change in one place: a comparison, an operator, a number, a condition, a refusal or a call left out. It
is killed where a test of its room fails, never ends or crashes. All of a room's mutants are tried, unless time is
short: then as many as there is time for, in an order that comes from the seed. Those that no change of loaded code can
show (defaults of a class, say) are tried in a process that imports them changed.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.money.mutation.changes import Mutant, mutants_of
from benchmarks.money.stage import Effort

_SRC, _UNIT = Path("src/zhida"), "tests/unit"
KEPT = Path(".zhida/benchmarks/money/mutants")
LIMIT_S = 300
_LOOK_S = 5
_ELSEWHERE = {"no place", "not run"}
"""What a fork cannot show, code that runs only where it is imported: such a mutant is tried in a process of its own."""
_SURVIVED_IMPORTED = "survived: imported"


@dataclass(frozen=True)
class Room:
    """Code that belongs together: files or folders, and the tests that must notice what is wrong in it.

    `more` are slower ones, run only where the others notice nothing.
    """

    code: Sequence[Path]
    tests: Sequence[str]
    more: Sequence[str] = ()

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
            "tests/property/test_proofs_tree.py",
            "tests/conformance/test_rfc6962.py",
            "tests/conformance/test_gm_vectors.py",
        ],
        [
            f"{_UNIT}/kernel/ledger",
            f"--ignore={_UNIT}/kernel/ledger/test_race.py",  # threads share no database in memory
            f"{_UNIT}/services/mirroring",
            f"{_UNIT}/services/witnessing",
            "tests/conformance/test_receipt_paper.py",
            "tests/conformance/test_second_verifier.py",
            "tests/simulation/test_ledger_attacks.py",
        ],
    ),
    "verifier": Room(
        [_SRC / "surfaces/look/static/look/verify_receipt.py"],
        [
            "tests/conformance/test_second_verifier.py",
            "tests/conformance/test_second_verifier_edges.py",
            "tests/conformance/test_second_verifier_bounds.py",
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
            f"{_UNIT}/kernel/registry/test_access.py",
            f"{_UNIT}/surfaces/desk/test_doors.py",
            f"{_UNIT}/surfaces/api/test_callers.py",
        ],
        [
            f"{_UNIT}/kernel/funds/test_signatures.py",
            f"{_UNIT}/surfaces/desk/test_money.py",
            f"{_UNIT}/surfaces/desk/test_worklist.py",
            f"{_UNIT}/surfaces/api/test_cases.py",
            "tests/tidy/test_habits.py::test_no_migration_is_missing",
        ],
    ),
}


def measure(effort: Effort) -> dict[str, Any]:
    """How many mutants of each room were tried and killed, and those that were not, by file and line.

    What became of each is kept as it is told, under the digest of its file: a run that was cut off goes on with those
    that are left, and tries anew what survived or stands in a file that was changed.
    """
    if not effort.before:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    drawn = {name: _drawn(room, effort) for name, room in ROOMS.items()}
    rooms = {name: _room(mutants, {}) for name, mutants in drawn.items()}
    until = effort.until()
    for at, (name, room) in enumerate(ROOMS.items()):
        out = KEPT / f"{name}-{effort.share}.jsonl"
        share_s = (until - time.monotonic()) / (len(ROOMS) - at)
        for results in tried(room, drawn[name], out, time.monotonic() + share_s):
            rooms[name] = _room(drawn[name], results)
            effort.keep(_summed(rooms, effort.seed))
    return _summed(rooms, effort.seed) | {"left": sum(room["mutants"] - room["tried"] for room in rooms.values())}


def _room(mutants: Sequence[Mutant], results: Mapping[str, str]) -> dict[str, Any]:
    survivors = sorted(f"{each}: {told}" for each, told in results.items() if not told.startswith("killed"))
    return {"mutants": len(mutants), "tried": len(results), "survivors": survivors}


def _drawn(room: Room, effort: Effort) -> list[Mutant]:
    mutants = room.mutants()
    return Random(effort.seed).sample(mutants, effort.of(len(mutants)))


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


def tried(room: Room, mutants: Sequence[Mutant], out: Path, until: float) -> Iterator[dict[str, str]]:
    """What became of each mutant, by its name, told again as more is known; `until` is of `time.monotonic`.

    Raises RuntimeError where the tests fail on the code as it stands.
    """
    of = {str(path): sha256(path.read_bytes()).hexdigest() for path in {each.path for each in mutants}}
    yield _told(out, of)
    rounds = [room.tests, [*room.tests, *room.more]] if room.more else [room.tests]
    for attempt in (_by_planting, _by_importing):
        for tests in rounds:
            known = _told(out, of)
            rest = [each for each in mutants if not known.get(each.name, "").startswith("killed")]
            if rest and time.monotonic() < until:
                yield from attempt(tests, rest, out, of, until)
    yield _told(out, of)


def _told(out: Path, of: Mapping[str, str]) -> dict[str, str]:
    """The last that was told of each mutant of a file as it stands now, but for those that a fork could not show."""
    return {name: told for name, told in _last(out, of).items() if told not in _ELSEWHERE}


def _last(out: Path, of: Mapping[str, str]) -> dict[str, str]:
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()] if out.exists() else []
    return {each["name"]: each["result"] for each in lines if of.get(each["path"]) == each["of"]}


def _keep(out: Path, told: Mapping[str, Any]) -> None:
    with out.open("a", encoding="utf-8") as file:
        file.write(json.dumps(told) + "\n")


def _by_planting(
    tests: Sequence[str], mutants: Sequence[Mutant], out: Path, of: Mapping[str, str], until: float
) -> Iterator[dict[str, str]]:
    """One process of pytest that forks for each mutant; what is told by now, every few seconds."""
    asked = out.with_suffix(".json")
    asked.write_text(json.dumps([[str(each.path), each.number, of[str(each.path)]] for each in mutants]), "utf-8")
    before = out.stat().st_size if out.exists() else 0
    minutes = min((until - time.monotonic()) / 60, 10**6)
    command = [sys.executable, "-m", "benchmarks.money.mutants", "all", str(asked), str(out), str(minutes), *tests]
    said = out.with_suffix(".log")
    with (
        said.open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=_environment()) as trial,
    ):
        while trial.poll() is None:
            time.sleep(_LOOK_S)
            yield _told(out, of)
    if (out.stat().st_size if out.exists() else 0) == before:
        raise RuntimeError(f"the tests of {mutants[0].path.parent} fail on the code as it stands: see {said}")


def _by_importing(
    tests: Sequence[str], mutants: Sequence[Mutant], out: Path, of: Mapping[str, str], until: float
) -> Iterator[dict[str, str]]:
    """A process for each that a fork could not show, which may use LIMIT_S seconds of the processor."""
    last = _last(out, of)
    for mutant in mutants:
        if last.get(mutant.name) in {*_ELSEWHERE, _SURVIVED_IMPORTED} and time.monotonic() < until:
            path = str(mutant.path)
            command = [sys.executable, "-m", "benchmarks.money.mutants", "one", path, str(mutant.number), *tests]
            ended = subprocess.run(command, capture_output=True, check=False, env=_environment()).returncode
            told = "killed: never ends" if ended == -signal.SIGXCPU else "killed" if ended else _SURVIVED_IMPORTED
            _keep(out, {"name": mutant.name, "path": path, "result": told, "of": of[path]})
            yield _told(out, of)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"ZHIDA_HOME", "ZHIDA_TEST_HOME"}}
    return kept | {"DJANGO_SETTINGS_MODULE": "benchmarks.money.mutation.settings", "PYTHONHASHSEED": "0"}


def _test_one(path: Path, number: int, tests: list[str]) -> int:
    """Runs tests where the file is imported with the change in it."""
    import importlib.abc
    import importlib.machinery
    import importlib.util

    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S + 5))
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
    wanted, of = [], {}
    for path, number, digest in json.loads(asked.read_text("utf-8")):
        if path not in known:
            known[path], of[path] = {each.number: each for each in mutants_of(Path(path))}, digest
        wanted.append(known[path][number])
    return test(wanted, tests, lambda told: _keep(out, {**told, "of": of[told["path"]]}), minutes)


if __name__ == "__main__":
    if sys.argv[1] == "all":
        sys.exit(_test_all(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]), sys.argv[5:]))
    sys.exit(_test_one(Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))

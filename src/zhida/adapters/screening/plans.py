"""Plans kept by what they were made from: the revisions of their items, and the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from zhida.adapters.screening.folders import whole
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules import Program
from zhida.domain.rules.engines.table import Plan, compile_plan
from zhida.kernel.entitlements.ports import Task

KEPT = 8


def plan_of(folder: Path, task: Task) -> tuple[Path, Plan]:
    """The plan of a task's items, and the file it is kept in: read where it is kept, else compiled and kept.

    One that is cut off, of an older format or of other packs than its name says is refused and compiled anew.
    """
    path = plan_path(folder, task)
    try:
        return path, read_plan(path, task.packs)
    except (FileNotFoundError, InvariantBroken, ConflictError):
        owners: dict[str, str] = {}
        plan = compile_plan(_noted(task.programs(), owners), task.day, packs=task.packs, owners=owners)
    with whole(path) as draft:
        draft.write_bytes(plan.to_bytes())
    for old in sorted(folder.iterdir(), key=lambda each: -each.stat().st_mtime)[KEPT:]:
        old.unlink(missing_ok=True)
    return path, plan


def _noted(programs: Iterable[tuple[Program, str]], owners: dict[str, str]) -> Iterator[Program]:
    """The programs one after the other, none of them kept; who owns each is noted before it is given."""
    for program, owner in programs:
        owners[program.item] = owner
        yield program


def plan_path(folder: Path, task: Task) -> Path:
    """Where the plan of a task's items is kept."""
    return folder / f"{task.population.kind}.{task.packs[:32]}.{task.day.isoformat()}.arrow"


def read_plan(path: Path, packs: str) -> Plan:
    """A kept plan. Raises FileNotFoundError, InvariantBroken `unreadable_plan`, and ConflictError `plan_out_of_date`
    where the packs are no longer those it was made from."""
    plan = Plan.from_bytes(path.read_bytes())
    plan.refuse_older_than(packs)
    return plan

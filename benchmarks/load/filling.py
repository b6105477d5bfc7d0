"""A large installation: a made-up province's packs published, its firms landed, its people given accounts, its cases
written by the database itself, under the same constraints as any case. Each step is done once and kept."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).with_name("cases.sql")
PROCESS = "review:\n  - {check: {by: system}}\n  - {review: {by: owner, within_working_days: 10}}\n"
FULFIL = "fulfil:\n  - {pay: {within_working_days: 10}}\n"
PEOPLE, REVIEWERS = 200, 100


@dataclass(frozen=True)
class Size:
    """How large: items published, cases, firms."""

    items: int
    cases: int
    firms: int


def fill(folder: Path, size: Size, tell: Callable[[str], None]) -> None:
    """Fills the database of ZHIDA_DATABASE_URL and the home in a folder; what was done before is left alone."""
    packs = folder / "packs"
    steps: list[tuple[str, Callable[[], None]]] = [
        ("packs", lambda: _packs(packs, size.items)),
        ("published", lambda: _inside("published", str(packs))),
        ("firms", lambda: _zhida("registry", "generate", "--packs", str(packs), "--organisations", str(size.firms))),
        ("snapshot", lambda: _zhida("registry", "snapshot")),
        ("screened", lambda: _zhida("screen")),
        ("index", lambda: _zhida("search", "rebuild")),
        ("accounts", lambda: _inside("accounts")),
        ("cases", lambda: _inside("cases", str(size.cases))),
        ("counted", lambda: _zhida("worker", "count")),
    ]
    for name, step in steps:
        done = folder / f"{name}.done"
        if not done.exists():
            tell(f"{name} …")
            step()
            done.touch()


def _zhida(*words: str) -> None:
    command = [sys.executable, "-m", "zhida.surfaces.cli.main", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _inside(*words: str) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-m", "benchmarks.load.filling", *words], check=True)


def _packs(folder: Path, items: int) -> None:
    """As generated, but a person reviews each claim: officers' pages are what is measured."""
    _zhida("pack", "generate", "--items", str(items), "--out", str(folder))
    for path in folder.glob("*/*/process.yaml"):
        path.write_text(PROCESS + FULFIL, "utf-8")


def published(folder: Path) -> None:
    """Publishes every pack as bronze: the rows that publishing writes, without working out each pack's tier, which
    takes seconds a pack."""
    from django.db import transaction

    from zhida.domain import packs
    from zhida.domain.values import Actor
    from zhida.kernel.catalogue import actions, rows, shelf
    from zhida.kernel.catalogue.models import PackRevision, Policy, RevisionFile
    from zhida.kernel.ports import clock
    from zhida.surfaces.cli.folders import open_root, read_files

    by, as_of = Actor("benchmark", "operator"), clock().now()
    actions.publish_shared(files=read_files(folder), by=by, as_of=as_of)
    root = open_root(folder)
    for pack in root.packs.values():
        revision = packs.revision_of(root, pack)
        if PackRevision.objects.filter(hash=revision.hash).exists():
            continue
        with transaction.atomic():
            policy, _ = Policy.objects.get_or_create(id=pack.id)
            row = rows.revision_row(pack, revision.hash, policy, "bronze", by=by, as_of=as_of)
            row.number = 1
            row.save(force_insert=True)
            digests = shelf.store(revision.files)
            RevisionFile.objects.bulk_create(
                RevisionFile(revision=row, path=path, content_id=digest) for path, digest in digests.items()
            )
            rows.insert_faces(pack, row)


def accounts() -> None:
    """People with a mandate for a firm each, reviewers at the offices that own most, a supervisor of the province."""
    from django.db.models import Count

    from zhida.domain.values import Actor
    from zhida.kernel.accounts.actions import open_account
    from zhida.kernel.catalogue.models import ItemRow
    from zhida.kernel.offices import actions as offices
    from zhida.kernel.ports import clock
    from zhida.kernel.registry.models import Subject

    by, as_of = Actor("benchmark", "operator"), clock().now()
    firms = Subject.objects.exclude(region="").order_by("key").values_list("id", flat=True)[:PEOPLE]
    for number, firm in enumerate(firms):
        account = open_account(login_name=f"person{number}", as_of=as_of)
        offices.give_mandate(account_id=account, subject_id=firm, source="register", by=by, as_of=as_of)
    owners = ItemRow.objects.values_list("owner_office").annotate(n=Count("pk")).order_by("-n", "owner_office")
    for number, (office, _) in enumerate(owners[:REVIEWERS]):
        account = open_account(login_name=f"reviewer{number}", as_of=as_of)
        offices.appoint(account_id=account, office_id=office, role="reviewer", by=by, as_of=as_of)
    whole = next(office for office, _ in owners if office.startswith("office-990000"))
    account = open_account(login_name="supervisor", as_of=as_of)
    offices.appoint(account_id=account, office_id=whole, role="supervisor", by=by, as_of=as_of)


def cases(count: int) -> None:
    """Cases of the last two years, drawn by the database; 5 in 100 are under way."""
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in CASES.read_text("utf-8").split(";\n"):
            if statement.strip():
                cursor.execute(statement.replace(":cases", str(int(count))))


def sizes() -> dict[str, Any]:
    """Rows of what pages read."""
    from zhida.kernel.cases.models import Case, Grant, Step
    from zhida.kernel.catalogue.models import ItemRow, PackRevision
    from zhida.kernel.registry.models import Subject

    tables = {
        "policies": PackRevision,
        "items": ItemRow,
        "firms": Subject,
        "cases": Case,
        "steps": Step,
        "grants": Grant,
    }
    return {name: table.objects.count() for name, table in tables.items()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhida.config.settings")
    import django

    django.setup()
    match sys.argv[1:]:
        case ["published", where]:
            published(Path(where))
        case ["accounts"]:
            accounts()
        case ["cases", count]:
            cases(int(count))

"""A small province from end to end: packs, people, screening, claims, decisions, payments, proof.

Then the product, served on this machine, with accounts to log in to.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import click

from zhida.surfaces.cli.groundwork.installation import set_up

_PACKS = Path(__file__).parents[4] / "packs"
_MARK = "demo"
_DONE = "figures.json"
_STAGES = {
    "packs": "政策入库  publishing packs, checking every one",
    "population": "数据归集  drawing people and firms, landing every source",
    "replay": "历史回放  replaying past decisions: packs earn gold",
    "screening": "全省筛查  screening everyone × everything",
    "notices": "政策找人  telling those entitled",
    "claims": "申领  one tap, one form, or nothing at all",
    "cases": "办理兑现  review, notice, decision, payment, day by day",
    "logins": "  opening the doors for you",
    "ledger": "存证  sealing and verifying the log",
}


@click.command(name="demo")
@click.option("--organisations", default=20_000, show_default=True, help="Firms to draw.")
@click.option("--persons", default=30_000, show_default=True, help="People to draw.")
@click.option("--households", default=12_000, show_default=True, help="Households that the people live in.")
@click.option("--cases", default=1_500, show_default=True, help="About how many cases to run.")
@click.option("--seed", default=2026, show_default=True, help="The same seed gives the same province.")
@click.option("--packs", "packs_folder", type=click.Path(exists=True, path_type=Path), default=_PACKS, hidden=True)
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), default=Path(".zhida"), show_default=True)
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve the product afterwards.")
@click.option("--port", default=8000, show_default=True)
@click.option("--again", is_flag=True, help="Forget a finished demonstration and play it again.")
def command(
    organisations: int,
    persons: int,
    households: int,
    cases: int,
    seed: int,
    packs_folder: Path,
    home: Path,
    json_file: Path | None,
    serve: bool,
    port: int,
    again: bool,
) -> None:
    """Play a small province end to end, print one page of figures, and serve the product.

    It keeps to SQLite and to its own home. A finished demonstration is served again as it is; one that was cut off
    starts anew and ends in the same state.
    """
    size = {
        "organisations": organisations, "persons": persons, "households": households, "cases": cases, "seed": seed
    }  # fmt: skip
    os.environ.pop("ZHIDA_DATABASE_URL", None)
    figures = _finished(home, size)
    if figures is None or again:
        _clear(home)
        set_up(home, migrate=True)
        figures = _play(home, packs_folder, size)
    else:
        set_up(home)
        click.echo(f"This demonstration is played already, in {home}. --again plays it anew.")
    from zhida.surfaces.cli.groundwork.figures_page import print_page

    print_page(figures)
    if json_file is not None:
        json_file.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if serve:
        from zhida.surfaces.cli.serve import serve_home

        serve_home(home, port=port, with_treasury=True, with_worker=True)


def _finished(home: Path, size: dict[str, int]) -> dict[str, object] | None:
    try:
        kept: dict[str, object] = json.loads((home / _DONE).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return kept if kept.get("size") == size else None


def _clear(home: Path) -> None:
    """Empties a home that a demonstration made. Refuses any other folder that holds something."""
    if home.exists() and any(home.iterdir()) and not (home / _MARK).exists():
        raise click.ClickException(f"{home} holds something that is no demonstration. Name another folder by --home.")
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / _MARK).touch()


def _play(home: Path, packs_folder: Path, size: dict[str, int]) -> dict[str, object]:
    from zhida.domain.values import SubjectKind
    from zhida.services.demonstration.story import FIRST_DAY, Size, Story, first_instant
    from zhida.services.demonstration.turning import Crank
    from zhida.services.figures.keeping import keep
    from zhida.surfaces.cli.folders import read_files
    from zhida.surfaces.cli.groundwork.calling import list_left_over
    from zhida.surfaces.cli.groundwork.days_closed import close_days
    from zhida.surfaces.cli.groundwork.drafts_begun import begin_drafts
    from zhida.surfaces.cli.groundwork.progress import Telling
    from zhida.surfaces.cli.groundwork.treasury import treasury_process

    counts = {
        SubjectKind.ORGANISATION: size["organisations"],
        SubjectKind.PERSON: size["persons"],
        SubjectKind.HOUSEHOLD: size["households"],
    }
    with treasury_process(home) as address, Telling(_STAGES) as tell:
        os.environ["ZHIDA_TREASURY"] = address
        from zhida.kernel.outbox.ports import handlers
        from zhida.kernel.ports import wired

        crank = Crank(first_instant(), handlers())
        files = read_files(packs_folder)
        story = Story(files, Size(counts, size["cases"], size["seed"]), crank, tell)
        figures = {"size": size, **story.play().record()}
        figures["days_compared"] = close_days(FIRST_DAY, as_of=crank.now)
        begin_drafts(files, as_of=crank.now)
        list_left_over(as_of=crank.now)
        keep(as_of=crank.now)
        wired("clock").show(crank.now)
    (home / _DONE).write_text(json.dumps(figures, ensure_ascii=False, indent=2), encoding="utf-8")
    return figures

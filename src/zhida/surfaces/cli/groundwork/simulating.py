"""A simulation asked for in a shell: on the registry's snapshot, or on a file against a pack root."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhida.domain.scenarios import TakeUp
from zhida.domain.values import CHINA, Scope, local_date, new_id, yuan
from zhida.surfaces.cli.folders import open_root
from zhida.surfaces.cli.groundwork.installation import load, start
from zhida.surfaces.cli.saying import both

if TYPE_CHECKING:
    from zhida.domain.packs import Root
    from zhida.kernel.catalogue.records import PublishedItem
    from zhida.services.simulation.converting import Revised
    from zhida.services.simulation.keeping import Kept
    from zhida.services.simulation.outcome import Outcome, WorldFigures
    from zhida.services.simulation.running import Question


def share_of(text: str) -> TakeUp:
    """A take-up as an option says it: 0.6, or 0.4,0.6,0.8 for the lowest, the likely and the highest."""
    try:
        shares = [Decimal(part) for part in text.split(",")]
    except InvalidOperation as error:
        raise _no_share(text) from error
    low, likely, high = shares * 3 if len(shares) == 1 else shares if len(shares) == 3 else (Decimal(-1),) * 3
    if not 0 <= low <= likely <= high <= 1:
        raise _no_share(text)
    return TakeUp(low, likely, high)


def _no_share(text: str) -> click.BadParameter:
    like = "0.6 or 0.4,0.6,0.8"
    return click.BadParameter(both(f"{text} 要写成 0.6，或 0.4,0.6,0.8", f"{text} is no share like {like}"))


def read_scenarios(paths: Sequence[Path]) -> dict[str, bytes]:
    """Scenario files by the name that mistakes are told under."""
    return {str(path): path.read_bytes() for path in paths}


@dataclass(frozen=True)
class Asked:
    """What the command's options say."""

    item_ids: tuple[str, ...]
    files: Mapping[str, bytes]
    on: date | None
    take_up: TakeUp
    assume: Mapping[str, str]
    seed: int
    bound: int
    is_back_test: bool = False


def assumptions(texts: Sequence[str]) -> dict[str, str]:
    """What options like fact=value assume."""
    pairs = [text.partition("=") for text in texts]
    if any(not name or not value for name, _, value in pairs):
        raise click.BadParameter(both("假设要写成 事实=值", "say an assumption as fact=value"))
    return {name: value for name, _, value in pairs}


def simulate_registry(asked: Asked) -> Kept:
    """Runs on the snapshot and the versions of a day (now without one), and keeps it."""
    by, as_of = start()
    from zhida.services.simulation import keeping

    at = datetime.combine(asked.on, time(23, 59, 59), CHINA) if asked.on else as_of
    wish = keeping.Wish(asked.item_ids, asked.files, at, asked.take_up, asked.assume, asked.seed, asked.bound)
    if asked.is_back_test:
        wish = replace(wish, rules_at=as_of)
    scope = Scope.system("simulation")
    return keeping.run(wish, simulation_id=new_id("sim"), by=by, as_of=as_of, scope=scope, progress=tell)


def convert_kept(simulation_id: str, scenario: str, effective_on: date | None) -> Revised:
    """The revision that a kept run's scenario makes; its parameters hold from a day, today without one."""
    _, as_of = start()
    from zhida.services.simulation import converting, keeping

    kept = keeping.kept(simulation_id, None)
    return converting.convert(kept, scenario, effective_on=effective_on or local_date(as_of), as_of=as_of)


def begin_draft(revised: Revised, office: str) -> str:
    """Begins the revision as a draft of an office's desk; gives the draft's id."""
    by, as_of = start()
    from zhida.services.authoring import working

    draft_id = new_id("draft")
    acting = replace(by, office=office)
    working.begin(
        draft_id=draft_id, pack_id=revised.pack_id, title=revised.title, files=revised.files, by=acting, as_of=as_of,
        base=revised.base, source=revised.words,
    )  # fmt: skip
    return draft_id


def simulate_file(asked: Asked, rows: Path, packs: Path, on: date) -> tuple[Outcome, Mapping[str, Sequence[str]]]:
    """Runs on a Parquet file against a pack root; nothing is kept. What came out, and by language what the requirements
    are called that count as met."""
    load()
    from zhida.services.simulation.rows import Rows
    from zhida.services.simulation.running import simulate
    from zhida.services.simulation.wording import words_of

    root, ids = items_of(asked, packs)
    outcome = simulate(question_on(asked, root, ids, on), Rows(rows, str(rows)), tell)
    return outcome, words_of([_published(root, item_id) for item_id in ids])["words"]["assumed"]


def items_of(asked: Asked, packs: Path) -> tuple[Root, tuple[str, ...]]:
    """The pack root, and the items in it that are asked for."""
    root = open_root(packs)
    held = {item.id: item for pack in root.packs.values() for item in pack.items.values()}
    ids = sorted(item for item in held for one in asked.item_ids if item == one or item.startswith(f"{one}/"))
    if not ids:
        told = ", ".join(asked.item_ids)
        raise click.ClickException(both(f"{packs} 里没有事项 {told}", f"no item {told} in {packs}"))
    return root, tuple(dict.fromkeys(ids))


def question_on(asked: Asked, root: Root, ids: tuple[str, ...], on: date, plans: bytes = b"") -> Question:
    """What is asked of items of a pack root on a day."""
    from zhida.domain.scenarios import Base
    from zhida.services.simulation.asking import dimensions, scenarios_of
    from zhida.services.simulation.running import Question

    first = _published(root, ids[0])
    base = Base(root.packs, root.dictionary, root.groups, root.group_nodes)
    scenarios = scenarios_of(base, asked.files, asked.take_up, asked.assume, plans)
    cuts = dimensions(root.dictionary, first.item.audience, first.pack.region)
    return Question(ids, scenarios, on, asked.seed, asked.bound, None, cuts)


def _published(root: Root, item_id: str) -> PublishedItem:
    from zhida.kernel.catalogue.records import PublishedItem

    pack_id, _, name = item_id.rpartition("/")
    return PublishedItem(root.packs[pack_id].items[name], root.packs[pack_id], "")


def tell(done: int, of: int) -> None:
    """A line that moves on a terminal, and nothing elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{done}/{of}", nl=done == of, err=True)


def told(outcome: Outcome, titles: Mapping[str, Sequence[str]]) -> str:
    """The sums, world by world; the cells stand in the record. `titles` are the requirements' by language."""
    lines = [f"{outcome.subjects:,} subjects, {outcome.year}; nobody is shown among fewer than {outcome.bound}"]
    for world in outcome.worlds:
        lines += _world(world, outcome.bound)
    for one in outcome.granted:
        sums = "fewer than the bound" if one.subjects < 0 else f"{one.subjects:,} subjects, {yuan(one.fen)} 元"
        lines.append(f"  really granted in {outcome.year}: {one.item}: {sums}")
    if outcome.assumed:
        lines.append(f"  held to be met, as facts cannot tell: {'、'.join(titles.get('zh', ()))}")
    return "\n".join(lines)


def _world(world: WorldFigures, bound: int) -> list[str]:
    def count(value: int) -> str:
        return f"fewer than {bound}" if value < 0 else f"{value:,}"

    def money(fen: int) -> str:
        return "…" if fen < 0 else yuan(fen)

    lines = [f"{world.name} {world.words['zh']}: {count(world.subjects)} get {money(world.fen)} 元"]
    for offer in world.offers:
        lines.append(
            f"  {offer.item}: {count(offer.entitled)} entitled, {count(offer.possible)} possible; "
            f"{count(offer.claims)} claim {money(offer.claimed_fen)} 元, "
            f"{count(offer.granted)} get {money(offer.granted_fen)} 元"
        )
        if offer.unknown_amount:
            lines.append(f"    {count(offer.unknown_amount)} of them with an amount that facts do not tell: --assume")
    low, _, high = world.asked
    lines.append(f"  asked for: {money(low)} to {money(high)} 元 in 90 of 100 years, take-up {'–'.join(world.take_up)}")
    shift = world.shift
    if shift is not None:
        lines.append(
            f"  against the first: {count(shift.winners)} gain {money(shift.gained_fen)} 元, "
            f"{count(shift.losers)} lose {money(shift.lost_fen)} 元"
        )
    return lines

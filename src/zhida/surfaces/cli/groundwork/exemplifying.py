"""`zhida pack golden`: which edges of the rules golden cases show, and examples for those that none shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from zhida.domain.packs import Root, run_golden, run_mutants, tier_of
from zhida.domain.packs.example_files import ACCEPTED, accepted, blocks_in, proposed_path, write_examples
from zhida.domain.packs.examples import Coverage, coverage_of
from zhida.surfaces.cli.folders import chosen, json_option, open_root, packs_option, sound_pack
from zhida.surfaces.cli.saying import both


@click.command(name="golden")
@click.argument("target", metavar="PACK")
@packs_option
@json_option
@click.option("--write", is_flag=True, help="Write the proposed examples to _proposed/ in the pack root.")
@click.option("--accept", multiple=True, type=int, metavar="N", help="Take the Nth written example into the pack.")
@click.option("--accept-all", is_flag=True, help="Take all of them.")
def golden(target: str, folder: Path, as_json: bool, write: bool, accept: tuple[int, ...], accept_all: bool) -> None:
    """Tell which edges of the rules golden cases show (each threshold and its neighbours, each requirement refused,
    each fact unknown), how many rule mutants they kill, and which people and firms would show the rest.

    What is expected of an example is what the rules say now: accept it where that is what the text means.
    """
    folder, only = chosen([target], folder)
    pack_id = only[0] if only else target
    if accept or accept_all:
        _take(folder, pack_id, accept)
        return
    root = open_root(folder)
    pack = sound_pack(root, pack_id)
    found = [coverage_of(pack, item, root.dictionary) for item in pack.items.values()]
    if write:
        path = folder / proposed_path(pack_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_examples(each for one in found for each in one.proposed), "utf-8")
    record = _record(root, pack_id, found)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else _told(record, found))


def _take(folder: Path, pack_id: str, numbers: tuple[int, ...]) -> None:
    """Moves written examples into the pack's golden cases, and runs them there."""
    path, there = folder / proposed_path(pack_id), folder / pack_id / ACCEPTED
    if not path.is_file():
        raise click.ClickException(
            both(f"还没有 {path}：先用 --write 写出来", f"{path} is not there: write it with --write")
        )
    proposed = path.read_text("utf-8")
    known = range(1, len(blocks_in(proposed)) + 1)
    if wrong := [each for each in numbers if each not in known]:
        told = ", ".join(map(str, wrong))
        words = both(f"没有第 {told} 个例子，一共 {len(known)} 个", f"no example {told}; there are {len(known)}")
        raise click.ClickException(words)
    rest, whole = accepted(proposed, there.read_text("utf-8") if there.is_file() else "", numbers or tuple(known))
    there.parent.mkdir(exist_ok=True)
    there.write_text(whole, "utf-8")
    if rest:
        path.write_text(rest, "utf-8")
    else:
        path.unlink()
    report = run_golden(sound_pack(open_root(folder), pack_id))
    click.echo(f"{len(numbers or known)} taken into {there}; {len(report.results)} cases, {len(report.failed)} failed")
    raise SystemExit(1 if report.failed else 0)


def _record(root: Root, pack_id: str, found: list[Coverage]) -> dict[str, Any]:
    pack = root.packs[pack_id]
    mutants, tier = run_mutants(pack), tier_of(root, pack)
    return {
        "pack": pack_id,
        "tier": str(tier.tier),
        "mutants": {"killed": mutants.killed, "survived": [str(each.problem) for each in mutants.survived]},
        "items": {
            one.item: {
                "shown": [goal.told for goal in one.shown],
                "proposed": [{"edge": each.goal.told, "case": each.case.name} for each in one.proposed],
                "left": [goal.told for goal in one.left],
            }
            for one in found
        },
    }


def _told(record: dict[str, Any], found: list[Coverage]) -> str:
    killed, survived = record["mutants"]["killed"], len(record["mutants"]["survived"])
    lines = [f"{record['pack']}: {record['tier']}; {killed} of {killed + survived} mutants killed"]
    number = 0
    for one in found:
        edges = len(one.shown) + len(one.proposed) + len(one.left)
        lines.append(f"{one.item}: {len(one.shown)} of {edges} edges shown")
        for each in one.proposed:
            number += 1
            expected = each.case.expected[each.item]
            because = f" ({', '.join(expected.because)})" if expected.because else ""
            lines.append(f"  {number}. {each.case.name}: {expected.answer}{because}")
        lines += [f"  - no example found: {goal.told}" for goal in one.left]
    return "\n".join(lines)

"""Assess one item for one subject from a file of facts, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from zhida.domain.packs import Item, Pack, reason_words, title
from zhida.domain.packs.golden import with_own_past
from zhida.domain.packs.written_facts import facts_from_json
from zhida.domain.rules import Assessment, assess
from zhida.domain.values import yuan
from zhida.surfaces.cli.folders import json_option, lang_option, open_root, packs_option, sound_pack
from zhida.surfaces.cli.saying import both


@click.command(name="assess")
@packs_option
@click.option("--item", "item_id", required=True, metavar="ID", help="<region>/<slug>/<item>")
@click.option("--facts", "file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as-of", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day to assess for.")
@click.option("--ruling", "rulings", multiple=True, metavar="REQUIREMENT=true|false", help="A reviewer's finding.")
@json_option
@lang_option
def command(
    folder: Path, item_id: str, file: Path, as_of: Any, rulings: tuple[str, ...], as_json: bool, lang: str
) -> None:
    """Is a subject entitled to an item, to how much, why, and what is missing?"""
    pack_id, _, name = item_id.rpartition("/")
    pack = sound_pack(open_root(folder), pack_id)
    item = pack.items.get(name)
    if item is None:
        there = ", ".join(pack.items)
        words = both(f"{pack_id} 没有事项 {name}，有的是 {there}", f"{pack_id} has no item {name}; it has {there}")
        raise click.ClickException(words)
    facts = with_own_past(facts_from_json(file.name, file.read_text(encoding="utf-8"), pack.schema), pack.schema)
    day = as_of.date()
    assessment = assess(item.program, facts, day, rulings=_rulings(rulings))
    record = _worded(pack, assessment, lang, day)
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else _told(pack, item, record, lang))


def _rulings(written: tuple[str, ...]) -> dict[str, bool]:
    found = {}
    for ruling in written:
        name, _, value = ruling.partition("=")
        if value not in ("true", "false"):
            raise click.ClickException(
                both(
                    f"{ruling}：要写成 条件=true 或 条件=false",
                    f"{ruling}: write requirement=true or requirement=false",
                )
            )
        found[name] = value == "true"
    return found


def _worded(pack: Pack, assessment: Assessment, lang: str, day: Any) -> dict[str, Any]:
    record = assessment.record()
    for written, reason in zip(record["reasons"], assessment.reasons, strict=True):
        written["words"] = reason_words(pack, reason, lang, as_of=day)
    for written, (_, below) in zip(record.get("each", ()), assessment.each, strict=True):
        written.update(_worded(pack, below, lang, day))
    return record


def _told(pack: Pack, item: Item, record: dict[str, Any], lang: str) -> str:
    lines = [f"{title(pack, item, lang)}: {record['answer']}"]
    if "amount_fen" in record:
        lines.append(f"  {yuan(record['amount_fen'])} 元")
    lines.extend(f"  [{reason['answer']}] {reason['words']}" for reason in record["reasons"])
    lines.extend(f"  ? {name}" for name in record["missing"])
    return "\n".join(lines)

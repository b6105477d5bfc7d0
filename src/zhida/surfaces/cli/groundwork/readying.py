"""`zhida pack readiness`: what stands between each item and 免申即享."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhida.domain.packs import Item, Pack
from zhida.domain.values import local_date
from zhida.surfaces.cli.folders import chosen, json_option, lang_option, open_root, packs_option, sound_pack
from zhida.surfaces.cli.saying import both

if TYPE_CHECKING:
    import pyarrow as pa

    from zhida.domain.packs.readiness import Decided, Readiness


@click.command(name="readiness")
@click.argument("targets", nargs=-1, metavar="[ROOT | PACK]...")
@packs_option
@json_option
@lang_option
@click.option(
    "--snapshot", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A Parquet file of subjects."
)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day [default: the file's, or today].")
def readiness(
    targets: tuple[str, ...], folder: Path, as_json: bool, lang: str, snapshot: Path | None, as_of: datetime | None
) -> None:
    """Tell what stands between each item and being paid without applying: which fact no source answers and which office
    most likely holds it, what only a person can judge; with --snapshot, how many are decided without asking.
    """
    from zhida.domain.packs.readiness import readiness_of

    folder, only = chosen(targets, folder)
    root = open_root(folder)
    packs = [sound_pack(root, name) for name in only or root.packs]
    kind, noted = _notes(snapshot) if snapshot else ("", None)
    day = as_of.date() if as_of else noted or local_date(datetime.now(UTC))
    found = []
    for pack in packs:
        for item in pack.items.values():
            rows = _rows(snapshot, item) if snapshot and item.audience == kind else None
            found.append((pack, readiness_of(pack, item, root.dictionary, as_of=day, rows=rows)))
    if as_json:
        click.echo(json.dumps([_record(each) for _, each in found], ensure_ascii=False, indent=2, default=str))
        return
    for pack, each in found:
        for line in _told(pack, each, lang):
            click.echo(line)


def _notes(path: Path) -> tuple[str, date | None]:
    """The kind of subject and the day that a file says it is of; organisations where it does not say."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        notes = pq.read_metadata(path).metadata or {}
    except pa.ArrowInvalid as error:
        raise click.ClickException(
            both(f"{path} 不是完整的 Parquet 文件", f"{path} is no whole Parquet file: {error}")
        ) from error
    said = notes.get(b"as_of", b"").decode()
    return notes.get(b"kind", b"organisation").decode(), local_date(datetime.fromisoformat(said)) if said else None


def _rows(path: Path, item: Item) -> pa.Table:
    """The columns of a file that an item may read."""
    import pyarrow.parquet as pq

    schema = item.program.schema
    needed = {*item.reads, *schema.facts} if item.reads else {*schema.facts}
    names = [name for name in pq.read_schema(path).names if name.partition("@")[0] in needed | {*schema.relations}]
    return pq.read_table(path, columns=names)


def _record(found: Readiness) -> dict[str, Any]:
    record = asdict(found)
    if found.decided is not None:
        record["decided"]["share"] = round(found.decided.share, 4)
    return record


_WORDS = {
    "asked": ("只有申请人知道", "only the claimant can tell"),
    "unsourced": ("没有数据来源", "no source answers"),
    "evidenced": ("要交证明材料", "proved by a paper"),
    "judged": ("要由人判断", "judged by a person"),
    "undertaken": ("要申请人承诺", "promised by the claimant"),
    "selected": ("要经遴选", "decided by a selection"),
}


def _told(pack: Pack, found: Readiness, lang: str) -> list[str]:
    zh = lang == "zh"
    words = (pack.words.get(lang) or pack.words["zh"]).items.get(found.item.rpartition("/")[2])
    head = f"{found.item} {words.title if words else ''}: {found.claim}"
    if found.could_be != found.claim:
        head += f"，条件齐备时可以 {found.could_be}" if zh else f", could be {found.could_be}"
    lines = [head if found.obstacles else head + ("：没有障碍" if zh else ": nothing in the way")]
    for each in found.obstacles:
        line = (
            f"  - {each.zh if zh else each.en}（{each.name}）：{_WORDS[each.kind][0]}"
            if zh
            else (f"  - {each.en} ({each.name}): {_WORDS[each.kind][1]}")
        )
        if each.holder is not None:
            office, like = each.holder.office, each.holder.attribute
            line += f"；可能由 {office} 掌握（{like}）" if zh else f"; most likely held by {office} ({like})"
        lines.append(line)
    if found.decided is not None:
        lines.append(_share(found.decided, zh))
    return lines


def _share(found: Decided, zh: bool) -> str:
    share, sums = f"{found.share:.1%}", (f"{found.subjects:,}", f"{found.entitled:,}", f"{found.refused:,}")
    if zh:
        return f"  {sums[0]} 个主体中 {share} 不问即可确定（符合 {sums[1]}，不符合 {sums[2]}）"
    return f"  {share} of {sums[0]} are decided without asking ({sums[1]} entitled, {sums[2]} not)"
